//! Visits every crash point of a command.
//!
//! Promises that each point starts from the same files at the same paths, and that
//! a check that panics is a failure of its point, not of the sweep. Never lets a
//! process of one point live into the next.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{Fault, Outcome, inject};
use crate::call::Call;
use crate::snapshot::Snapshot;
use crate::town::Town;

/// Which crash points to visit.
#[derive(Clone, Copy, Debug)]
pub enum Points {
    /// Every one.
    All,
    /// This many, evenly spread over the whole run.
    Sample(u64),
}

impl Points {
    /// The points of a run that makes `calls` calls, which are numbered from 1.
    /// Of several runs, each has other points: the `turn`-th of `turns`.
    fn of(self, calls: u64, (turn, turns): (u64, u64)) -> Vec<u64> {
        match self {
            Self::Sample(count) if count < calls => (0..count)
                .map(|i| 1 + (2 * (i * turns + turn) + 1) * calls / (2 * count * turns))
                .collect(),
            _ => (1..=calls).collect(),
        }
    }
}

/// A crash point after which the check found something wrong.
#[derive(Debug)]
pub struct Failure {
    /// The call at which the fault was injected; 0 for the run without one.
    pub n: u64,
    /// What the check said.
    pub reason: String,
}

/// What a sweep found.
#[derive(Debug)]
pub struct Report {
    /// State-changing calls of the run that was not killed.
    pub calls: u64,
    /// Points visited.
    pub visited: u64,
    /// Points at which the fault was injected; the others ended earlier.
    pub injected: u64,
    /// What went wrong, by point.
    pub failures: Vec<Failure>,
}

impl Report {
    /// The same, if nothing went wrong and some fault was injected.
    ///
    /// # Panics
    /// With every failure.
    #[track_caller]
    pub fn assert_clean(self) -> Self {
        assert!(self.failures.is_empty(), "{self}");
        assert!(self.injected > 0, "the sweep injected nothing: {self}");
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} points failed ({} faults injected, {} calls)",
            self.failures.len(),
            self.visited,
            self.injected,
            self.calls
        )?;
        for Failure { n, reason } in &self.failures {
            write!(f, "\n  at {n}: {reason}")?;
        }
        Ok(())
    }
}

/// Runs `command` in towns prepared by `make`, killed at each of `points`, and asks
/// `check` about what is left. First comes a run that is not killed, whose calls
/// are counted. Two towns are worked on at once; each is put back in place after
/// every point, so that paths and untouched inodes are always the same.
///
/// # Panics
/// If a town cannot be put back, or the command cannot be traced.
pub fn sweep(
    points: Points,
    make: impl Fn() -> Town + Sync,
    command: impl Fn(&Town) -> Call + Sync,
    check: impl Fn(&Town, &Outcome) -> Result<(), String> + Sync,
) -> Report {
    sweep_with(Fault::Kill, points, make, command, check)
}

/// The same with any fault.
///
/// # Panics
/// If a town cannot be put back, or the command cannot be traced.
pub fn sweep_with(
    fault: Fault,
    points: Points,
    make: impl Fn() -> Town + Sync,
    command: impl Fn(&Town) -> Call + Sync,
    check: impl Fn(&Town, &Outcome) -> Result<(), String> + Sync,
) -> Report {
    let run = |town: &Town, n| inject(fault, n, &command(town)).expect("the command can be traced");
    sweep_by(points, make, run, check)
}

/// The same with any way to run something up to its `n`-th call.
///
/// # Panics
/// If a town cannot be put back.
pub fn sweep_by(
    points: Points,
    make: impl Fn() -> Town + Sync,
    run: impl Fn(&Town, u64) -> Outcome + Sync,
    check: impl Fn(&Town, &Outcome) -> Result<(), String> + Sync,
) -> Report {
    let run = |town: &Town, (): (), n| run(town, n);
    let check = |town: &Town, (): (), outcome: &Outcome| check(town, outcome);
    let mut reports = sweep_each(&[()], points, make, run, check);
    reports.pop().expect("one for each way")
}

/// Several sweeps in the same two towns, one for each of the `ways` that something
/// can go wrong, whose reports come in that order. A sample has other points for
/// each way.
///
/// # Panics
/// If a town cannot be put back.
pub fn sweep_each<W: Copy + Sync>(
    ways: &[W],
    points: Points,
    make: impl Fn() -> Town + Sync,
    run: impl Fn(&Town, W, u64) -> Outcome + Sync,
    check: impl Fn(&Town, W, &Outcome) -> Result<(), String> + Sync,
) -> Vec<Report> {
    let mut bench = Bench::new(&make, &run, &check);
    let turns = ways.len() as u64;
    let mut plan = Vec::new();
    let mut reports = Vec::new();
    for (turn, &way) in ways.iter().enumerate() {
        let (outcome, failure) = bench.visit(way, 0);
        let points = points.of(outcome.calls, (turn as u64, turns));
        plan.extend(points.into_iter().map(|n| (turn, way, n)));
        reports.push(Report {
            calls: outcome.calls,
            visited: 0,
            injected: 0,
            failures: failure.into_iter().collect(),
        });
    }
    let board = Board {
        plan: &plan,
        next: AtomicUsize::new(0),
        reports: Mutex::new(reports),
    };
    thread::scope(|scope| {
        scope.spawn(|| board.work(&mut bench));
        scope.spawn(|| board.work(&mut Bench::new(&make, &run, &check)));
    });
    board.finished()
}

/// A prepared town and what is done to it at each point.
struct Bench<'a, R, K> {
    town: Town,
    snapshot: Snapshot,
    run: &'a R,
    check: &'a K,
}

impl<'a, R, K> Bench<'a, R, K> {
    fn new(make: &impl Fn() -> Town, run: &'a R, check: &'a K) -> Self {
        let town = make();
        town.kill_all();
        let snapshot = Snapshot::take(town.root()).expect("a town can be read");
        Self {
            town,
            snapshot,
            run,
            check,
        }
    }

    /// What came of one point, and what is wrong after it. Point 0 is a whole run:
    /// its calls, and what is wrong even without a fault.
    fn visit<W: Copy>(&mut self, way: W, n: u64) -> (Outcome, Option<Failure>)
    where
        R: Fn(&Town, W, u64) -> Outcome,
        K: Fn(&Town, W, &Outcome) -> Result<(), String>,
    {
        let outcome = (self.run)(&self.town, way, n);
        let judged = catch_unwind(AssertUnwindSafe(|| self.judge(way, &outcome)));
        let failure = judged
            .unwrap_or_else(|panic| Err(panic_text(panic.as_ref())))
            .err()
            .map(|reason| Failure { n, reason });
        self.town.kill_all();
        self.snapshot.restore().expect("a town can be put back");
        (outcome, failure)
    }

    fn judge<W>(&self, way: W, outcome: &Outcome) -> Result<(), String>
    where
        K: Fn(&Town, W, &Outcome) -> Result<(), String>,
    {
        if outcome.timed_out {
            return Err(format!("it took too long\n{}", outcome.stderr));
        }
        (self.check)(&self.town, way, outcome)
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("the check panicked")
        .to_owned()
}

/// The points, handed out one by one, and the reports.
struct Board<'a, W> {
    plan: &'a [(usize, W, u64)],
    next: AtomicUsize,
    reports: Mutex<Vec<Report>>,
}

impl<W: Copy> Board<'_, W> {
    fn work<R, K>(&self, bench: &mut Bench<'_, R, K>)
    where
        R: Fn(&Town, W, u64) -> Outcome,
        K: Fn(&Town, W, &Outcome) -> Result<(), String>,
    {
        while let Some((turn, way, n)) = self.take() {
            let (outcome, failure) = bench.visit(way, n);
            let mut reports = self.reports.lock().expect("nobody panics while reporting");
            let report = &mut reports[turn];
            report.visited += 1;
            report.injected += u64::from(outcome.killed || outcome.failed);
            report.failures.extend(failure);
        }
    }

    fn take(&self) -> Option<(usize, W, u64)> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        self.plan.get(at).copied()
    }

    fn finished(self) -> Vec<Report> {
        let mut reports = self
            .reports
            .into_inner()
            .expect("nobody panics while reporting");
        for report in &mut reports {
            report.failures.sort_by_key(|failure| failure.n);
        }
        reports
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_spread_over_the_whole_run() {
        let alone = (0, 1);
        assert_eq!(Points::All.of(3, alone), [1, 2, 3]);
        assert_eq!(Points::Sample(9).of(3, alone), [1, 2, 3]);
        assert_eq!(Points::Sample(4).of(100, alone), [13, 38, 63, 88]);
        assert_eq!(Points::Sample(1).of(1, alone), [1]);
    }

    #[test]
    fn several_runs_have_points_of_their_own() {
        assert_eq!(Points::Sample(2).of(80, (0, 2)), [11, 51]);
        assert_eq!(Points::Sample(2).of(80, (1, 2)), [31, 71]);
    }
}
