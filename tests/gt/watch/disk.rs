//! A machine that keeps the watcher from beginning: it says what does.

use std::path::Path;

use testkit::{Output, Town};

use crate::bd::disk::Mount;

/// A repository on a small file system of its own, if one can be mounted.
fn on_a_small_disk(then: impl FnOnce(&Town, &Path, &Mount<'_>)) {
    let town = Town::new(env!("CARGO_BIN_EXE_gt"));
    let at = town.root().join("small");
    if let Some(mount) = Mount::tmpfs(&at, "size=400k") {
        town.run_in(&at, "git", &["init", "--quiet"]).ok();
        town.run_in(&at, "bd", &["init", "-p", "gt"]).ok();
        then(&town, &at, &mount);
    }
}

#[track_caller]
fn says(told: Output, words: &[&str]) {
    let told = told.fails(8);
    for word in words {
        assert!(told.stderr.contains(word), "{word:?} is not in {told}");
    }
}

#[test]
fn a_full_disk() {
    on_a_small_disk(|town, at, _| {
        let fill = "cat /dev/zero >fill 2>&1 || true";
        town.run_in(at, "sh", &["-c", fill]).ok();
        let told = town.run_in(at, "gt", &["up"]);
        says(told, &["No space left", "hint: the disk is full"]);
        std::fs::remove_file(at.join("fill")).unwrap();
        town.run_in(at, "gt", &["up"]).ok();
        town.run_in(at, "gt", &["down"]).ok();
    });
}

#[test]
fn a_disk_that_cannot_be_written_to() {
    on_a_small_disk(|town, at, mount| {
        mount.remount("ro");
        let told = town.run_in(at, "gt", &["up"]);
        says(told, &["Read-only file system", "hint: "]);
    });
}
