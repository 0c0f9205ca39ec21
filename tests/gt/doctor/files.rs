//! Files that are damaged, abandoned, missing or not up to date.

use super::{ONE, edit, repaired, reported, with_hook};
use crate::gt::life::support::*;
use std::fs;

#[test]
fn a_damaged_file() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    edit(
        &town,
        ONE,
        "priority: 2",
        "<<<<<<< ours\npriority: 2\n=======\n>>>>>>> theirs",
    );
    reported(&town, "gt-one.yaml:");
}

#[test]
fn temporary_files() {
    let (town, _) = with_hook();
    let own = ".git/plaintown/tickets/.toast.yaml.x1.tmp";
    for file in [
        ".beads/beads/o/.gt-one.yaml.x1.tmp",
        ".beads/hooks/.a.tmp",
        own,
    ] {
        town.write(file, "half");
    }
    repaired(
        &town,
        &["/o/.gt-one.yaml.x1.tmp", "hooks/.a.tmp", "tickets/.toast"],
    );
}

#[test]
fn a_convoy_that_is_not_up_to_date() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    town.gt(&["convoy", "create", "All", "gt-one"]).ok();
    edit(&town, ONE, "status: open", "status: deferred");
    repaired(&town, &["not up to date with its beads"]);
}

#[test]
fn dependencies_that_lead_nowhere_or_in_a_circle() {
    let town = rig("ignore");
    for id in ["gt-one", "gt-two", "gt-six"] {
        bead(&town, id, id);
    }
    town.bd(&["dep", "add", "gt-one", "gt-two"]).ok();
    town.bd(&["dep", "add", "gt-one", "gt-six"]).ok();
    let back = "dependencies:\n  - id: gt-one\n    type: blocks\n";
    edit(
        &town,
        ".beads/beads/t/gt-two.yaml",
        "dependencies: []",
        back,
    );
    fs::remove_file(town.repo().join(".beads/beads/s/gt-six.yaml")).unwrap();
    reported(&town, "gt-one depends on gt-six, which is not there");
    reported(&town, "wait for each other in a circle");
}

#[test]
fn what_a_store_needs_besides_its_beads() {
    let town = rig("ignore");
    town.write(".beads/.gitattributes", "*.yaml linguist-generated");
    fs::remove_file(town.repo().join(".beads/.gitignore")).unwrap();
    repaired(
        &town,
        &["has no line `* text eol=lf`", "has no line `.*.tmp`"],
    );
    let attributes = town.read(".beads/.gitattributes");
    assert_eq!(attributes, "*.yaml linguist-generated\n* text eol=lf\n");
    town.write(
        ".beads/.gitattributes",
        "* text eol=lf\n*.yaml merge=union\n",
    );
    reported(&town, ".gitattributes:2: says `merge=union`");
}
