//! A copied clone is another host; a moved one is the same.

use std::fs;
use std::path::PathBuf;

use super::support::*;
use testkit::Town;

/// A clone with a worker at work, and a copy of it.
fn copied(town: &Town) -> PathBuf {
    let copy = town.root().join("copy");
    town.run_in(
        town.root(),
        "cp",
        &[
            "-a",
            town.repo().to_str().expect("plain"),
            copy.to_str().expect("plain"),
        ],
    )
    .ok();
    copy
}

/// The canaries that have left their mark and go on; not who writes their logs.
fn at_work(town: &Town) -> Vec<u32> {
    let is_one = |pid: &u32| {
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        words.starts_with(b"sleep\0")
    };
    town.processes().into_iter().filter(is_one).collect()
}

#[test]
fn the_copys_hooks_do_not_run_there() {
    let town = rig();
    town.gt(&["sling", "gt-one", "app/toast", "--no-spawn"])
        .ok();
    let host_before = host(&town);
    let copy = copied(&town);
    for args in [
        &["prime"][..],
        &["doctor", "--fix"],
        &["refinery", "run"],
        &["polecat", "list"],
    ] {
        town.run_in(&copy, "gt", args);
        silent(&town);
    }
    let shown = town
        .run_in(&copy, "gt", &["hook", "--of", "app/toast"])
        .ok();
    assert!(shown.stdout.contains("no ticket"), "{shown}");
    let there = fs::read_to_string(copy.join(".git/plaintown/host")).unwrap();
    assert!(!there.starts_with(&host_before), "{there}");
    assert_eq!(host(&town), host_before);
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    sings(&town);
}

#[test]
fn the_copy_says_so_once_and_stops_nothing_of_the_original() {
    let town = rig();
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    town.wait_until(LONG, || at_work(&town).len() == 1);
    let alive = at_work(&town);
    let copy = copied(&town);
    let first = town.run_in(&copy, "gt", &["release", "gt-one"]);
    assert!(first.stderr.contains("is a copy of host"), "{first}");
    for args in [
        &["release", "gt-one"][..],
        &["unsling", "gt-one"],
        &["polecat", "nuke", "toast", "--force"],
        &["doctor", "--fix"],
    ] {
        let output = town.run_in(&copy, "gt", args);
        assert!(!output.stderr.contains("is a copy of host"), "{output}");
    }
    assert_eq!(at_work(&town), alive);
    let listed = town.gt(&["polecat", "list", "--json"]).ok().json();
    assert_eq!(listed[0]["state"], "working", "{listed}");
    sings(&town);
}

#[test]
fn a_moved_clone_goes_on() {
    let town = rig();
    town.gt(&["sling", "gt-one", "overseer"]).ok();
    let before = host(&town);
    let (repo, moved) = (town.repo(), town.root().join("moved"));
    fs::rename(&repo, &moved).unwrap();
    let prime = town.call("gt", &["prime"]).dir(&moved).run().ok();
    assert!(prime.stdout.contains("gt-one"), "{prime}");
    assert!(!prime.stderr.contains("copy"), "{prime}");
    fs::rename(&moved, &repo).unwrap();
    assert_eq!(host(&town), before);
    silent(&town);
}
