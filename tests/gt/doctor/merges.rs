//! Completed work whose merge request or branch is not as it was filed.

use super::{ONE, edit, repaired, reported, with_request};
use crate::gt::life::support::*;
use std::fs;

const REQUEST: &str = ".beads/beads/o/gt-mr-one.1.yaml";

#[test]
fn a_merge_request_that_is_gone() {
    let (town, slung) = with_request();
    let head = head(&town, &slung.worktree);
    fs::remove_file(town.repo().join(REQUEST)).unwrap();
    repaired(&town, &["gt-one: file gt-mr-one.1 anew"]);
    assert_eq!(field(&town, "gt-mr-one.1", "head"), head);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(status(&town, "gt-one"), "closed");
    sound(&town);
}

#[test]
fn a_branch_that_is_gone() {
    let (town, slung) = with_request();
    let head = head(&town, &slung.worktree);
    town.git(&["update-ref", "-d", &format!("refs/heads/{}", slung.branch)]);
    repaired(&town, &["at the head that was filed"]);
    let branch = town.git(&["rev-parse", &slung.branch]);
    assert_eq!(branch.text(), head);
}

#[test]
fn a_branch_that_was_set_back() {
    let (town, slung) = with_request();
    town.git(&[
        "update-ref",
        &format!("refs/heads/{}", slung.branch),
        "main",
    ]);
    reported(&town, "does not hold");
}

#[test]
fn neither_request_nor_branch() {
    let (town, slung) = with_request();
    town.git(&["update-ref", "-d", &format!("refs/heads/{}", slung.branch)]);
    fs::remove_file(town.repo().join(REQUEST)).unwrap();
    reported(&town, "neither gt-mr-one.1 nor its branch is there");
}

#[test]
fn a_request_whose_bead_was_closed() {
    let (town, _) = with_request();
    edit(&town, ONE, "status: completed", "status: closed");
    edit(
        &town,
        ONE,
        "closed_at: null",
        "closed_at: 2026-01-15T10:30:00Z",
    );
    repaired(
        &town,
        &["gt-mr-one.1: close it, gt-one is closed without it"],
    );
    assert_eq!(field(&town, "gt-mr-one.1", "outcome"), "superseded");
}

#[test]
fn a_bead_that_an_old_file_made_completed_again() {
    let (town, _) = with_request();
    let before = town.read(ONE);
    town.gt(&["refinery", "run"]).ok();
    town.write(ONE, &before);
    repaired(&town, &["gt-one: close it, gt-mr-one.1 has landed"]);
    assert_eq!(status(&town, "gt-one"), "closed");
}

#[test]
fn a_request_that_was_closed_behind_its_bead() {
    let (town, _) = with_request();
    edit(&town, REQUEST, "status: open", "status: closed");
    edit(
        &town,
        REQUEST,
        "closed_at: null",
        "closed_at: 2026-01-15T10:30:00Z",
    );
    reported(&town, "gt-one is completed, and gt-mr-one.1 is closed");
}
