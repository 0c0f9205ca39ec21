//! The commands that change most, with every error that a disk or a full table
//! answers: at one call, and at all calls from there on.

use std::fs;
use std::time::Duration;

use testkit::Town;
use testkit::killat::{Fault, Outcome, Points, sweep_with};

use super::operations::*;
use super::{Operation, is_not_loaded, judge};

/// So many points with each error in an ordinary run.
const SAMPLE: Points = Points::Sample(4);

/// By then a command has given up, whatever keeps failing.
const BOUND: Duration = Duration::from_secs(30);

const EINTR: i32 = 4;
const EIO: i32 = 5;
const EMFILE: i32 = 24;
const ENOSPC: i32 = 28;
const EROFS: i32 = 30;

/// Each error with what people are told of it.
const ERRORS: [(i32, &str); 5] = [
    (EINTR, "Interrupted system call"),
    (EIO, "Input/output error"),
    (EMFILE, "Too many open files"),
    (ENOSPC, "No space left on device"),
    (EROFS, "Read-only file system"),
];

/// Visits these points with each error; says what was visited.
#[track_caller]
fn visit(points: Points, operation: &Operation) -> String {
    let mut said = String::new();
    let mut is_clean = true;
    for (number, _) in ERRORS {
        for fault in [Fault::Error(number), lasting(number)] {
            let report = sweep_with(
                fault,
                points,
                operation.make,
                |town| (operation.command)(town).limit(BOUND),
                |town, outcome| check(fault, operation, town, outcome),
            );
            is_clean &= report.failures.is_empty() && report.injected > 0;
            said += &format!("{} with {fault:?}: {report}\n", operation.name);
        }
    }
    assert!(is_clean, "{said}");
    said
}

fn check(
    fault: Fault,
    operation: &Operation,
    town: &Town,
    outcome: &Outcome,
) -> Result<(), String> {
    explained(fault, outcome)?;
    if outcome.struck.as_deref() == Some("git") {
        remove_locks_of_git(town);
    }
    judge(operation, town, outcome)
}

/// Git repeats what was interrupted for as long as it takes, so that it is spared.
fn lasting(number: i32) -> Fault {
    match number {
        EINTR => Fault::ErrorsOfFirst(number),
        _ => Fault::Errors(number),
    }
}

/// As the doctor says: git that cannot remove a lock of its own leaves it.
fn remove_locks_of_git(town: &Town) {
    town.kill_all();
    let report = town.gt(&["doctor", "--json"]).json();
    let found = report["found"].as_array().cloned().unwrap_or_default();
    for item in found {
        let what = item["what"].as_str().unwrap_or_default();
        if let Some((path, _)) = what.split_once(": a lock of git's") {
            fs::remove_file(path).expect("it was found");
        }
    }
}

/// What is interrupted once is repeated; whatever else fails is named.
fn explained(fault: Fault, outcome: &Outcome) -> Result<(), String> {
    let own = matches!(outcome.struck.as_deref(), Some("gt" | "bd"));
    if !own || outcome.status.success() {
        return Ok(());
    }
    let number = match fault {
        Fault::Error(EINTR) => {
            return Err(format!("it was interrupted once: {}", outcome.stderr));
        }
        Fault::Error(number) | Fault::Errors(number) | Fault::ErrorsOfFirst(number) => number,
        Fault::Kill | Fault::KillFirst | Fault::NoSyncOf(_) => return Ok(()),
    };
    let words = ERRORS.iter().find(|it| it.0 == number).map(|it| it.1);
    let is_named = words.is_some_and(|words| outcome.stderr.contains(words));
    if is_named || is_not_loaded(outcome) {
        return Ok(());
    }
    Err(format!("it does not say what failed: {}", outcome.stderr))
}

macro_rules! grid {
    ($($name:ident, $whole:ident: $operation:ident;)*) => {$(
        #[test]
        fn $name() {
            println!("{}", visit(SAMPLE, &$operation));
        }

        #[test]
        #[ignore = "visits every point"]
        fn $whole() {
            println!("{}", visit(Points::All, &$operation));
        }
    )*};
}

grid! {
    create, torture_create: CREATE;
    close, torture_close: CLOSE;
    sling, torture_sling: SLING;
    done, torture_done: DONE;
    convoy_create, torture_convoy_create: CONVOY;
    merge, torture_merge: MERGE;
}
