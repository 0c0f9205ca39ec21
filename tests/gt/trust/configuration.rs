//! `gt config show`: every value, and where it comes from.

use crate::gt::store;

#[test]
fn each_value_names_its_source() {
    let mut town = store();
    town.config("default_runtime: scribe\nruntimes:\n  scribe:\n    command: [sh, x]\n");
    town.env("BD_ACTOR", "mayor");
    let config = town.read(".beads/config.yaml");
    let kept: Vec<&str> = config
        .lines()
        .filter(|line| !line.starts_with("max_polecats"))
        .collect();
    town.write(".beads/config.yaml", &format!("{}\n", kept.join("\n")));
    let shown = town.gt(&["config", "show"]).ok().stdout;
    let line = |key: &str| {
        let line = shown
            .lines()
            .find(|line| line.starts_with(&format!("{key} = ")));
        line.unwrap_or_else(|| panic!("{key} is not in {shown}"))
    };
    assert!(
        line("default_runtime").ends_with("config.yaml)")
            && line("default_runtime").contains("scribe")
    );
    assert!(line("runtimes.scribe.command").contains(r#"["sh","x"]"#));
    assert_eq!(line("max_polecats"), "max_polecats = 4  (built in)");
    assert!(line("prefix").ends_with(".beads/config.yaml)") && line("prefix").contains("= gt "));
    assert!(line("merge.require_gate").contains("= false "));
    assert_eq!(line("BD_ACTOR"), "BD_ACTOR = mayor  (BD_ACTOR)");
}

#[test]
fn as_json_and_without_a_file_of_the_users() {
    let town = store();
    std::fs::remove_file(town.root().join("config.yaml")).unwrap();
    let shown = town.gt(&["config", "show", "--json"]).ok().json();
    let found = shown
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["key"] == "default_runtime");
    let found = found.expect("there");
    assert_eq!(
        (&found["value"], &found["source"]),
        (&"claude".into(), &"built in".into())
    );
}

#[test]
fn a_file_that_is_refused_is_not_shown_as_if_it_counted() {
    let town = store();
    town.config("nonsense: true\n");
    let refused = town.gt(&["config", "show"]).fails(2);
    assert!(refused.stderr.contains("nonsense"), "{refused}");
}
