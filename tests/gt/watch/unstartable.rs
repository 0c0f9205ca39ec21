//! Workers that cannot be started for what is in the way on this machine.

use super::*;
use crate::gt::life::support::*;
use std::path::{Path, PathBuf};

/// A bead that was slung, and a folder where the note of its start belongs.
fn blocked(settings: &[&str]) -> (Town, PathBuf) {
    let town = rig("hang");
    settle(&town, settings);
    bead(&town, "gt-one", "Work");
    sling(&town, "gt-one", &["--no-spawn"]);
    let note = town.git_dir().join("plaintown/running/app+polecats+toast");
    fs::create_dir_all(&note).unwrap();
    town.gt(&["up"]).ok();
    (town, note)
}

fn is_told(town: &Town, note: &Path) -> bool {
    let why = agent(town, "gt-one")["why"].to_string();
    why.contains(&*note.to_string_lossy())
}

#[test]
fn one_that_cannot_be_started_is_tried_ever_later_and_escalated() {
    let (town, note) = blocked(&["crash_budget: 2"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "escalated");
    town.wait_until(LONG, || is_told(&town, &note));
    let says = |it: &&Value| it["what"].to_string().contains("app+polecats+toast");
    let told = events(&town, "problem");
    assert_eq!(told.iter().filter(says).count(), 2, "{told:?}");
}

#[test]
fn why_it_could_not_be_started_is_shown_until_it_runs() {
    let (town, note) = blocked(&["crash_budget: 99", "backoff: 1s", "backoff_max: 1s"]);
    town.wait_until(LONG, || is_told(&town, &note));
    let watcher = pid(&town);
    signal("-STOP", watcher);
    // Once the pause is over it is about to be tried again.
    town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "waiting");
    let shown = agent(&town, "gt-one");
    signal("-CONT", watcher);
    let why = shown["why"].as_str().unwrap();
    assert!(why.contains(&*note.to_string_lossy()), "{why}");
    let remedy = shown["remedy"].as_str().unwrap();
    assert!(remedy.contains("`gt feed`"), "{remedy}");
    fs::remove_dir(note).unwrap();
    town.wait_until(LONG, || starts(&town, "gt-one") == 1);
}
