//! Starting one worker: detached, with exactly the environment it was given,
//! its output in its log, and its identity known before this returns.
//!
//! The worker leads a session of its own, so it outlives the caller and its
//! terminal. It inherits no descriptor (a lock that leaked into an agent would
//! be held for hours), no ignored or blocked signal and no variable that is
//! not in its list. Nothing here decides whether to start, starts anything
//! again, or uses a shell.

mod detach;
mod error;
mod keeper;
pub(crate) mod log;
mod order;
pub(crate) mod program;
mod terminal;

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use crate::process::{Identity, await_all};
pub use detach::go_aside;
pub use error::LaunchError;
pub use keeper::Written;
pub use order::withdraw;
pub use terminal::{Terminal, become_worker, spawn_in};

/// Everything about a worker that is to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// Program and arguments. A program without a slash is looked up in the
    /// `PATH` of `env`; one with a slash has to be an absolute path.
    pub argv: Vec<OsString>,
    /// The folder it starts in.
    pub cwd: PathBuf,
    /// Its whole environment; nothing is inherited.
    pub env: Vec<(OsString, OsString)>,
    /// Where standard output and error are appended. Created readable by its
    /// owner only, and so are the folders above it that do not exist.
    pub log: PathBuf,
}

/// A worker that has been started: its program is running, or has run.
#[derive(Debug)]
pub struct Spawned {
    /// Who it is.
    pub identity: Identity,
    /// The handle of its parent. One that lives on has to wait for it, or the
    /// ended worker stays behind as a zombie; dropping it stops nothing.
    pub child: Child,
    /// Tells when all that it printed is in its log, where somebody keeps that.
    pub written: Option<Written>,
}

/// Starts the worker. When this fails, nothing was started.
pub fn spawn(launch: &Launch) -> Result<Spawned, LaunchError> {
    let mut command = prepare(launch)?;
    let (out, err) = log::open(&launch.log)?;
    command.stdout(out).stderr(err);
    begin(command)
}

/// The same, with a log that stays within bounds: the program with the arguments
/// `keeper` reads what the worker prints, and writes the log.
pub fn spawn_kept(launch: &Launch, keeper: &[OsString]) -> Result<Spawned, LaunchError> {
    let mut command = prepare(launch)?;
    log::create(&launch.log)?;
    let keeper = keeper::start(keeper, &launch.env)?;
    let failed = |source| LaunchError::Keeper { source };
    let (out, err) = keeper.handles().map_err(failed)?;
    command.stdout(out).stderr(err);
    let spawned = begin(command)?;
    Ok(Spawned {
        written: Some(keeper.written),
        ..spawned
    })
}

/// The worker's command, but for where it prints to.
fn prepare(launch: &Launch) -> Result<Command, LaunchError> {
    check_folder(&launch.cwd)?;
    let mut command = command(launch)?;
    command.stdin(Stdio::null());
    detach::before_exec(&mut command);
    Ok(command)
}

/// Whether a worker can stand in this folder.
fn check_folder(cwd: &Path) -> Result<(), LaunchError> {
    let path = cwd.to_owned();
    match cwd.metadata() {
        Ok(meta) if meta.is_dir() => Ok(()),
        Err(source)
            if !matches!(
                source.kind(),
                ErrorKind::NotFound | ErrorKind::NotADirectory
            ) =>
        {
            Err(LaunchError::Cwd { path, source })
        }
        _ => Err(LaunchError::CwdMissing { path }),
    }
}

/// The program in its folder, with exactly its environment.
fn command(launch: &Launch) -> Result<Command, LaunchError> {
    let (name, arguments) = launch.argv.split_first().ok_or(LaunchError::NoProgram)?;
    let program = program::find(name, &launch.env)?;
    let mut command = Command::new(&program);
    command.arg0(name).args(arguments).current_dir(&launch.cwd);
    command
        .env_clear()
        .envs(launch.env.iter().map(|(name, value)| (name, value)));
    Ok(command)
}

fn begin(mut command: Command) -> Result<Spawned, LaunchError> {
    let child = command.spawn().map_err(|source| LaunchError::Exec {
        program: PathBuf::from(command.get_program()),
        source,
    })?;
    identified(child)
}

/// Whether the program that these arguments name could be started: it is on
/// the `PATH` of `env` and may be executed.
pub fn check_program(argv: &[OsString], env: &[(OsString, OsString)]) -> Result<(), LaunchError> {
    let name = argv.first().ok_or(LaunchError::NoProgram)?;
    program::find(name, env).map(drop)
}

/// The child cannot lose its number here: it is not reaped before `wait`.
fn identified(mut child: Child) -> Result<Spawned, LaunchError> {
    let found = Identity::of(child.id())
        .and_then(|found| found.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound)));
    match found {
        Ok(identity) => Ok(Spawned {
            identity,
            child,
            written: None,
        }),
        Err(source) => {
            // A worker that nobody could ever tell from a stranger must not
            // stay; that it is gone already is all that can go wrong.
            let _ = child.kill();
            let _ = child.wait();
            Err(LaunchError::Unidentified { source })
        }
    }
}

/// How the worker ended, if it does so within the given time. Reaps it then.
pub fn exited_early(spawned: &mut Spawned, within: Duration) -> io::Result<Option<ExitStatus>> {
    if let Some(status) = spawned.child.try_wait()? {
        return Ok(Some(status));
    }
    // Not reaped yet, so the number still means this child.
    let end = pidfd_open(Pid::from_child(&spawned.child), PidfdFlags::empty())?;
    await_all(&[end.as_fd()], within)?;
    spawned.child.try_wait()
}

#[cfg(test)]
mod tests;
