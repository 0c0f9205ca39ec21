//! A descriptor of one proven process: signals through it cannot reach
//! another, and its end can be awaited without being its parent.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::identity::Identity;

pub(super) struct Handle {
    pub(super) pid: u32,
    fd: OwnedFd,
}

impl Handle {
    /// `None` when this very process is no longer running.
    pub(super) fn open(process: &Identity) -> io::Result<Option<Self>> {
        let Some(fd) = pidfd(process.pid)? else {
            return Ok(None);
        };
        // Asked after opening: from here on the descriptor and the number
        // mean the same process for as long as it lives.
        Ok(process.is_alive()?.then_some(Self {
            pid: process.pid,
            fd,
        }))
    }

    /// `false` when it has ended.
    pub(super) fn signal(&self, signal: Signal) -> io::Result<bool> {
        match pidfd_send_signal(&self.fd, signal) {
            Ok(()) => Ok(true),
            Err(Errno::SRCH) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn pidfd(pid: u32) -> io::Result<Option<OwnedFd>> {
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return Ok(None);
    };
    match pidfd_open(pid, PidfdFlags::empty()) {
        Ok(fd) => Ok(Some(fd)),
        // The number belongs to a thread that leads no process: EINVAL, and ENOENT
        // since Linux 6.15.
        Err(Errno::SRCH | Errno::INVAL | Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Waits until every process has ended, at most for `timeout`; `true` when
/// they all have.
pub(crate) fn await_all(processes: &[BorrowedFd<'_>], timeout: Duration) -> io::Result<bool> {
    let deadline = Instant::now().checked_add(timeout);
    let mut left: Vec<PollFd<'_>> = processes
        .iter()
        .map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN))
        .collect();
    loop {
        left.retain(|fd| fd.revents().is_empty());
        if left.is_empty() {
            return Ok(true);
        }
        let remaining = deadline.map(|at| at.saturating_duration_since(Instant::now()));
        let limit = remaining.and_then(|time| Timespec::try_from(time).ok());
        match poll(&mut left, limit.as_ref()) {
            Ok(0) => return Ok(false),
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
