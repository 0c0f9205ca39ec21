//! A doctor that is killed anywhere is completed by the next one, and one that
//! cannot read something takes nothing away for it.

use super::edit;
use crate::gt::life::support::*;
use std::fs;
use testkit::killat::{Fault, Outcome, Points, Report, sweep, sweep_with};
use testkit::{Call, Town, invariants};

/// How many of the crash points a test run visits.
const POINTS: Points = Points::Sample(16);

/// What nobody has committed yet.
const DRAFT: &str = "an idea\n";

/// A town with many things wrong at once, and work in it.
fn wrong() -> Town {
    let town = in_rig(
        Town::builder(env!("CARGO_BIN_EXE_gt")).in_memory().build(),
        "ignore",
    );
    for id in ["gt-one", "gt-two", "gt-six"] {
        bead(&town, id, id);
    }
    town.gt(&["convoy", "create", "All", "gt-one", "gt-two", "gt-six"])
        .ok();
    town.bd(&["dep", "add", "gt-one", "gt-six", "--type", "related"])
        .ok();
    let [one, two, six] = ["gt-one", "gt-two", "gt-six"].map(|id| idle(&town, id));
    let draft = one.worktree.join("draft.txt");
    fs::write(&draft, DRAFT).expect("a worktree can be written to");
    town.write("where", &draft.to_string_lossy());
    fs::remove_file(hook_file(&town, &one.agent)).expect("it is there");
    let file = ".beads/beads/t/gt-two.yaml";
    edit(&town, file, "status: in_progress", "status: closed");
    edit(
        &town,
        file,
        "closed_at: null",
        "closed_at: 2026-01-15T10:30:00Z",
    );
    begin_to_end(&town, &two.agent, "closed");
    six.commit(&town, "work.txt");
    six.gt(&town, &["done"]).ok();
    fs::remove_file(town.repo().join(".beads/beads/s/gt-mr-six.1.yaml")).expect("it is there");
    town.write(".beads/beads/o/.gt-one.yaml.x1.tmp", "half");
    fs::remove_file(town.repo().join(".beads/.gitattributes")).expect("it is there");
    town
}

fn doctor(town: &Town) -> Call {
    town.call("gt", &["doctor", "--fix"])
}

fn whole(town: &Town, _: &Outcome) -> Result<(), String> {
    invariants::settle(town)?;
    invariants::hold(town)?;
    let statuses = ["gt-one", "gt-two", "gt-six"].map(|id| status(town, id));
    if statuses != ["in_progress", "closed", "completed"] {
        return Err(format!("{statuses:?}"));
    }
    let draft = fs::read_to_string(town.read("where"));
    if draft.ok().as_deref() != Some(DRAFT) {
        return Err("uncommitted work is gone".to_owned());
    }
    let one = town.bd(&["show", "gt-one", "--json"]);
    if !one.stdout.contains("gt-six") {
        return Err(format!("a dependency is gone: {one}"));
    }
    Ok(())
}

/// Calls of the doctor that read, or look at something, fail.
fn unreadable(points: Points) -> Report {
    let eio = Fault::ReadOfFirst(5);
    sweep_with(eio, points, wrong, doctor, whole).assert_clean()
}

#[test]
fn what_cannot_be_read_is_not_taken_away_at_sampled_points() {
    unreadable(POINTS);
}

#[test]
#[ignore = "visits every point"]
fn torture_unreadable() {
    println!(
        "gt doctor --fix with ReadOfFirst: {}",
        unreadable(Points::All)
    );
}

#[test]
fn at_sampled_points() {
    sweep(POINTS, wrong, doctor, whole).assert_clean();
}

#[test]
#[ignore = "visits every point"]
fn torture_at_every_point() {
    let report = sweep(Points::All, wrong, doctor, whole).assert_clean();
    println!("gt doctor --fix with Kill: {report}");
}
