//! Which git processes an earlier, killed run of ours has left behind.
//!
//! Every git that changes a clone in several steps carries [`TASK`] in its
//! environment. Where `/proc` shows environments, "is one still alive?" has an
//! exact answer; elsewhere a short wait stands in for it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::{Error, Result, durable, look};

/// The variable that names what a git process works on.
pub(crate) const TASK: &str = "PLAINTOWN_GIT_TASK";

/// How long a process left behind may take to come to its end.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until no git works on `task` any more.
pub(crate) fn wait_for_strays(task: &Path) -> Result<()> {
    if !look::is_there(Path::new("/proc/self/environ"))? {
        thread::sleep(Duration::from_secs(1));
        return Ok(());
    }
    let deadline = Instant::now() + PATIENCE;
    while let Some(pid) = stray(task)? {
        if Instant::now() >= deadline {
            return Err(Error::StillRunning {
                pid,
                path: task.to_owned(),
            });
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

fn stray(task: &Path) -> Result<Option<u32>> {
    let mut wanted = format!("{TASK}=").into_bytes();
    wanted.extend_from_slice(task.as_os_str().as_bytes());
    let works_on_it = |pid: &u32| {
        fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environ| {
            environ
                .split(|byte| *byte == 0)
                .any(|entry| entry == wanted)
        })
    };
    Ok(pids()?.into_iter().find(works_on_it))
}

/// Whether a process on this machine has `path` open, as far as we may look.
pub(crate) fn is_open(path: &Path) -> Result<bool> {
    Ok(pids()?.into_iter().any(|pid| {
        fs::read_dir(format!("/proc/{pid}/fd")).is_ok_and(|listing| {
            listing
                .flatten()
                .any(|entry| fs::read_link(entry.path()).is_ok_and(|target| target == path))
        })
    }))
}

fn pids() -> Result<Vec<u32>> {
    let entries = durable::entries(Path::new("/proc"))?;
    let names = entries.iter().filter_map(|path| path.file_name());
    Ok(names.filter_map(number).collect())
}

fn number(name: &OsStr) -> Option<u32> {
    name.to_str()?.parse().ok()
}

/// The command lines of all processes, for tests that count what is left.
#[cfg(test)]
pub(crate) fn commands() -> Vec<String> {
    pids()
        .expect("listed")
        .into_iter()
        .filter_map(|pid| fs::read(format!("/proc/{pid}/cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_living_process_is_found_by_its_task() {
        let dir = tempfile::tempdir().expect("temp dir");
        assert_eq!(stray(dir.path()).expect("looked"), None);
        let mut child = Command::new("sleep")
            .arg("20")
            .env(TASK, dir.path())
            .spawn()
            .expect("sleep runs");
        assert_eq!(stray(dir.path()).expect("looked"), Some(child.id()));
        child.kill().expect("killed");
        child.wait().expect("reaped");
        wait_for_strays(dir.path()).expect("nobody left");
    }
}
