//! Whether everything is as it should be at the end.

use anyhow::{Result, ensure};

use crate::place::Place;

/// Fails at the first thing that is not.
pub(crate) fn check(place: &Place, convoy: &str, beads: &[&str]) -> Result<()> {
    convoy_is_closed(place, convoy, beads)?;
    beads.iter().try_for_each(|bead| is_merged(place, bead))?;
    main_is_green(place)?;
    nothing_is_left(place)
}

fn convoy_is_closed(place: &Place, convoy: &str, beads: &[&str]) -> Result<()> {
    let shown = place.json(&["gt", "convoy", "show", convoy, "--json"])?;
    ensure!(shown["status"] == "closed", "the convoy is open: {shown}");
    let shown = place.json(&[&["bd", "show", "--json"], beads].concat())?;
    for bead in shown.as_array().into_iter().flatten() {
        ensure!(bead["status"] == "closed", "a bead is not closed: {bead}");
    }
    Ok(())
}

/// Exactly one merge on main's first-parent line, with the trailers.
fn is_merged(place: &Place, bead: &str) -> Result<()> {
    let format = "--format=%(trailers:key=Bead,key=Attempt,key=Gate,separator=%x20)";
    let log = place.ask(&["git", "log", "--first-parent", "--merges", format, "main"])?;
    let merges: Vec<&str> = log.lines().filter(|line| !line.is_empty()).collect();
    ensure!(
        merges.len() == 3,
        "main has not exactly three merges: {log}"
    );
    let expected = format!("Bead: {bead} Attempt: 1 Gate: tests");
    let count = merges.iter().filter(|line| **line == expected).count();
    ensure!(count == 1, "{count} merges of main say `{expected}`: {log}");
    Ok(())
}

fn main_is_green(place: &Place) -> Result<()> {
    place.ask(&["git", "diff", "--exit-code", "HEAD"])?;
    let branch = place.ask(&["git", "symbolic-ref", "--short", "HEAD"])?;
    ensure!(branch.trim() == "main", "{branch} is checked out, not main");
    place.ask(&["sh", "run-tests.sh"])?;
    Ok(())
}

fn nothing_is_left(place: &Place) -> Result<()> {
    let problems = place.ask(&["git", "fsck", "--strict", "--no-dangling"])?;
    ensure!(problems.trim().is_empty(), "git fsck: {problems}");
    place.ask(&["gt", "doctor"])?;
    let branches = place.ask(&["git", "for-each-ref", "refs/heads/polecat"])?;
    ensure!(branches.is_empty(), "branches are left: {branches}");
    let worktrees = place.ask(&["git", "worktree", "list", "--porcelain"])?;
    let polecats = worktrees.matches("branch refs/heads/polecat/").count();
    ensure!(polecats == 0, "worktrees are left: {worktrees}");
    Ok(())
}
