//! Which git processes an earlier, killed run of ours has left behind.
//!
//! Every git that changes a clone in several steps carries [`TASK`] in its
//! environment. Where `/proc` shows environments, "is one still alive?" has an
//! exact answer; elsewhere a short wait stands in for it.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use crate::{Error, Result, durable, look};

/// The variable that names what a git process works on.
pub(crate) const TASK: &str = "PLAINTOWN_GIT_TASK";

/// How long a process left behind may take to come to its end.
const PATIENCE: Duration = Duration::from_secs(20);

/// So many looks at a process that is about to become another program, with this
/// pause between them.
const LOOKS: usize = 500;
const PAUSE: Duration = Duration::from_millis(1);

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
    for pid in pids()? {
        let environ = environ(pid)?;
        if environ.split(|byte| *byte == 0).any(|it| it == wanted) {
            return Ok(Some(pid));
        }
    }
    Ok(None)
}

/// What a process was started with; nothing if it is gone, or is another user's
/// and so none of ours. One that is in the middle of becoming another program has
/// neither environment nor arguments for a moment.
fn environ(pid: u32) -> Result<Vec<u8>> {
    let read = |file: &str| {
        let path = PathBuf::from(format!("/proc/{pid}/{file}"));
        visible(fs::read(&path), &path)
    };
    for _ in 0..LOOKS {
        let found = read("environ")?.unwrap_or_default();
        let is_becoming = || {
            // Threads of the kernel and zombies have no memory.
            let has_memory = || Ok(read("statm")?.is_some_and(|it| !it.starts_with(b"0 ")));
            Ok(read("cmdline")?.is_some_and(|it| it.is_empty()) && has_memory()?)
        };
        if !found.is_empty() || !is_becoming()? {
            return Ok(found);
        }
        thread::sleep(PAUSE);
    }
    Ok(Vec::new())
}

/// Whether a process on this machine has `path` open, as far as we may look.
pub(crate) fn is_open(path: &Path) -> Result<bool> {
    for pid in pids()? {
        let folder = PathBuf::from(format!("/proc/{pid}/fd"));
        for entry in visible(fs::read_dir(&folder), &folder)?
            .into_iter()
            .flatten()
        {
            let Some(entry) = visible(entry, &folder)? else {
                continue;
            };
            let target = visible(fs::read_link(entry.path()), &entry.path())?;
            if target.is_some_and(|target| target == path) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// What was read of a process; none if it is gone, or is another user's. Whatever
/// else kept it from being read does not mean that nobody is there.
fn visible<T>(read: io::Result<T>, path: &Path) -> Result<Option<T>> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

fn is_gone(error: &io::Error) -> bool {
    let is_none = error.raw_os_error() == Some(Errno::SRCH.raw_os_error());
    is_none
        || matches!(
            error.kind(),
            ErrorKind::NotFound | ErrorKind::PermissionDenied
        )
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
    fn what_cannot_be_looked_at_is_not_taken_for_none() {
        let look = |errno: Errno| {
            let error = io::Error::from_raw_os_error(errno.raw_os_error());
            visible(Err::<(), _>(error), Path::new("/proc/1/environ"))
        };
        for gone in [Errno::NOENT, Errno::SRCH, Errno::ACCESS, Errno::PERM] {
            assert!(matches!(look(gone), Ok(None)), "{gone}");
        }
        for unclear in [Errno::MFILE, Errno::NFILE, Errno::NOMEM, Errno::IO] {
            assert!(look(unclear).is_err(), "{unclear}");
        }
    }

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
