//! `docs/configuration.md` names every key, and its examples are accepted.

use super::root;
use model::{Record, RigConfig};
use store::yaml::Document;
use town::UserConfig;

fn page() -> String {
    std::fs::read_to_string(root().join("docs/configuration.md")).unwrap()
}

/// The YAML blocks of the page, in order.
pub(super) fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while lines.by_ref().any(|line| line.trim() == "```yaml") {
        let block = lines.by_ref().take_while(|line| line.trim() != "```");
        blocks.push(block.map(|line| format!("{line}\n")).collect());
    }
    blocks
}

fn load(text: &str) -> Result<UserConfig, town::Error> {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("config.yaml");
    std::fs::write(&path, text).unwrap();
    UserConfig::load(&path)
}

#[test]
fn the_tracked_example_is_canonical_and_has_every_key() {
    let page = page();
    let text = &blocks(&page)[0];
    let document = Document::<RigConfig>::parse(text).unwrap();
    assert_eq!(&Document::render(&document.record), text);
    for field in document.record.fields() {
        assert!(
            page.contains(&format!("| `{}", field.key)),
            "{} is not described",
            field.key
        );
    }
    for (map, key) in model::config::RARE {
        let is_shown = text.contains(&format!("\n{map}:\n  {key}: "));
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{map}` | `{key}`: ")));
        assert!(is_shown && row.is_some(), "{map}.{key} is not described");
    }
    assert_eq!(document.record.refinery_host(), Some("h-x3refu"));
}

/// The keys that are accepted beside a wrong one, from the error that lists them.
fn accepted(yaml: &str) -> Vec<String> {
    let error = load(yaml).expect_err("the key is wrong").to_string();
    let (_, list) = error.split_once("expected ").unwrap();
    let keys: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    keys.into_iter().map(str::to_owned).collect()
}

#[test]
fn the_users_example_is_accepted_and_has_every_key() {
    let page = page();
    let example = &blocks(&page)[1];
    load(example).unwrap();
    let levels = [
        ("", "wrong: 1\n"),
        ("runtimes.*.", "runtimes: {a: {wrong: 1}}\n"),
        ("gates.*.", "gates: {a: [{wrong: 1}]}\n"),
    ];
    for (prefix, wrong) in levels {
        let keys = accepted(wrong);
        assert!(keys.len() > 2, "{keys:?}");
        for key in keys {
            let row = format!("| `{prefix}{key}` ");
            assert!(page.contains(&row), "{prefix}{key} is not described");
            assert!(
                example.contains(&format!("{key}:")),
                "{prefix}{key} is not shown"
            );
        }
    }
}

#[test]
fn what_the_page_calls_an_error_is_one() {
    for text in ["gate: {}\n", "runtimes:\n  a:\n    cmd: [x]\n"] {
        assert!(load(text).is_err(), "{text}");
    }
}
