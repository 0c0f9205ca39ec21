//! A doctor that is killed anywhere is completed by the next one.

use super::edit;
use crate::gt::life::support::*;
use std::fs;
use testkit::killat::{Outcome, Points, sweep};
use testkit::{Call, Town, invariants};

/// How many of the crash points a test run visits.
const POINTS: Points = Points::Sample(16);

/// A town with many things wrong at once.
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
    let [one, two, six] = ["gt-one", "gt-two", "gt-six"].map(|id| idle(&town, id));
    fs::remove_file(hook_file(&town, &one.agent)).expect("it is there");
    let file = ".beads/beads/t/gt-two.yaml";
    edit(&town, file, "status: in_progress", "status: closed");
    edit(
        &town,
        file,
        "closed_at: null",
        "closed_at: 2026-01-15T10:30:00Z",
    );
    assert_eq!(two.bead, "gt-two");
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
    Ok(())
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
