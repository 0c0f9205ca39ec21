//! Files that cannot be read: said aloud, never overwritten, and no obstacle
//! for the others.

use super::{FIRST, SECOND, bead, convoy, path, two_beads, written_status};
use std::fs;
use testkit::Town;

const MARKERS: &str = "<<<<<<< ours\nstatus: open\n=======\nstatus: closed\n>>>>>>> theirs\n";

/// Puts conflict markers where the status was; the text of the whole file.
fn conflict(town: &Town, convoy: &str) -> String {
    let text = town.read(path(convoy));
    let broken = text.replacen("status: open\n", MARKERS, 1);
    town.write(path(convoy), &broken);
    broken
}

#[test]
fn a_convoy_in_conflict_is_reported_with_its_line() {
    let town = two_beads();
    let broken = convoy(&town, "Broken", &[FIRST]);
    let sound = convoy(&town, "Sound", &[FIRST]);
    let text = conflict(&town, &broken);
    let place = format!("{}:7: ", path(&broken));
    for args in [&["list"][..], &["check"], &["stranded"]] {
        let told = town.gt(&[&["convoy"], args].concat()).fails(5);
        assert!(told.stderr.contains(&place), "{told}");
        assert!(told.stderr.contains("conflict markers"), "{told}");
    }
    let listed = town.gt(&["convoy", "list"]).fails(5);
    assert!(listed.stdout.contains(&sound), "{listed}");
    for args in [
        &["status", &broken][..],
        &["add", &broken, SECOND],
        &["close", &broken, "--force"],
    ] {
        let told = town.gt(&[&["convoy"], args].concat()).fails(5);
        assert!(told.stderr.contains(&place), "{told}");
    }
    town.gt(&["convoy", "add", &sound, SECOND]).ok();
    assert_eq!(town.read(path(&broken)), text);
}

#[test]
fn a_bead_closes_although_a_convoy_is_broken() {
    let town = two_beads();
    let broken = convoy(&town, "Broken", &[FIRST]);
    let sound = convoy(&town, "Sound", &[FIRST]);
    let text = conflict(&town, &broken);
    town.bd(&["close", FIRST]).ok();
    assert_eq!(written_status(&town, &sound), "closed");
    assert_eq!(town.read(path(&broken)), text);
    let mended = text.replace(MARKERS, "status: open\n");
    town.write(path(&broken), &mended);
    town.gt(&["convoy", "check"]).ok();
    assert_eq!(written_status(&town, &broken), "closed");
}

#[test]
fn it_never_closes_on_a_bead_that_cannot_be_read() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST, SECOND]);
    town.bd(&["close", FIRST]).ok();
    let file = ".beads/beads/a/gt-abc12.yaml";
    let good = town.read(file);
    town.write(file, &good.replacen("status: closed\n", MARKERS, 1));
    town.bd(&["close", SECOND]).ok();
    assert_eq!(written_status(&town, &id), "open");
    let told = town.gt(&["convoy", "status", &id]).fails(5);
    assert!(told.stdout.contains("it cannot be read: "), "{told}");
    assert!(told.stderr.contains("beads/a/gt-abc12.yaml:"), "{told}");
    assert_eq!(told.stderr.matches("warning:").count(), 1, "{told}");
    let told = town.gt(&["convoy", "close", &id]).fails(4);
    assert!(told.stderr.contains("gt-abc12.yaml:"), "{told}");
    town.gt(&["convoy", "check"]).fails(5);
    town.write(file, &good);
    town.gt(&["convoy", "check"]).ok();
    assert_eq!(written_status(&town, &id), "closed");
}

#[test]
fn it_never_closes_on_a_bead_that_is_missing() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST, SECOND]);
    town.bd(&["close", FIRST]).ok();
    fs::remove_file(town.repo().join(".beads/beads/a/gt-abc12.yaml")).unwrap();
    town.bd(&["close", SECOND]).ok();
    assert_eq!(written_status(&town, &id), "open");
    let text = town.read(path(&id));
    assert!(
        text.contains("id: gt-abc12\n    status: closed\n"),
        "{text}"
    );
    let told = town.gt(&["convoy", "status", &id]).fails(5);
    assert!(told.stdout.contains("it is missing"), "{told}");
    assert!(told.stderr.contains("gt-abc12.yaml: is missing"), "{told}");
    town.gt(&["convoy", "list"]).fails(5);
    town.gt(&["convoy", "close", &id, "--reason", "the bead was deleted"])
        .ok();
    town.gt(&["convoy", "list", "--all"]).ok();
}

#[test]
fn a_bead_that_cannot_be_read_is_not_added() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST]);
    bead(&town, "gt-bad01", "Broken");
    town.write(".beads/beads/b/gt-bad01.yaml", "format: 1\nid: gt-other\n");
    let before = town.read(path(&id));
    town.gt(&["convoy", "add", &id, "gt-bad01"]).fails(5);
    town.gt(&["convoy", "create", "Another", "gt-bad01"])
        .fails(5);
    assert_eq!(town.read(path(&id)), before);
}

#[test]
fn a_newer_format_is_left_alone() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST]);
    let newer = town.read(path(&id)).replace("format: 1", "format: 2");
    town.write(path(&id), &newer);
    let told = town.gt(&["convoy", "add", &id, SECOND]).fails(5);
    assert!(told.stderr.contains("newer"), "{told}");
    town.bd(&["close", FIRST]).ok();
    assert_eq!(town.read(path(&id)), newer);
}

/// The lock files of convoys that were ever used.
fn locks(town: &Town) -> Vec<std::path::PathBuf> {
    let folder = town.git_dir().join("plaintown/locks");
    let listed = fs::read_dir(folder).expect("locks are used");
    let paths = listed.map(|it| it.expect("a lock").path());
    let is_of_convoy = |path: &std::path::PathBuf| path.to_string_lossy().contains("/convoy-");
    paths.filter(is_of_convoy).collect()
}

/// Closes the first bead where no convoy hears of it.
fn close_by_hand(town: &Town) {
    let bead = ".beads/beads/a/gt-abc12.yaml";
    let closed = town.read(bead).replace("status: open", "status: closed");
    town.write(
        bead,
        &closed.replace("closed_at: null", "closed_at: 2026-01-15T10:40:58Z"),
    );
}

#[test]
fn one_that_cannot_be_locked_keeps_no_other_from_being_checked() {
    let town = two_beads();
    let mut ids = [FIRST, FIRST].map(|bead| convoy(&town, "One of two", &[bead]));
    ids.sort();
    let other = town.read(path(&ids[1]));
    fs::remove_file(town.repo().join(path(&ids[1]))).expect("it is there");
    for lock in locks(&town) {
        fs::remove_file(lock).expect("it is there");
    }
    town.gt(&["convoy", "check"]).ok();
    let [lock] = &locks(&town)[..] else {
        panic!("one convoy has one lock");
    };
    town.write(path(&ids[1]), &other);
    close_by_hand(&town);
    fs::remove_file(lock).expect("it is there");
    fs::create_dir(lock).expect("made");
    let told = town.gt(&["convoy", "check"]).fails(8);
    assert!(told.stderr.contains(&*lock.to_string_lossy()), "{told}");
    let both = || [0, 1].map(|at| written_status(&town, &ids[at]));
    assert_eq!(both(), ["open", "closed"]);
    fs::remove_dir(lock).expect("removed");
    town.gt(&["convoy", "check"]).ok();
    assert_eq!(both(), ["closed", "closed"]);
}

/// Convoys with the locks of their own: two may share one.
fn convoys_with_locks(town: &Town, count: usize) -> Vec<(String, std::path::PathBuf)> {
    let mut found = Vec::new();
    while found.len() < count {
        let before = locks(town);
        let id = convoy(town, "One of many", &[FIRST]);
        let mut new = locks(town);
        new.retain(|lock| !before.contains(lock));
        match new.pop() {
            Some(lock) => found.push((id, lock)),
            None => fs::remove_file(town.repo().join(path(&id))).expect("it is there"),
        }
    }
    found.sort();
    found
}

#[test]
fn all_that_is_in_the_way_of_a_check_is_told_and_the_rest_is_done() {
    let town = two_beads();
    let found = convoys_with_locks(&town, 4);
    let [damaged, first, second, stale] = &found[..] else {
        panic!("four were made");
    };
    conflict(&town, &damaged.0);
    close_by_hand(&town);
    for (_, lock) in [first, second] {
        fs::remove_file(lock).expect("it is there");
        fs::create_dir(lock).expect("made");
    }
    let told = town.gt(&["convoy", "check"]).fails(8);
    let of = |lock: &std::path::Path| lock.to_string_lossy().into_owned();
    for what in [path(&damaged.0), of(&first.1), of(&second.1)] {
        assert!(told.stderr.contains(&what), "{what}: {told}");
    }
    let error = told.stderr.lines().find(|line| line.contains("error: "));
    assert!(error.is_some_and(|it| it.contains(&of(&first.1))), "{told}");
    assert!(
        told.stdout.contains(&format!("{}: closed", stale.0)),
        "{told}"
    );
}
