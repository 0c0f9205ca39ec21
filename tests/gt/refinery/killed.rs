//! A refinery that is killed anywhere is completed by the next run.

use super::queue::*;
use model::Status;
use std::path::Path;
use testkit::Town;
use testkit::killat::{Outcome, Points, Report, sweep};

/// How many of the crash points a test run visits.
const POINTS: Points = Points::Sample(24);

/// Landed exactly once, and everything closed.
fn landed_once(town: &Town, _: &Outcome) -> Result<(), String> {
    let run = town.gt(&["refinery", "run"]);
    if !run.status.success() {
        return Err(run.to_string());
    }
    let log = town.git(&[
        "log",
        "--first-parent",
        "--format=%(trailers:key=Bead,valueonly)",
        "main",
    ]);
    if log.text().matches("gt-abc12").count() != 1 {
        return Err(format!("not landed once: {log}\n{run}"));
    }
    let statuses = (
        bead(town, "gt-abc12").status,
        bead(town, "gt-mr-abc12.1").status,
        outcome(town, &id("gt-mr-abc12.1")),
    );
    let expected = (Status::Closed, Status::Closed, Some("merged".to_owned()));
    if statuses != expected {
        return Err(format!("{statuses:?}\n{run}"));
    }
    if show(town, "main:new.txt") != "new\n" || town.read("b.txt") != "mine\n" {
        return Err("the trees are not as they should be".to_owned());
    }
    let edits = town.git(&[
        "status",
        "--porcelain",
        "--untracked-files=no",
        "--",
        ":!.beads",
    ]);
    if edits.stdout != " M b.txt\n" {
        return Err(format!("the work tree differs: {edits}"));
    }
    let branches = town.git(&["branch", "--list", "polecat/*"]);
    if !branches.text().is_empty() {
        return Err(format!("left behind: {branches}"));
    }
    whole(town)
}

/// Nothing is left that the doctor does not collect.
fn whole(town: &Town) -> Result<(), String> {
    testkit::invariants::settle(town)?;
    testkit::invariants::hold(town)
}

fn prepared() -> Town {
    let town = town_in_memory();
    town.write("b.txt", "mine\n");
    town
}

fn run(town: &Town) -> testkit::Call {
    town.call("gt", &["refinery", "run"])
}

fn landing_on_the_clones_own_branch(points: Points) -> Report {
    let make = || {
        let town = prepared();
        filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
        town
    };
    sweep(points, make, run, landed_once).assert_clean()
}

fn landing_with_gates(points: Points) -> Report {
    let make = || {
        let town = prepared();
        gates(&town, &[("test", &["test", "-e", "new.txt"], 20)]);
        filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
        town
    };
    sweep(points, make, run, landed_once).assert_clean()
}

fn landing_on_a_remote(points: Points) -> Report {
    let make = || {
        let town = prepared();
        filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
        town.clone_bare_remote();
        town
    };
    let check = |town: &Town, outcome: &Outcome| {
        let remote = town.root().join("remote.git");
        // Git on the remote's side was killed as well, which is not ours to mend.
        let is_locked = unlock(&remote);
        landed_once(town, outcome)?;
        let branches = town.run_in(&remote, "git", &["branch", "--list", "polecat/*"]);
        if !is_locked && !branches.text().is_empty() {
            return Err(format!("left behind: {branches}"));
        }
        Ok(())
    };
    sweep(points, make, run, check).assert_clean()
}

/// Removes the locks in a repository; whether there was one.
fn unlock(repository: &Path) -> bool {
    let args = ["-name", "*.lock", "-print", "-delete"];
    let found = std::process::Command::new("find")
        .arg(repository)
        .args(args)
        .output();
    !found.expect("find runs").stdout.is_empty()
}

fn sending_back(points: Points) -> Report {
    let make = || {
        let town = town_in_memory();
        filed(&town, "gt-abc12", &[("a.txt", "theirs\n")]);
        town.write("a.txt", "ours\n");
        town.git(&["commit", "--quiet", "-m", "meanwhile", "a.txt"]);
        town
    };
    let check = |town: &Town, _: &Outcome| {
        let run = town.gt(&["refinery", "run"]);
        let state = (
            bead(town, "gt-abc12").status,
            outcome(town, &id("gt-mr-abc12.1")),
            comments(town, "gt-abc12").len(),
        );
        if state != (Status::Open, Some("conflict".to_owned()), 1) {
            return Err(format!("{state:?}\n{run}"));
        }
        whole(town)
    };
    sweep(points, make, run, check).assert_clean()
}

/// Two tests for each: a sample for every day, and all points for those who ask.
macro_rules! sweeps {
    ($($name:ident, $whole:ident: $sweep:ident;)*) => {$(
        #[test]
        fn $name() {
            println!("{}: {}", stringify!($sweep), $sweep(POINTS));
        }

        #[test]
        #[ignore = "visits every point"]
        fn $whole() {
            println!("{}: {}", stringify!($sweep), $sweep(Points::All));
        }
    )*};
}

sweeps! {
    on_the_clones_own_branch, torture_own_branch: landing_on_the_clones_own_branch;
    with_gates, torture_gates: landing_with_gates;
    on_a_remote, torture_remote: landing_on_a_remote;
    sent_back, torture_sent_back: sending_back;
}

/// A run that was killed in the middle of its gate, which goes on; its process.
fn killed_in_its_gate() -> (Town, u32) {
    let town = town();
    let began = town.root().join("began");
    let wait = format!("echo $$ >{}; exec sleep 600", began.display());
    gates(&town, &[("slow", &["sh", "-c", &wait], 600)]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let mut run = town.call("gt", &["refinery", "run"]).start();
    let gate = || std::fs::read_to_string(&began).ok()?.trim().parse().ok();
    town.wait_until(std::time::Duration::from_secs(30), || gate().is_some());
    run.kill().expect("it runs");
    run.wait().expect("it was ours");
    gates(&town, &[("quick", &["true"], 20)]);
    let gate: u32 = gate().expect("it began");
    assert!(town.processes().contains(&gate));
    (town, gate)
}

#[test]
fn the_gate_of_a_killed_run_is_stopped_by_the_next() {
    let (town, gate) = killed_in_its_gate();
    town.gt(&["refinery", "run"]).ok();
    assert!(!town.processes().contains(&gate));
    assert_eq!(bead(&town, "gt-abc12").status, Status::Closed);
}

#[test]
fn the_gate_of_a_killed_run_is_stopped_by_the_doctor() {
    let (town, gate) = killed_in_its_gate();
    let told = town.gt(&["doctor", "--dry-run"]);
    let what = format!("a gate whose refinery was killed (process {gate})");
    assert!(told.text().contains(&what), "{told}");
    town.gt(&["doctor", "--fix"]);
    assert!(!town.processes().contains(&gate));
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(bead(&town, "gt-abc12").status, Status::Closed);
}
