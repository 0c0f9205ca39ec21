//! That the checks can fail: careless programs in the place of ours.

use super::names::{linked, outside, stayed_inside};
use super::support::*;
use super::terminal::harmless;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use testkit::{Output, Town};

#[track_caller]
fn is_found(what: &str, check: impl FnOnce()) {
    let found = catch_unwind(AssertUnwindSafe(check)).is_err();
    assert!(found, "{what} is not found");
}

fn shell(town: &Town, script: &str, words: &[&str]) -> Output {
    let mut args = vec!["-c", script, "sh"];
    args.extend(words);
    town.call("sh", &args).run()
}

/// One that runs what the hook's runtime is in the tracked configuration.
#[test]
fn one_that_runs_what_the_repository_says() {
    let town = rig();
    let command = canary(&town, "");
    let config = town.read(".beads/config.yaml");
    let text = format!("{config}\nruntimes:\n  canary:\n    command: [{command}]\n");
    town.write(".beads/config.yaml", &text);
    silent(&town);
    let script = "eval $(sed -n 's/^ *command: .\\(.*\\).$/\\1/p' .beads/config.yaml)";
    shell(&town, script, &[]).ok();
    is_found("a canary that ran", || silent(&town));
}

/// One that leaves a process behind, whatever it runs.
#[test]
fn one_that_starts_something() {
    let town = rig();
    let mut child = town.call("sleep", &["60"]).start();
    town.wait_until(std::time::Duration::from_secs(30), || {
        !town.processes().is_empty()
    });
    is_found("a process", || silent(&town));
    town.kill_all();
    child.wait().expect("it was our child");
}

/// One that prints what it reads.
#[test]
fn one_that_prints_text_as_it_is() {
    let town = rig();
    for evil in [
        "\u{1b}[31m",
        "\u{7}",
        "\u{8}",
        "\u{7f}",
        "\r",
        "\u{9b}31m",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
    ] {
        let shown = town.call("printf", &["%s", evil]).run();
        is_found(evil, || harmless(&shown));
        let told = shell(&town, "printf %s \"$1\" >&2", &[evil]);
        is_found(evil, || harmless(&told));
    }
}

/// One that makes paths of names.
#[test]
fn one_that_joins_what_it_is_given() {
    let town = rig();
    let before = outside(&town);
    let script = "mkdir -p .beads/beads; : >\".beads/beads/$1.yaml\"";
    shell(&town, script, &["../../../evil"]).ok();
    is_found("a file outside", || assert_eq!(outside(&town), before));
}

/// One that follows links, to read and to write.
#[test]
fn one_that_follows_links() {
    let town = linked(".beads/beads/t/gt-two.yaml");
    let read = shell(&town, "cat .beads/beads/t/gt-two.yaml", &[]).ok();
    is_found("a secret", || stayed_inside(&town, &[read]));
    let town = linked(".beads/comments");
    stayed_inside(&town, &[]);
    fs::write(town.repo().join(".beads/comments/evil"), "x").expect("written");
    is_found("a file elsewhere", || stayed_inside(&town, &[]));
}
