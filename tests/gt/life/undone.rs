//! A sling whose worktree cannot be made: refused before anything changes, or
//! taken back whole.

use std::fs;
use std::path::PathBuf;

use super::support::*;

/// While somebody holds git's lock on its branch for the bead, an agent gets no
/// worktree, which nobody can foresee.
struct Held(PathBuf);

impl Held {
    fn branch_of(town: &testkit::Town, name: &str) -> Self {
        let branch = format!(".git/refs/heads/polecat/{name}/gt-one");
        let lock = town.repo().join(branch).with_extension("lock");
        let folder = lock.parent().expect("it lies in a folder");
        fs::create_dir_all(folder).expect("the repository can be written");
        fs::write(&lock, "").expect("the repository can be written");
        Self(lock)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        fs::remove_file(&self.0).expect("nobody else removes it");
    }
}

#[test]
fn a_place_that_is_occupied_is_refused_while_the_holder_works_on() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let first = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    for name in ["acorn", "other"] {
        let folder = first.worktree.with_file_name(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("mine.txt"), "mine").unwrap();
    }
    says(
        changes_nothing(&town, || {
            town.gt(&["sling", "gt-one", "app/other", "--force"])
        }),
        4,
        &["other: the folder is not empty", "gt sling gt-one app"],
    );
    assert_eq!(town.agents_at_work()["gt-one"].len(), 1);
    // The pool has others.
    let second = sling(&town, "gt-one", &["--force"]);
    assert_eq!(second.agent, "app/polecats/almond");
    town.kill_all();
    sound(&town);
}

#[test]
fn one_that_was_taken_away_by_force_is_free_for_anybody() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one").commit(&town, "begun.txt");
    let held = Held::branch_of(&town, "other");
    says(
        town.gt(&["sling", "gt-one", "app/other", "--force"]),
        8,
        &["polecat/other/gt-one"],
    );
    drop(held);
    assert_eq!(status(&town, "gt-one"), "open");
    assert_eq!(field(&town, "gt-one", "assignee"), "null");
    assert!(!hook_file(&town, "app/polecats/other").exists());
    assert!(!ticket_file(&town, "app/polecats/other").exists());
    sound(&town);
    town.bd(&["--actor", "ann", "update", "gt-one", "--claim"])
        .ok();
}

#[test]
fn what_was_taken_out_of_the_queue_does_not_wait_for_it() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let first = idle(&town, "gt-one");
    first.commit(&town, "begun.txt");
    first.gt(&town, &["done"]).ok();
    let held = Held::branch_of(&town, "other");
    town.gt(&["sling", "gt-one", "app/other", "--force"])
        .fails(8);
    drop(held);
    assert_eq!(status(&town, "gt-one"), "open");
    sound(&town);
    let second = sling(&town, "gt-one", &["--agent", "hang"]);
    assert!(second.worktree.join("begun.txt").exists());
    town.kill_all();
}
