//! Work is never deleted, whatever else is repaired around it.

use super::{said, with_hook, with_request};
use crate::gt::life::support::*;
use std::fs;

#[test]
fn uncommitted_work_in_a_worktree_that_has_landed() {
    let (town, slung) = with_request();
    fs::write(slung.worktree.join("unsaved.txt"), "mine").unwrap();
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(status(&town, "gt-one"), "closed");
    assert!(said(&town, &["--fix"], "fixed").is_empty());
    let kept = fs::read_to_string(slung.worktree.join("unsaved.txt"));
    assert_eq!(kept.unwrap(), "mine");
}

#[test]
fn the_work_of_released_deferred_and_escalated_beads() {
    let town = rig("ignore");
    let mut kept = Vec::new();
    for (id, end) in [
        ("gt-one", &["release", "gt-one"][..]),
        ("gt-two", &["done", "--defer"]),
        ("gt-six", &["done", "--escalate", "-m", "why"]),
    ] {
        bead(&town, id, id);
        let slung = idle(&town, id);
        let commit = slung.commit(&town, "work.txt");
        slung.gt(&town, end).ok();
        fs::write(slung.worktree.join("unsaved.txt"), id).unwrap();
        kept.push((slung, commit, id));
    }
    town.gt(&["doctor", "--fix"]).ok();
    for (slung, commit, id) in kept {
        assert_eq!(head(&town, &slung.worktree), commit);
        let unsaved = fs::read_to_string(slung.worktree.join("unsaved.txt"));
        assert_eq!(unsaved.unwrap(), id);
        assert_eq!(town.git(&["rev-parse", &slung.branch]).text(), commit);
    }
}

#[test]
fn looking_leaves_no_trace() {
    let (town, _) = with_hook();
    let lock = town.git_dir().join("plaintown/locks/refinery.lock");
    let _ = fs::remove_file(&lock);
    for args in [&["doctor"][..], &["doctor", "--dry-run"]] {
        changes_nothing(&town, || town.gt(args));
        assert!(!lock.exists());
    }
}
