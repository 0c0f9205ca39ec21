//! What can go wrong when git is run, in words that complete "error: ".

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::version::Version;

/// The result of everything in this crate that has no error of its own.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of git, of its answer, or of the files around it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no `git` on `PATH`.
    #[error("git is not installed, or not on PATH")]
    NotInstalled,
    /// The installed git lacks what this crate needs.
    #[error("git {found} is too old: {needed} or newer is needed")]
    TooOld {
        /// The version that was found.
        found: Version,
        /// The oldest version that will do.
        needed: Version,
    },
    /// git ran and said no.
    #[error("{what}: `git {args}` failed ({}): {}", code(*status), stderr.trim_end())]
    Failed {
        /// What was being done, such as "read the status".
        what: String,
        /// The arguments, without the fixed configuration before them.
        args: String,
        /// The exit code; `None` when a signal ended git.
        status: Option<i32>,
        /// What git wrote to standard error.
        stderr: String,
    },
    /// git took longer than it was given, and was killed with its children.
    #[error("{what}: `git {args}` was stopped after {} s", limit.as_secs())]
    TimedOut {
        /// What was being done.
        what: String,
        /// The arguments, without the fixed configuration before them.
        args: String,
        /// The time it was given.
        limit: Duration,
    },
    /// A file or folder around git could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// git answered in a form that is not known here.
    #[error("cannot understand the answer of {what}: {text:?}")]
    Parse {
        /// What was asked.
        what: &'static str,
        /// The part that makes no sense.
        text: String,
    },
    /// A name that git would refuse, or read as something else.
    #[error("{text:?} is not a valid {kind}: {reason}")]
    Invalid {
        /// The kind of name.
        kind: &'static str,
        /// The name.
        text: String,
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// Somebody else has held a lock for the whole time we could wait.
    #[error("{} is still locked by another process after {} s", path.display(), waited.as_secs())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// How long it was waited for.
        waited: Duration,
    },
    /// A git process that an earlier run of ours left behind is at work.
    #[error("git process {pid}, left behind by an earlier run, is still at work in {}", path.display())]
    StillRunning {
        /// The process.
        pid: u32,
        /// What it works on.
        path: PathBuf,
    },
    /// A branch that was to be created is there, at another commit.
    #[error("branch {branch} exists already, at {at}")]
    BranchExists {
        /// The branch.
        branch: crate::BranchName,
        /// Where it is.
        at: crate::Oid,
    },
    /// A worktree's name or directory is taken by something else.
    #[error("cannot make the worktree {}: {reason}", path.display())]
    Occupied {
        /// The directory or admin folder that is taken.
        path: PathBuf,
        /// By what.
        reason: String,
    },
    /// A worktree that was to be removed has work that no commit holds.
    #[error("{} has uncommitted work: {}", path.display(), crate::parse::listed(paths))]
    Dirty {
        /// The worktree.
        path: PathBuf,
        /// The paths with changes.
        paths: Vec<PathBuf>,
    },
}

/// What the system says when it is short of room, memory, open files or processes,
/// as git repeats it.
const SHORTAGES: &[&str] = &[
    "No space left on device",
    "Disk quota exceeded",
    "Cannot allocate memory",
    "Too many open files",
    "Resource temporarily unavailable",
];

impl Error {
    /// Whether the machine is short of something, here or where git was at work.
    pub fn is_shortage(&self) -> bool {
        let said = match self {
            Self::Failed { stderr, .. } => stderr,
            Self::Io { source, .. } => &source.to_string(),
            _ => return false,
        };
        SHORTAGES.iter().any(|shortage| said.contains(shortage))
    }

    /// Builds the `map_err` argument for an IO error at `path`.
    pub(crate) fn io<'a>(
        action: &'static str,
        path: &'a Path,
    ) -> impl FnOnce(io::Error) -> Self + 'a {
        move |source| Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn parse(what: &'static str, bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        Self::Parse { what, text }
    }
}

fn code(status: Option<i32>) -> String {
    status.map_or_else(
        || "killed by a signal".to_owned(),
        |code| format!("exit {code}"),
    )
}
