//! The watcher in the background: started, awaited, asked to stop.

use crate::alone::{self, Holder};
use crate::error::Error;
use crate::watcher::Watcher;
use agent::launch::{self, Launch, Spawned};
use agent::process;
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use town::Town;

/// How long it may take to see everything once.
const START_TIME: Duration = Duration::from_secs(30);

/// So long nobody minds that nothing is said.
const SILENCE: Duration = Duration::from_secs(1);

/// A merge that is under way is brought to its end.
const STOP_TIME: Duration = Duration::from_secs(60);

/// Larger than this, its log is put aside when it starts.
const LOG_LIMIT: u64 = 4 << 20;

/// What came of starting it.
#[derive(Debug)]
pub enum Start {
    /// It runs now.
    Started(Holder),
    /// One ran already.
    Running(Holder),
}

/// Where its output goes.
pub fn log_path(town: &Town) -> PathBuf {
    town.store.private_path().join("logs/watcher.log")
}

/// The watcher that is at work in the town's clone.
pub fn running(town: &Town) -> Option<Holder> {
    alone::holder(&town.store.private_path())
}

/// Starts this program with `arguments`, which run a watcher in the
/// foreground, in a session of its own. Returns when it has seen everything.
pub fn start(town: &Town, arguments: &[&str]) -> Result<Start, Error> {
    match running(town) {
        Some(holder) if holder.is_stopping => await_end(&holder)?,
        Some(holder) => return Ok(Start::Running(holder)),
        None => {}
    }
    let log = log_path(town);
    rotate(&log, LOG_LIMIT);
    let program = std::env::current_exe();
    let program = program.map_err(|error| Error::system("find this program", error))?;
    let mut argv = vec![program.into_os_string()];
    argv.extend(arguments.iter().map(OsString::from));
    let launch = Launch {
        argv,
        cwd: town.setup().cwd.clone(),
        env: environment(town),
        log: log.clone(),
    };
    let mut spawned = launch::spawn(&launch).map_err(|error| {
        let failed = || Error::system("start the watcher", std::io::Error::other(error));
        obstacle(town).unwrap_or_else(failed)
    })?;
    let deadline = Instant::now() + START_TIME;
    wait(&mut spawned, &log, deadline, || running(town)).map_err(|error| match error {
        Error::EndedAtOnce(_) => obstacle(town).unwrap_or(error),
        other => other,
    })
}

/// Until the one that was started is ready, another one was quicker, or none is
/// to be expected any more.
fn wait(
    spawned: &mut Spawned,
    log: &Path,
    deadline: Instant,
    running: impl Fn() -> Option<Holder>,
) -> Result<Start, Error> {
    let mut pause = Duration::from_millis(5);
    loop {
        let is_late = Instant::now() >= deadline;
        match running() {
            Some(holder) if holder.process != spawned.identity => {
                return Ok(Start::Running(holder));
            }
            Some(holder) if holder.is_ready || is_late => return Ok(Start::Started(holder)),
            None if is_late => {
                return Err(Error::Silent {
                    pid: spawned.identity.pid,
                    log: log.to_owned(),
                });
            }
            _ => {}
        }
        match launch::exited_early(spawned, pause) {
            Ok(None) => {}
            Ok(Some(status)) => {
                return running().map(Start::Running).ok_or_else(|| {
                    let tail = agent::logs::tail(log, 5).unwrap_or_default();
                    Error::EndedAtOnce(format!("{status}\n{}", tail.trim_end()))
                });
            }
            // Whether it has ended cannot be told now.
            Err(_) => std::thread::sleep(pause),
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// What keeps a watcher from beginning: a disk that is full, or a folder that
/// cannot be written to, keeps it from saying so in its log.
fn obstacle(town: &Town) -> Option<Error> {
    Watcher::builder(Town::open(town.setup().clone()).ok()?)
        .build()
        .err()
}

/// The caller's, without what says whose worker it is: the watcher is nobody's,
/// and is not stopped with the one that started it.
fn environment(town: &Town) -> Vec<(OsString, OsString)> {
    let env = town.setup().env.clone().into_iter();
    let is_of_worker = |name: &OsString| name.as_encoded_bytes().starts_with(b"GT_");
    env.filter(|(name, _)| !is_of_worker(name) && name != "BD_ACTOR")
        .collect()
}

/// Asks the watcher to stop, and waits until it has; none if none runs. Where that
/// takes a while it is announced. Workers go on.
pub fn stop(town: &Town, announce: impl FnOnce(&Holder)) -> Result<Option<Holder>, Error> {
    let Some(holder) = running(town) else {
        return Ok(None);
    };
    let failed = |source| Error::system("stop the watcher", source);
    terminate(&holder).map_err(failed)?;
    if !process::wait_exit(&holder.process, SILENCE).unwrap_or(false) {
        announce(&holder);
        await_end(&holder)?;
    }
    Ok(Some(holder))
}

/// Waits for the end of a watcher that was asked to stop.
fn await_end(holder: &Holder) -> Result<(), Error> {
    match process::wait_exit(&holder.process, STOP_TIME) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::StillRunning(holder.process.pid)),
        Err(source) => Err(Error::system("await the end of the watcher", source)),
    }
}

/// Through a descriptor that was checked after it was opened: a stranger with
/// the number never gets the signal.
fn terminate(holder: &Holder) -> std::io::Result<()> {
    let pid = i32::try_from(holder.process.pid)
        .ok()
        .and_then(Pid::from_raw);
    let Some(pid) = pid else { return Ok(()) };
    let handle = match pidfd_open(pid, PidfdFlags::empty()) {
        Ok(handle) => handle,
        // Gone, or the number is a thread's now.
        Err(Errno::SRCH | Errno::INVAL | Errno::NOENT) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if !holder.process.is_alive()? {
        return Ok(());
    }
    match pidfd_send_signal(&handle, Signal::TERM) {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Puts a log aside that has grown too large. Whoever writes to it goes on
/// writing to the same file, from its beginning.
pub fn rotate(log: &Path, limit: u64) {
    let is_large = log.metadata().is_ok_and(|meta| meta.len() > limit);
    if is_large && std::fs::copy(log, log.with_extension("log.1")).is_ok() {
        let file = std::fs::OpenOptions::new().write(true).open(log);
        // A log that cannot be cut short only grows.
        let _ = file.and_then(|file| file.set_len(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_never_says_that_it_is_at_work_is_not_awaited_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("watcher.log");
        let path = std::env::var_os("PATH").unwrap();
        let mut spawned = launch::spawn(&Launch {
            argv: vec!["sleep".into(), "600".into()],
            cwd: folder.path().to_owned(),
            env: vec![("PATH".into(), path)],
            log: log.clone(),
        })
        .unwrap();
        let pid = spawned.identity.pid;
        let soon = Instant::now() + Duration::from_millis(100);
        let waited = wait(&mut spawned, &log, soon, || None);
        terminate(&Holder {
            process: spawned.identity.clone(),
            since: String::new(),
            is_ready: false,
            is_stopping: false,
        })
        .unwrap();
        let late = Instant::now() + Duration::from_secs(60);
        let ended = wait(&mut spawned, &log, late, || None);
        assert!(matches!(waited, Err(Error::Silent { pid: it, .. }) if it == pid));
        assert!(matches!(ended, Err(Error::EndedAtOnce(how)) if how.contains("signal")));
    }
}
