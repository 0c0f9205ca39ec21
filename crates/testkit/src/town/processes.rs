//! The processes that carry a marker in their environment.
//!
//! Promises to kill only a process whose environment still holds the marker when
//! its pidfd is open: a number given to a stranger meanwhile is never hit.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// The processes whose environment holds `marker`, zombies left out.
pub(super) fn carrying(marker: &OsStr) -> Vec<u32> {
    let found = seen(marker, 1);
    if !found.is_empty() {
        return found;
    }
    // One look at nothing proves nothing.
    seen(marker, EXEC_LOOKS)
}

fn seen(marker: &OsStr, looks: usize) -> Vec<u32> {
    let Ok(folders) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    folders
        .filter_map(|folder| folder.ok()?.file_name().to_str()?.parse().ok())
        .filter(|&pid| carries(pid, marker, looks))
        .collect()
}

fn carries(pid: u32, marker: &OsStr, looks: usize) -> bool {
    environment(pid, looks)
        .split(|&byte| byte == 0)
        .any(|variable| variable == marker.as_bytes())
}

/// So many looks at a process that is about to become another program.
const EXEC_LOOKS: usize = 20;

/// What a process was started with; nothing if it is none of ours.
fn environment(pid: u32, looks: usize) -> Vec<u8> {
    for _ in 0..looks {
        match fs::read(format!("/proc/{pid}/environ")) {
            Ok(environment) if !environment.is_empty() => return environment,
            Ok(_) if is_becoming(pid) => {}
            // Started with none; or gone, a thread of the kernel's, or somebody's who
            // lets nobody look.
            _ => return Vec::new(),
        }
        thread::sleep(Duration::from_millis(1));
    }
    Vec::new()
}

/// Whether a process without an environment has memory, and runs: one that
/// becomes another program looks so for a moment.
fn is_becoming(pid: u32) -> bool {
    let stat = fs::read(format!("/proc/{pid}/stat")).unwrap_or_default();
    let stat = String::from_utf8_lossy(&stat);
    // From the third field on, as proc(5) counts them.
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .collect();
    let (state, size) = (fields.first(), fields.get(20));
    !matches!(state, None | Some(&"Z" | &"X")) && size.is_some_and(|size| *size != "0")
}

/// How often in a row nothing has to be found.
const QUIET_LOOKS: usize = 4;

/// Kills until none is left. Commands that are under way may end first, for as
/// long as `patience`.
pub(super) fn kill_all(marker: &OsStr, patience: Duration) {
    let mut quiet = 0;
    let end = Instant::now() + patience;
    let mut rounds = 0;
    while rounds < 1000 {
        let found = carrying(marker);
        if Instant::now() < end && found.iter().any(|&pid| is_command(pid)) {
            thread::sleep(Duration::from_millis(2));
            continue;
        }
        rounds += 1;
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

/// Whether it is a command that ends by itself, and not with others: one that is
/// killed in the middle leaves work half done, as it may.
fn is_command(pid: u32) -> bool {
    let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let mut arguments = arguments.split(|&byte| byte == 0);
    let program = arguments.next().unwrap_or_default();
    let is_ours = [&b"gt"[..], b"bd"].contains(
        &program
            .rsplit(|&byte| byte == b'/')
            .next()
            .unwrap_or_default(),
    );
    is_ours && !arguments.any(|it| [&b"up"[..], b"watch", b"log"].contains(&it))
}

fn kill(pid: u32, marker: &OsStr) {
    let raw = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let pidfd = raw.and_then(|raw| pidfd_open(raw, PidfdFlags::empty()).ok());
    if let Some(pidfd) = pidfd.filter(|_| carries(pid, marker, 1)) {
        // It may have died on its own meanwhile, which is as good.
        let _ = pidfd_send_signal(pidfd, Signal::KILL);
    }
}
