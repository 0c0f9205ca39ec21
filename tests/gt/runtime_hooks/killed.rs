//! `gt hooks install` and `remove`, killed anywhere and repeated.

use std::fs;

use testkit::Town;
use testkit::killat::{Outcome, Points, sweep};

use crate::gt::life::support::*;

const POINTS: Points = Points::Sample(12);

fn bare() -> Town {
    let town = Town::builder(env!("CARGO_BIN_EXE_gt")).in_memory().build();
    let town = in_rig(town, "hang");
    town.write(".git/info/exclude", "theirs\n");
    town.commit_all("the store");
    town
}

fn hooked() -> Town {
    let town = bare();
    town.gt(&["hooks", "install", "claude"]).ok();
    town
}

fn expect(what: &str, found: &str, expected: &str) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what} is {found:?} and not {expected:?}"))
}

/// Whole or not there, and after a second time there, or gone without a trace.
fn check(town: &Town, _: &Outcome) -> Result<(), String> {
    let whole = town.gt(&["hooks", "show", "claude"]).ok().stdout;
    let file = town.repo().join(".claude/settings.json");
    if let Ok(text) = fs::read_to_string(&file) {
        expect("the file", &text, &whole)?;
    }
    town.gt(&["hooks", "install", "claude"]).ok();
    expect("the file", &fs::read_to_string(&file).unwrap(), &whole)?;
    let status = |town: &Town| town.git(&["status", "--porcelain"]).stdout;
    expect("the status", &status(town), "")?;
    town.gt(&["hooks", "remove", "claude"]).ok();
    gone(town)
}

fn gone(town: &Town) -> Result<(), String> {
    let folder = town.repo().join(".claude");
    expect("the folder", &folder.exists().to_string(), "false")?;
    expect("info/exclude", &town.read(".git/info/exclude"), "theirs\n")?;
    let status = town.git(&["status", "--porcelain"]).stdout;
    expect("the status", &status, "")
}

#[test]
fn installing() {
    let call = |town: &Town| town.call("gt", &["hooks", "install", "claude"]);
    sweep(POINTS, bare, call, check).assert_clean();
}

#[test]
fn removing() {
    let args = ["hooks", "remove", "claude"];
    let call = |town: &Town| town.call("gt", &args);
    let twice = |town: &Town, outcome: &Outcome| {
        let call = town.call("gt", &args);
        call.run().ok();
        gone(town)?;
        check(town, outcome)
    };
    sweep(POINTS, hooked, call, twice).assert_clean();
}
