//! Stopping a worker: asked first, killed after a grace time, and gone with
//! everything in its session before it is said to be.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::handle::{Handle, await_all};
use super::identity::Identity;
use super::session;

/// How long a killed process may take to disappear. Only one that the kernel
/// holds in the middle of an operation needs more than a moment.
pub(super) const KILL_TIME: Duration = Duration::from_secs(10);

/// How a worker came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The recorded process was not running any more, and nothing was
    /// signalled: what has its number now is a stranger.
    NotRunning,
    /// It and its session ended within the grace time.
    Terminated,
    /// Something of its session had to be killed.
    Killed,
}

/// Why a worker could not be stopped.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// The kernel refused, or `/proc` could not be read.
    #[error("cannot stop process {pid}: {source}")]
    System {
        /// The process that was to get the signal.
        pid: u32,
        /// What the system said.
        source: io::Error,
    },
    /// Killed, and still there.
    #[error("processes {pids:?} of the session of {leader} were killed and have not ended")]
    Survivors {
        /// The worker's process.
        leader: u32,
        /// What is left of its session.
        pids: Vec<u32>,
    },
}

/// Ends the worker and every process of the session it leads: SIGTERM to all
/// of them, then, where any is left after `grace`, SIGKILL until none is.
///
/// The calling process is never signalled, even when it is a member: a worker
/// can give up its own work. Processes that left the session are not found.
pub fn stop(worker: &Identity, grace: Duration) -> Result<Stopped, StopError> {
    let failed = |source| StopError::System {
        pid: worker.pid,
        source,
    };
    // Held to the end: while it is open, its process is the one recorded.
    let Some(_leader) = Handle::open(worker).map_err(failed)? else {
        return Ok(Stopped::NotRunning);
    };
    let members = session::members(worker).map_err(failed)?;
    signal_all(&members, Signal::TERM)?;
    // One that is suspended gets the first signal only when it goes on.
    signal_all(&members, Signal::CONT)?;
    if gone_within(worker, members, grace).map_err(failed)? {
        return Ok(Stopped::Terminated);
    }
    kill(worker, Instant::now() + KILL_TIME)
}

/// Kills what there is until a look at the session finds nobody: a member may
/// have forked between one look and its end.
fn kill(worker: &Identity, deadline: Instant) -> Result<Stopped, StopError> {
    loop {
        let failed = |source| StopError::System {
            pid: worker.pid,
            source,
        };
        let members = session::members(worker).map_err(failed)?;
        if members.is_empty() {
            return Ok(Stopped::Killed);
        }
        signal_all(&members, Signal::KILL)?;
        let time = deadline.saturating_duration_since(Instant::now());
        if !await_all(&descriptors(&members), time).map_err(failed)? || time.is_zero() {
            let pids = members.iter().map(|member| member.pid).collect();
            return Err(StopError::Survivors {
                leader: worker.pid,
                pids,
            });
        }
    }
}

fn gone_within(worker: &Identity, mut left: Vec<Handle>, grace: Duration) -> io::Result<bool> {
    let deadline = Instant::now().checked_add(grace);
    while !left.is_empty() {
        let time = deadline.map_or(Duration::MAX, |at| {
            at.saturating_duration_since(Instant::now())
        });
        if !await_all(&descriptors(&left), time)? {
            return Ok(false);
        }
        left = session::members(worker)?;
    }
    Ok(true)
}

fn descriptors(members: &[Handle]) -> Vec<BorrowedFd<'_>> {
    members.iter().map(Handle::as_fd).collect()
}

/// Signals every member, also after one of them refused; says what the first
/// refusal was.
pub(super) fn signal_all(members: &[Handle], signal: Signal) -> Result<(), StopError> {
    let mut outcome = Ok(());
    for member in members {
        let sent = member.signal(signal);
        outcome = outcome.and(sent.map(drop).map_err(|source| (member.pid, source)));
    }
    outcome.map_err(|(pid, source)| StopError::System { pid, source })
}
