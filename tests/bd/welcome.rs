//! Getting a store, and finding it again.

use super::{create, json, town};
use testkit::Town;

#[test]
fn init_makes_a_store_and_commits_nothing() {
    let town = Town::new(env!("CARGO_BIN_EXE_bd"));
    let head = town.git(&["rev-parse", "HEAD"]).text().to_owned();
    let answer = town.bd(&["init", "-p", "gt", "--name", "gastown"]).ok();
    assert!(
        answer.stdout.contains("initialized successfully"),
        "{answer}"
    );
    assert!(answer.stdout.contains("Prefix: gt"), "{answer}");
    assert!(answer.stdout.contains("bd create"), "{answer}");
    assert_eq!(town.git(&["rev-parse", "HEAD"]).text(), head);
    assert_eq!(town.git(&["diff", "--cached", "--name-only"]).text(), "");
    assert!(create(&town, &["First"]).starts_with("gt-"));
}

#[test]
fn init_twice_changes_nothing() {
    let town = town();
    let before = town.read(".beads/config.yaml");
    let again = json(&town, &["init"]);
    assert_eq!(again["created"], false);
    assert_eq!(again["prefix"], "gt");
    town.bd(&["init", "-p", "other"]).fails(4);
    assert_eq!(town.read(".beads/config.yaml"), before);
}

#[test]
fn init_refuses_bad_names() {
    let town = Town::new(env!("CARGO_BIN_EXE_bd"));
    for prefix in ["", "-x", "a/b", "..", "A", "a b", "\u{1b}"] {
        town.bd(&["init", &format!("--prefix={prefix}")]).fails(2);
    }
    town.bd(&["init", "--name", "mayor"]).fails(2);
    assert!(!town.repo().join(".beads").exists());
}

#[test]
fn where_there_is_no_store() {
    let town = Town::new(env!("CARGO_BIN_EXE_bd"));
    for command in ["list", "ready", "where", "info", "stats"] {
        let answer = town.bd(&[command]).fails(6);
        assert!(
            answer.stderr.contains("no .beads folder"),
            "says what is missing: {answer}"
        );
        assert!(
            answer.stderr.contains("repo/.beads"),
            "says where it looked: {answer}"
        );
        assert!(
            answer.stderr.contains("bd init"),
            "says how to make one: {answer}"
        );
    }
}

#[test]
fn where_there_is_no_repository() {
    let town = Town::new(env!("CARGO_BIN_EXE_bd"));
    let outside = town.root().join("outside");
    std::fs::create_dir(&outside).unwrap();
    for command in [["list", "--json"], ["init", "--json"]] {
        let answer = town.run_in(&outside, "bd", &command).fails(6);
        let error = super::error(&answer);
        assert_eq!(error["code"], "no_store");
        assert!(error["hint"].as_str().unwrap().contains("git init"));
    }
}

#[test]
fn a_store_is_found_from_anywhere() {
    let town = town();
    let id = create(&town, &["Here"]);
    town.write("deep/down/file", "");
    let deep = town.repo().join("deep/down");
    let beads = town.repo().join(".beads");
    let beads = beads.to_str().unwrap();
    let here = town.run_in(&deep, "bd", &["show", &id]).ok();
    assert!(here.stdout.contains("Here"));
    let outside = town.root();
    for args in [
        ["-C", town.repo().to_str().unwrap()],
        ["--db", beads],
        ["--dir", beads],
    ] {
        let words = [&args[..], &["show", &id]].concat();
        town.run_in(outside, "bd", &words).ok();
    }
    let by_env = town.call("bd", &["where", "--json"]).dir(outside);
    let found = by_env.env("BEADS_DIR", beads).run().ok().json();
    assert_eq!(found["path"], beads);
    assert_eq!(found["prefix"], "gt");
    assert_eq!(found["why"], "named by BEADS_DIR");
    town.bd(&["-C", "/nowhere/at/all", "list"]).fails(2);
    town.bd(&["--db", "/nowhere/at/all", "list"]).fails(6);
}

#[test]
fn readonly_writes_nothing() {
    let town = town();
    let id = create(&town, &["A"]);
    for words in [
        vec!["create", "B"],
        vec!["update", &id, "-p", "1"],
        vec!["close", &id],
        vec!["comment", &id, "text"],
        vec!["dep", "add", &id, &id],
        vec!["ready", "--claim"],
        vec!["init"],
    ] {
        let args = [&["--readonly"], &words[..]].concat();
        town.bd(&args).fails(4);
    }
    town.bd(&["--readonly", "list"]).ok();
    town.bd(&["--readonly", "show", &id]).ok();
    assert_eq!(json(&town, &["list"]).as_array().unwrap().len(), 1);
}

#[test]
fn who_acts() {
    let mut town = town();
    let author = |town: &Town, args: &[&str]| {
        let words = [args, &["create", "x", "--json"]].concat();
        town.bd(&words).ok().json()["created_by"].clone()
    };
    assert_eq!(author(&town, &[]), "overseer");
    town.env("BD_ACTOR", "ann");
    assert_eq!(author(&town, &[]), "ann");
    town.env("GT_AGENT", "gastown/toast");
    assert_eq!(author(&town, &[]), "gastown/polecats/toast");
    assert_eq!(author(&town, &["--actor", "bob"]), "bob");
}
