//! The size of files, and that each says what it promises.

use super::{files, modules, read};

/// No file is longer. Most are far shorter; see CONTRIBUTING.md.
const LINES: usize = 500;

/// The median may not grow beyond this.
const MEDIAN: usize = 130;

#[test]
fn no_module_is_too_long() {
    let mut lengths: Vec<(usize, String)> = modules()
        .into_iter()
        .map(|path| (read(&path).lines().count(), path))
        .collect();
    lengths.sort();
    let longest = lengths.last().unwrap();
    assert!(longest.0 <= LINES, "{} has {} lines", longest.1, longest.0);
    let median = lengths[lengths.len() / 2].0;
    assert!(median <= MEDIAN, "the median is {median} lines");
}

#[test]
fn every_module_says_what_it_promises() {
    for path in modules() {
        assert!(
            has_promise(&read(&path)),
            "{path} does not begin with `//!`"
        );
    }
}

#[test]
fn tests_and_examples_say_what_they_are() {
    for path in files().iter().filter(|it| it.ends_with(".rs")) {
        let named_by_its_parent = path.ends_with("/tests.rs") || path.contains("/tests/");
        let ours = path.starts_with("examples/") || path.starts_with("tests/");
        if ours && !named_by_its_parent {
            assert!(has_promise(&read(path)), "{path} does not begin with `//!`");
        }
    }
}

#[test]
fn a_module_without_a_promise_is_found() {
    assert!(has_promise("//! Promises nothing.\n"));
    assert!(!has_promise("use std::fs;\n//! Too late.\n"));
}

fn has_promise(text: &str) -> bool {
    text.starts_with("//! ")
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    let manifests: Vec<String> = files()
        .into_iter()
        .filter(|path| path.ends_with("Cargo.toml") && !path.starts_with("fuzz/"))
        .collect();
    assert!(manifests.len() > 7);
    for path in manifests {
        assert!(read(&path).contains("[lints]\nworkspace = true"), "{path}");
    }
    let lints = ["missing_docs", "print_stdout", "unwrap_used", "unsafe_code"];
    let root = read("Cargo.toml");
    for lint in lints {
        assert!(root.contains(&format!("\n{lint} = ")), "{lint}");
    }
}
