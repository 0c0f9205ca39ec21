//! The power is cut: what was said to be done is there, and what was not is wholly
//! as it was or wholly done.
//!
//! A command is killed at one of its system calls and the disk shut down in the same
//! moment, so that nothing reaches it any more that was not synced; then the disk
//! comes back. Needs root and loop devices, and says so where they are missing.

use testkit::disk::{Cut, Disk};
use testkit::killat::{Fault, Outcome, Synced, inject};
use testkit::{Town, invariants};

use super::judge;
use super::operations::*;

fn disk() -> Option<Disk> {
    Disk::new()
        .inspect_err(|why| println!("SKIPPED: the power cannot be cut here: {why}"))
        .ok()
}

/// A town on a disk of its own, as it is before the operation.
struct Bench<'d> {
    operation: &'d Operation,
    disk: &'d Disk,
    town: Town,
}

impl<'d> Bench<'d> {
    fn new(operation: &'d Operation, disk: &'d Disk) -> Self {
        let town = on_disk(&disk.path(), operation.make);
        town.kill_all();
        disk.remember().expect("a disk can be copied");
        Self {
            operation,
            disk,
            town,
        }
    }

    /// Runs the command up to its `n`-th call, cuts the power, and lets it come back.
    fn visit(&self, fault: Fault, n: u64, cut: Cut) -> Outcome {
        let call = (self.operation.command)(&self.town);
        let outcome = inject(fault, n, &call).expect("the command can be traced");
        self.disk.cut(cut).expect("the power can be cut");
        self.town.kill_all();
        self.disk.come_back().expect("the disk can be mounted");
        outcome
    }

    /// What is wrong after that; then everything is as it was before.
    fn judge(&self, outcome: &Outcome) -> Result<(), String> {
        let judged = judge(self.operation, &self.town, outcome);
        self.town.kill_all();
        self.disk.reset().expect("a disk can be copied");
        judged
    }
}

fn sweep(operation: &Operation, every: usize) {
    let Some(disk) = disk() else {
        return;
    };
    for cut in [Cut::AtOnce, Cut::AfterJournal] {
        let bench = Bench::new(operation, &disk);
        let whole = bench.visit(Fault::Kill, 0, cut);
        let said = whole.stdout.contains(operation.acknowledged);
        assert!(said, "{}", whole.stderr);
        let mut failures: Vec<String> = Vec::new();
        let mut note = |n: u64, judged: Result<(), String>| {
            failures.extend(judged.err().map(|reason| format!("at {n}: {reason}")));
        };
        note(0, bench.judge(&whole));
        let points: Vec<u64> = (1..=whole.calls).step_by(every).collect();
        let visited = points.len();
        for n in points {
            note(n, bench.judge(&bench.visit(Fault::Kill, n, cut)));
        }
        println!(
            "{}, power cut {cut:?}: {} of {} points failed ({} calls)",
            operation.name,
            failures.len(),
            visited + 1,
            whole.calls
        );
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

/// That the same command is found wrong without its syncs of these.
fn is_found(kind: Synced, cut: Cut) {
    let Some(disk) = disk() else {
        return;
    };
    let bench = Bench::new(&CREATE, &disk);
    let outcome = bench.visit(Fault::NoSyncOf(kind), 0, cut);
    assert!(outcome.stdout.contains(CREATE.acknowledged), "{outcome:?}");
    let is_there = (CREATE.state)(&bench.town) == CREATE.end;
    let is_sound = invariants::hold(&bench.town).is_ok();
    assert!(
        !(is_there && is_sound),
        "nothing is lost without a sync of {kind:?}"
    );
}

#[test]
fn without_fsync_of_files_it_is_found_wrong() {
    is_found(Synced::Files, Cut::AfterJournal);
}

#[test]
fn without_fsync_of_folders_it_is_found_wrong() {
    is_found(Synced::Folders, Cut::AtOnce);
}

macro_rules! sweeps {
    ($($name:ident: $operation:ident;)*) => {$(
        #[test]
        #[ignore = "visits every point"]
        fn $name() {
            sweep(&$operation, 1);
        }
    )*};
}

#[test]
fn close() {
    sweep(&CLOSE, 30);
}

sweeps! {
    torture_create: CREATE;
    torture_close: CLOSE;
    torture_sling: SLING;
    torture_done: DONE;
    torture_convoy_create: CONVOY;
}
