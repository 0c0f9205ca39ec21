//! The processes that carry a marker in their environment.
//!
//! Promises to kill only a process whose environment still holds the marker when
//! its pidfd is open: a number given to a stranger meanwhile is never hit.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// The processes whose environment holds `marker`, zombies left out.
pub(super) fn carrying(marker: &OsStr) -> Vec<u32> {
    let Ok(folders) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    folders
        .filter_map(|folder| folder.ok()?.file_name().to_str()?.parse().ok())
        .filter(|&pid| carries(pid, marker))
        .collect()
}

fn carries(pid: u32, marker: &OsStr) -> bool {
    fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environment| {
        environment
            .split(|&byte| byte == 0)
            .any(|variable| variable == marker.as_bytes())
    })
}

/// How often in a row nothing has to be found.
const QUIET_LOOKS: usize = 4;

/// Kills until none is left.
pub(super) fn kill_all(marker: &OsStr) {
    let mut quiet = 0;
    for _ in 0..1000 {
        let found = carrying(marker);
        // A process shows no environment for the moment in which it becomes
        // another program: one look at nothing proves nothing.
        quiet = if found.is_empty() { quiet + 1 } else { 0 };
        if quiet == QUIET_LOOKS {
            return;
        }
        for pid in found {
            kill(pid, marker);
        }
        thread::sleep(Duration::from_millis(2));
    }
    // Reached from a drop, where a panic may abort: only if nothing else failed.
    assert!(thread::panicking(), "processes of {marker:?} do not die");
}

fn kill(pid: u32, marker: &OsStr) {
    let raw = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let pidfd = raw.and_then(|raw| pidfd_open(raw, PidfdFlags::empty()).ok());
    if let Some(pidfd) = pidfd.filter(|_| carries(pid, marker)) {
        // It may have died on its own meanwhile, which is as good.
        let _ = pidfd_send_signal(pidfd, Signal::KILL);
    }
}
