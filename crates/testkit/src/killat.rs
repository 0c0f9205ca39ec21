//! Kills a whole process tree as its N-th state-changing system call is entered,
//! or makes that call fail.
//!
//! Promises that the calls counted are the calls of the tree and of nobody else,
//! that every process of the tree is dead when [`run`] returns (sessions of its
//! own do not help it), and that no counted call is carried out from the N-th on.
//! Never traces or waits for another process of the caller's.

mod filter;
mod registers;
mod running;
mod sweep;
mod tracer;

use std::io;
use std::process::ExitStatus;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::call::Call;
use crate::capture::Capture;

pub use running::Running;
pub use sweep::{Failure, Points, Report, sweep, sweep_by, sweep_each, sweep_with};

/// What happens at the N-th call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The tree is killed before the call is carried out.
    Kill,
    /// The first process is killed before the call is carried out, and it alone:
    /// what it started lives on. Only its own calls are counted.
    KillFirst,
    /// The call is not carried out and fails with this error number, as on a full
    /// or broken disk. Only calls that change files are counted and fail, but for
    /// what is said on standard error; for `EMFILE`, those that make a descriptor.
    /// Needs x86-64.
    Error(i32),
    /// The same, and all later ones fail as well, but for what is said on
    /// standard output and error.
    Errors(i32),
    /// The same for the first process alone: what it starts is not disturbed. Only
    /// its own calls are counted.
    ErrorsOfFirst(i32),
    /// The call is not carried out and fails with this error number, as where a
    /// disk cannot be read. Only calls of the first process that read files and
    /// folders, or look at them, are counted. Needs x86-64.
    ReadOfFirst(i32),
    /// No call is disturbed, but that no `fsync` of these does anything, and each
    /// says that it did. Only these calls are counted. Needs x86-64.
    NoSyncOf(Synced),
}

/// What an `fsync` is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synced {
    /// The bytes of files.
    Files,
    /// The names in folders.
    Folders,
}

/// What became of a traced tree.
#[derive(Debug)]
pub struct Outcome {
    /// State-changing calls entered before the tree ended or was killed.
    pub calls: u64,
    /// Whether the N-th call was reached, and the tree killed there.
    pub killed: bool,
    /// Whether the N-th call was reached, and made to fail.
    pub failed: bool,
    /// The program that was about to make the N-th call.
    pub struck: Option<String>,
    /// Whether the time limit was reached, and the tree killed there.
    pub timed_out: bool,
    /// How the first process ended.
    pub status: ExitStatus,
    /// What the tree wrote to its standard output.
    pub stdout: String,
    /// What the tree wrote to its standard error.
    pub stderr: String,
}

/// Runs `call` and kills its tree at the `n`-th counted system call; 0 lets it run
/// to its end. Returns when the last process of the tree is dead.
///
/// # Errors
/// If the tree cannot be started or traced.
pub fn run(n: u64, call: &Call) -> io::Result<Outcome> {
    inject(Fault::Kill, n, call)
}

/// The same with any fault at the `n`-th call.
///
/// # Errors
/// If the tree cannot be started or traced.
pub fn inject(fault: Fault, n: u64, call: &Call) -> io::Result<Outcome> {
    let (out, out_end) = Capture::new()?;
    let (err, err_end) = Capture::new()?;
    let image = tracer::Image::new(fault, call, out_end.into(), err_end.into())?;
    let tree = tracer::Shared::default();
    let (done, clock) = mpsc::channel();
    // The tracer is a thread, not a process, for ptrace: only this one may wait.
    let ended = thread::scope(|scope| {
        let tree = &tree;
        scope.spawn(move || tree.kill_after(call.limit, &clock));
        let ended = scope
            .spawn(move || tracer::trace(image, fault, n, tree, &mut |_| {}))
            .join()
            .expect("the tracer does not panic");
        drop(done);
        ended
    })?;
    let text = |capture: Capture| {
        capture
            .finish(Duration::from_secs(5))
            .ok_or_else(|| io::Error::other("a process outside the tree holds its output"))
    };
    Ok(outcome(fault, &ended, text(out)?, text(err)?))
}

fn outcome(fault: Fault, ended: &tracer::Ended, stdout: String, stderr: String) -> Outcome {
    let is_kill = matches!(fault, Fault::Kill | Fault::KillFirst);
    Outcome {
        calls: ended.calls,
        killed: ended.reached && is_kill,
        failed: ended.reached && !is_kill,
        struck: ended.struck.clone(),
        timed_out: ended.timed_out,
        status: ended.status,
        stdout,
        stderr,
    }
}
