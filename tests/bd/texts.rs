//! The text of each command: what scripts and agents match.

use super::{create, fixed_town, town};

#[test]
fn lines_that_scripts_match() {
    let town = town();
    let says = |words: &[&str]| town.bd(words).ok().stdout;
    let created = says(&["create", "A"]);
    let a = created
        .trim()
        .strip_prefix("Created issue: ")
        .unwrap()
        .to_owned();
    let b = create(&town, &["B"]);
    let same = |words: &[&str], expected: String| assert_eq!(says(words), expected + "\n");
    same(&["update", &a, "-p", "0"], format!("Updated issue: {a}"));
    same(&["update", "-p", "1"], format!("Updated issue: {a}"));
    let edge = format!("Added dependency: {a} depends on {b} (blocks)");
    same(&["dep", "add", &a, &b], edge);
    let edge = format!("Removed dependency: {a} no longer depends on {b}");
    same(&["dep", "remove", &a, &b], edge);
    same(
        &["comment", &a, "said", "this"],
        format!("Comment added to {a}"),
    );
    same(
        &["label", "add", &a, "web"],
        format!("Added label 'web' to {a}"),
    );
    same(
        &["label", "remove", &a, "web"],
        format!("Removed label 'web' from {a}"),
    );
    same(
        &["close", &a, "-r", "all done"],
        format!("Closed {a}: all done"),
    );
    same(&["reopen", &a], format!("Reopened {a}"));
    same(&["close", &a, &b], format!("Closed {a}\nClosed {b}"));
    same(&["list"], "No open issues found".into());
    same(&["list", "--status", "deferred"], "No issues found".into());
    same(&["search", "nothing"], "No issues found".into());
    assert!(says(&["ready"]).starts_with("No ready issues found"));
    assert!(says(&["show", &a]).contains("Comments (2)"));
    let answer = town.bd(&["show", "gt-zzzzz"]).fails(3);
    assert!(
        answer
            .stderr
            .contains("no issue found matching \"gt-zzzzz\"")
    );
}

#[test]
fn a_bead_with_everything_around_it() {
    let mut town = fixed_town();
    create(&town, &["Session store", "--id", "gt-dep01"]);
    create(
        &town,
        &[
            "Fix login",
            "--id",
            "gt-abc12",
            "-t",
            "bug",
            "-p",
            "1",
            "-d",
            "It loops.\n\nOften.",
            "-l",
            "auth,web",
            "--depends-on",
            "gt-dep01",
            "--metadata",
            "team=identity",
        ],
    );
    town.seed(2);
    create(
        &town,
        &["Tell users", "--id", "gt-usr01", "--depends-on", "gt-abc12"],
    );
    create(&town, &["Child", "--parent", "gt-abc12"]);
    town.bd(&["comment", "gt-abc12", "Only in Firefox."]).ok();
    let mut transcript = String::new();
    for line in [
        "show gt-abc12",
        "list",
        "list --tree",
        "dep tree gt-usr01",
        "dep tree gt-usr01 --format mermaid",
        "blocked",
        "ready --explain",
        "count --by type",
        "comments gt-abc12",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        transcript += &format!("$ bd {line}\n{}\n", town.bd(&words).ok().stdout);
    }
    insta::assert_snapshot!("surroundings", transcript);
}

#[test]
fn several_at_once() {
    let town = town();
    let [a, b] = ["A", "B"].map(|title| create(&town, &[title]));
    // A name that is wrong: nothing is done.
    town.bd(&["close", &a, "gt-zzzzz", &b]).fails(3);
    assert_eq!(super::bead(&town, &a)["status"], "open");
    // One that is refused: the others are done, and the failure is told.
    town.bd(&["close", &b]).ok();
    let answer = town.bd(&["update", &b, &a, "--claim"]).fails(4);
    assert_eq!(answer.stdout, format!("Updated issue: {a}\n"));
    assert!(answer.stderr.contains(&b), "{answer}");
    assert_eq!(super::bead(&town, &a)["status"], "in_progress");
    let shown = town.bd(&["show", &a, "gt-zzzzz"]).fails(3);
    assert!(shown.stdout.contains(&a), "{shown}");
}

#[test]
fn the_last_one_is_ones_own() {
    let town = town();
    let answer = town.bd(&["update", "-p", "0"]).fails(2);
    assert!(answer.stderr.contains("no issue was named"), "{answer}");
    let a = create(&town, &["A"]);
    let by = |name: &str, words: &[&str]| town.call("bd", words).env("BD_ACTOR", name).run();
    by("ann", &["create", "Ann's"]).ok();
    town.bd(&["close"]).fails(2);
    town.bd(&["close", "a reason alone"]).fails(3);
    let refused = by("bob", &["update", "-p", "0"]).fails(2);
    assert!(refused.stderr.contains("ann"), "{refused}");
    by("ann", &["update", "--status", "closed"]).ok();
    assert_eq!(super::bead(&town, &a)["status"], "open");
}

#[test]
fn reasons_for_closing() {
    let town = town();
    let reason = |words: &[&str]| {
        let id = create(&town, &["A"]);
        let args = [&["close", &id], words].concat();
        town.bd(&args).ok();
        super::bead(&town, &id)["close_reason"].clone()
    };
    let other = create(&town, &["Other"]);
    assert_eq!(reason(&["-r", "a", "-r", "b"]), "a; b");
    assert_eq!(reason(&["it is done"]), "it is done");
    assert_eq!(reason(&["--wontfix"]), "wontfix");
    assert_eq!(reason(&["--wontfix", "-r", "old"]), "wontfix: old");
    assert_eq!(
        reason(&["--duplicate", &other]),
        format!("duplicate of {other}")
    );
    assert!(reason(&[]).is_null());
    let dependents = super::bead(&town, &other)["dependents"].clone();
    assert_eq!(dependents[0]["dependency_type"], "duplicates");
    town.bd(&["close", &other, "--duplicate", &other]).fails(2);
    assert_eq!(super::bead(&town, &other)["status"], "open");
}

#[test]
fn text_from_standard_input() {
    let town = town();
    let call = |words: &[&str]| town.call("bd", words).stdin("from\na pipe\n").run().ok();
    let id = call(&["create", "A", "-d", "-", "--silent"])
        .text()
        .to_owned();
    call(&["comment", &id, "-"]);
    call(&["close", &id, "--reason-file", "-"]);
    let bead = super::bead(&town, &id);
    assert_eq!(bead["description"], "from\na pipe\n");
    assert_eq!(bead["comments"][0]["text"], "from\na pipe\n");
    assert_eq!(bead["close_reason"], "from\na pipe");
    town.bd(&["comment", &id, " "]).fails(2);
    town.bd(&["comment", &id]).fails(2);
}

#[test]
fn help_of_every_command() {
    let town = town();
    let help = town.bd(&["--help"]).ok().stdout;
    let commands = help.split("Commands:\n").nth(1).unwrap();
    let names = commands.lines().take_while(|line| line.starts_with("  "));
    let mut count = 0;
    let names = names.filter_map(|line| line.split_whitespace().next());
    for name in names.filter(|name| *name != "help") {
        town.bd(&[name, "--help"]).ok();
        count += 1;
    }
    assert!(count > 20, "{help}");
    for (alias, name) in [
        ("new", "create"),
        ("view", "show"),
        ("done", "close"),
        ("status", "stats"),
    ] {
        let text = |name: &str| town.bd(&[name, "--help"]).ok().stdout;
        assert_eq!(text(alias), text(name));
    }
}
