//! Crash sweeps: what a command leaves behind when it is killed at any of its
//! system calls, or when any of them fails.
//!
//! A few points of each sweep are visited by every run of the tests, all of them
//! by the tests that are ignored. After each point `gt doctor --fix` runs twice,
//! the invariants must hold, what was acknowledged must be there, and the same
//! command must lead to its end.

#![allow(
    clippy::print_stdout,
    reason = "what was visited, or skipped, is shown with --nocapture"
)]

/// Hands all operations to a macro that makes tests of them: the name of the
/// everyday one, of the one that visits every point, and the operation.
macro_rules! every_operation {
    ($make:ident) => {
        $make! {
            create, torture_create: CREATE;
            close, torture_close: CLOSE;
            sling, torture_sling: SLING;
            spawn, torture_spawn: SPAWN;
            hook, torture_hook: HOOK;
            release, torture_release: RELEASE;
            move_by_force, torture_move: MOVE;
            close_held, torture_close_held: CLOSE_HELD;
            release_parked, torture_release_parked: RELEASE_PARKED;
            move_parked, torture_move_parked: MOVE_PARKED;
            done, torture_done: DONE;
            done_no_mr, torture_done_no_mr: DONE_NO_MR;
            defer, torture_defer: DEFER;
            escalate, torture_escalate: ESCALATE;
            phase, torture_phase: PHASE;
            unsling, torture_unsling: UNSLING;
            ask, torture_ask: ASK;
            acknowledge, torture_acknowledge: ACK;
            answer, torture_answer: ANSWER;
            resume, torture_resume: RESUME;
            accept, torture_accept: ACCEPT;
            mail_send, torture_mail_send: SEND;
            mail_read, torture_mail_read: READ;
            convoy_create, torture_convoy_create: CONVOY;
            convoy_add, torture_convoy_add: ADD;
            convoy_close, torture_convoy_close: END;
            merge, torture_merge: MERGE;
            handoff, torture_handoff: HANDOFF;
            handoff_own, torture_handoff_own: HANDOFF_OWN;
            relieve, torture_relieve: RELIEVE;
        }
    };
}

mod clocks;
mod grid;
mod kills;
mod mutants;
mod operations;
mod power;
mod reaping;
mod watcher;

use testkit::killat::{Fault, Outcome, Points, Report, sweep_with};
use testkit::{Town, invariants};

use operations::Operation;

/// So many points of each sweep in an ordinary run.
const SAMPLE: Points = Points::Sample(30);

/// Sweeps one operation, finds nothing wrong, and says what was visited.
#[track_caller]
fn sweep(fault: Fault, points: Points, operation: &Operation) -> String {
    let report = visit(fault, points, operation).assert_clean();
    format!("{} with {fault:?}: {report}", operation.name)
}

fn visit(fault: Fault, points: Points, operation: &Operation) -> Report {
    sweep_with(
        fault,
        points,
        operation.make,
        |town| (operation.command)(town),
        |town, outcome| judge(operation, town, outcome),
    )
}

fn judge(operation: &Operation, town: &Town, outcome: &Outcome) -> Result<(), String> {
    told(outcome)?;
    town.kill_all();
    let state = (operation.state)(town);
    if operation.is_sound_before || state != operation.start {
        invariants::settle(town).map_err(|reason| after(outcome, &reason))?;
        invariants::hold(town).map_err(|reason| after(outcome, &reason))?;
    }
    let state = (operation.state)(town);
    if outcome.stdout.contains(operation.acknowledged) && state != operation.end {
        return Err(format!("it was said to be done, and it is {state}"));
    }
    if state != operation.start && state != operation.end {
        return Err(after(outcome, &format!("it is {state}")));
    }
    if state == operation.start {
        again(operation, town)?;
    }
    Ok(())
}

/// What the refusal of an attempt says that was given out and lost.
const ANEW: &str = "hint: hand it out anew: `gt sling gt-one app/polecats/toast --force`";

/// The same command once more leads to the end, or what its hint says does.
fn again(operation: &Operation, town: &Town) -> Result<(), String> {
    let mut answer = (operation.command)(town).run();
    if answer.stderr.contains(ANEW) {
        answer = town.gt(&["sling", "gt-one", "app/toast", "--force", "--no-spawn"]);
    }
    town.wait_until(std::time::Duration::from_secs(20), || {
        town.processes().is_empty()
    });
    let state = (operation.state)(town);
    if state != operation.end {
        return Err(format!("repeated, it is {state}: {answer}"));
    }
    invariants::settle(town)
        .and_then(|()| invariants::hold(town))
        .map_err(|reason| format!("repeated: {reason}"))
}

/// A command that was not killed has a documented status, and a failure says why.
fn told(outcome: &Outcome) -> Result<(), String> {
    if outcome.killed {
        return Ok(());
    }
    match outcome.status.code() {
        Some(0) => Ok(()),
        Some(1..=8) if !outcome.stderr.trim().is_empty() => Ok(()),
        Some(127) if is_not_loaded(outcome) => Ok(()),
        code => Err(format!("it ended with {code:?}: {}", outcome.stderr)),
    }
}

/// Whether the program never began: its libraries could not be opened.
fn is_not_loaded(outcome: &Outcome) -> bool {
    outcome.stderr.contains("while loading shared libraries")
}

fn after(outcome: &Outcome, reason: &str) -> String {
    format!("{reason}\n    said: {}{}", outcome.stdout, outcome.stderr)
}
