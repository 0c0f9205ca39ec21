//! Those who run are counted, whatever becomes of the notes about who may.

use super::*;
use crate::gt::life::support::*;
use std::path::PathBuf;

fn notes(town: &Town) -> PathBuf {
    town.repo().join(".git/plaintown/running")
}

/// Whose names are written down, in order.
fn noted(town: &Town) -> Vec<String> {
    let entries = fs::read_dir(notes(town)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Whether a bead's worker has to wait for two others.
#[track_caller]
fn waits(town: &Town, bead: &str) -> bool {
    let answer = town.gt(&["sling", bead, "app"]).ok();
    answer.stdout.contains("waits: 2 of 2 polecats")
}

#[track_caller]
fn two_of_four_run() -> (Town, Vec<String>) {
    let town = rig("hang");
    allow(&town, 2);
    let agents = ["gt-one", "gt-two", "gt-three", "gt-four"].map(|id| {
        bead(&town, id, "Work");
        sling(&town, id, &["--no-spawn"]).agent.replace('/', "+")
    });
    for id in ["gt-one", "gt-two"] {
        assert!(!waits(&town, id));
        town.wait_until(LONG, || town.agents_at_work().contains_key(id));
    }
    (town, agents.to_vec())
}

#[test]
fn one_that_died_makes_room_for_one() {
    let (town, agents) = two_of_four_run();
    assert!(waits(&town, "gt-three"));
    kill(town.agents_at_work()["gt-one"][0]);
    town.wait_until(LONG, || !waits(&town, "gt-three"));
    assert!(waits(&town, "gt-four"));
    let mut wanted = agents[1..3].to_vec();
    wanted.sort();
    assert_eq!(noted(&town), wanted);
}

#[test]
fn a_clone_without_notes_writes_them_anew() {
    let (town, agents) = two_of_four_run();
    // Also where whoever wrote them was killed in the middle.
    let anew = town.repo().join(".git/plaintown/running.new");
    fs::rename(notes(&town), &anew).unwrap();
    fs::remove_file(anew.join(&agents[0])).unwrap();
    assert!(waits(&town, "gt-three"));
    let mut wanted = agents[..2].to_vec();
    wanted.sort();
    assert_eq!(noted(&town), wanted);
}
