//! `gt escalate` and its answer, killed anywhere and completed by the next
//! command.

use super::super::life::support::*;
use testkit::killat::{Outcome, Points, sweep};
use testkit::{Town, invariants};

/// How many of the crash points a test run visits.
const POINTS: Points = Points::Sample(16);

fn hooked() -> Town {
    let town = Town::builder(env!("CARGO_BIN_EXE_gt")).in_memory().build();
    let town = in_rig(town, "ignore");
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one");
    town
}

/// Everything agrees, and repeating the command leads to where it led.
fn whole(town: &Town, again: &[&str], end: &str) -> Result<(), String> {
    invariants::settle(town)?;
    invariants::hold(town)?;
    if status(town, "gt-one") != end {
        town.gt(again).ok();
    }
    town.wait_until(LONG, || town.processes().is_empty());
    invariants::settle(town)?;
    match status(town, "gt-one") {
        found if found == end => Ok(()),
        found => Err(format!("expected {end}, found {found}")),
    }
}

#[test]
fn asking() {
    let args = ["escalate", "gt-one", "-m", "why?"];
    let check = |town: &Town, _: &Outcome| {
        whole(town, &args, "escalated")?;
        for owner in ["mayor", "overseer"] {
            let folder = town.repo().join(".beads/mail").join(owner);
            let letters = std::fs::read_dir(folder).map_or(0, Iterator::count);
            if letters != 1 {
                return Err(format!("{owner} has {letters} letters"));
            }
        }
        Ok(())
    };
    sweep(POINTS, hooked, |town| town.call("gt", &args), check).assert_clean();
}

#[test]
fn answering() {
    let args = ["escalate", "resolve", "gt-one", "-m", "so"];
    let make = || {
        let town = hooked();
        town.gt(&["escalate", "gt-one", "-m", "why?"]).ok();
        town
    };
    let check = |town: &Town, _: &Outcome| whole(town, &args, "in_progress");
    sweep(POINTS, make, |town| town.call("gt", &args), check).assert_clean();
}
