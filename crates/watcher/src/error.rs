//! Why a watcher cannot watch.

use model::{Class, Fault};
use std::io;
use std::path::{Path, PathBuf};

/// An error that ends a watcher, or keeps it from beginning.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store, or an operation on it.
    #[error(transparent)]
    Town(#[from] town::Error),
    /// Another one is at work in this clone.
    #[error("a watcher is at work in this clone already{}", .pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
    Taken {
        /// Its process, where that is known.
        pid: Option<u32>,
    },
    /// The lock of the watcher is not the file that it was.
    #[error("{} was replaced: this watcher no longer knows that it is alone", .0.display())]
    LockLost(PathBuf),
    /// The system refused something.
    #[error("cannot {what}: {source}")]
    System {
        /// Completes "cannot …".
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// The one that was started in the background ended at once: how, and the
    /// last lines of its log.
    #[error("the watcher ended as soon as it was started: {0}")]
    EndedAtOnce(String),
    /// The one that was started in the background has not said that it is at work.
    #[error("the watcher was started (pid {pid}) and has not said yet that it is at work")]
    Silent {
        /// Its process.
        pid: u32,
        /// Where its output goes.
        log: PathBuf,
    },
    /// It was asked to stop, and has not.
    #[error("the watcher (pid {0}) was asked to stop and has not done so yet")]
    StillRunning(u32),
}

impl Error {
    pub(crate) fn system(what: impl Into<String>, source: impl Into<io::Error>) -> Self {
        Self::System {
            what: what.into(),
            source: source.into(),
        }
    }

    /// A file that could not be used.
    pub(crate) fn of_file(verb: &'static str, path: &Path, source: &io::Error) -> Self {
        Self::Town(town::Error::io(verb, path, source))
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Town(error.into())
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Town(error) => error.class(),
            Self::Taken { .. } | Self::StillRunning(_) => Class::Busy,
            Self::LockLost(_) => Class::Refused,
            Self::System { .. } => Class::Environment,
            Self::EndedAtOnce(_) | Self::Silent { .. } => Class::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Town(error) => error.hint(),
            Self::Taken { .. } => Some("`gt down` stops it; `gt status` shows what it does".into()),
            Self::LockLost(_) => Some("`gt up` starts a new one".into()),
            Self::StillRunning(_) => Some(
                "it ends when the merge it is in the middle of is done; repeat the command".into(),
            ),
            Self::EndedAtOnce(_) => {
                Some("`gt up --foreground` shows what keeps it from running".into())
            }
            Self::Silent { pid, log } => Some(format!(
                "`gt status` shows it once it is, and {} what it said; `kill {pid}` ends it",
                log.display()
            )),
            Self::System { .. } => None,
        }
    }
}
