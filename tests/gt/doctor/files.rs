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

/// Whoever removes it, as is said, has one worker: what ran is stopped first.
#[test]
fn a_damaged_file_of_the_clones_own() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["app/toast"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    let file = ".git/plaintown/sessions/app/polecats/toast.yaml";
    town.write(file, "process: [");
    reported(&town, "app/polecats/toast.yaml:2: is broken YAML");
    let hint = town.gt(&["status"]).fails(5).stderr;
    assert!(hint.contains("hint: remove it, and `gt doctor`"), "{hint}");
    fs::remove_file(town.repo().join(file)).unwrap();
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    let begun = || town.agent_log().iter().filter(|it| it.start).count();
    town.wait_until(LONG, || begun() == 2);
    let at_work = town.agents_at_work();
    assert_eq!(at_work["gt-one"].len(), 1, "never two: {at_work:?}");
    sound(&town);
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
