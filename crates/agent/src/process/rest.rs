//! What an ended worker left behind: every process that carries its word in the
//! environment, in whatever session it is now. No stranger's does.
//!
//! Never: signals the calling process, or one that merely has the number of a
//! process that carried the word.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::Stopped;
use super::find::find_all;
use super::handle::{Handle, await_all};
use super::stop::{KILL_TIME, StopError, signal_all};

/// Ends every process whose environment has all these entries: SIGTERM, and SIGKILL
/// for what is left after `grace`.
pub fn stop_rest(entries: &[(&str, &str)], grace: Duration) -> Result<Stopped, StopError> {
    let failed = |source| StopError::System { pid: 0, source };
    let mut left = carriers(entries).map_err(failed)?;
    if left.is_empty() {
        return Ok(Stopped::NotRunning);
    }
    signal_all(&left, Signal::TERM)?;
    // One that is suspended gets the first signal only when it goes on.
    signal_all(&left, Signal::CONT)?;
    let has_ended = await_all(&descriptors(&left), grace).map_err(failed)?;
    let deadline = Instant::now() + KILL_TIME;
    // A member may have forked between one look and its end.
    loop {
        left = carriers(entries).map_err(failed)?;
        if left.is_empty() && has_ended {
            return Ok(Stopped::Terminated);
        } else if left.is_empty() {
            return Ok(Stopped::Killed);
        }
        signal_all(&left, Signal::KILL)?;
        let time = deadline.saturating_duration_since(Instant::now());
        if !await_all(&descriptors(&left), time).map_err(failed)? || time.is_zero() {
            let pids: Vec<u32> = left.iter().map(|it| it.pid).collect();
            let leader = pids[0];
            return Err(StopError::Survivors { leader, pids });
        }
    }
}

fn carriers(entries: &[(&str, &str)]) -> io::Result<Vec<Handle>> {
    let mut handles = Vec::new();
    for process in find_all(entries)? {
        handles.extend(Handle::open(&process)?);
    }
    Ok(handles)
}

fn descriptors(handles: &[Handle]) -> Vec<BorrowedFd<'_>> {
    handles.iter().map(Handle::as_fd).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn one_with_a_session_of_its_own_is_found_and_others_are_left_alone() {
        let word = format!("rest{}", std::process::id());
        let sleep = "trap '' TERM; setsid sh -c 'trap \"\" TERM; sleep 60' & sleep 60";
        let mut carrier = Command::new("sh")
            .args(["-c", sleep])
            .env("GT_SESSION", &word)
            .spawn()
            .unwrap();
        let mut other = Command::new("sleep").arg("60").spawn().unwrap();
        while find_all(&[("GT_SESSION", &word)]).unwrap().len() < 4 {
            std::thread::yield_now();
        }
        let grace = Duration::from_millis(50);
        let stopped = stop_rest(&[("GT_SESSION", &word)], grace).unwrap();
        assert_eq!(stopped, Stopped::Killed);
        assert!(find_all(&[("GT_SESSION", &word)]).unwrap().is_empty());
        carrier.wait().unwrap();
        assert!(other.try_wait().unwrap().is_none(), "a stranger");
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
