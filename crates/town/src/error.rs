//! What an operation can fail with.

use agent::launch::LaunchError;
use model::{Class, Fault, Id, Refusal};
use std::path::Path;

/// An error of an operation: what happened, and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Git.
    #[error(transparent)]
    Git(#[from] git::Error),
    /// A worker, or what belongs to one, cannot be started.
    #[error("cannot start the agent: {0}")]
    Launch(#[from] LaunchError),
    /// A bead's state does not allow it.
    #[error("{id}: {refusal}")]
    Refusal {
        /// The bead.
        id: Id,
        /// The state, what was asked and what to do instead.
        refusal: Refusal,
    },
    /// An agent's hook holds another bead.
    #[error("the hook of {agent} holds {by}")]
    HookTaken {
        /// The agent.
        agent: model::Address,
        /// What is on its hook.
        by: Id,
    },
    /// Anything else, in words.
    #[error("{message}")]
    Told {
        /// Its class.
        class: Class,
        /// What happened.
        message: String,
        /// What to do next.
        hint: Option<String>,
    },
}

impl Error {
    /// An error of this class without a hint.
    pub fn new(class: Class, message: impl Into<String>) -> Self {
        Self::Told {
            class,
            message: message.into(),
            hint: None,
        }
    }

    /// The state of things does not allow it.
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Class::Refused, message).with_hint(hint)
    }

    /// The command line or an input is wrong.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Class::Usage, message).with_hint(hint)
    }

    /// Something is not there.
    pub fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Class::NotFound, message).with_hint(hint)
    }

    /// The machine does not allow it.
    pub fn environment(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Class::Environment, message).with_hint(hint)
    }

    /// A file that could not be used.
    pub fn io(verb: &'static str, path: &Path, error: &std::io::Error) -> Self {
        store::Error::from(store::error::PathError::io(verb, path, error)).into()
    }

    /// Whether it may go by itself: somebody holds a lock, or the machine is short
    /// of something.
    pub fn may_pass(&self) -> bool {
        let is_shortage = match self {
            Self::Store(error) => error.is_shortage(),
            Self::Git(error) => error.is_shortage(),
            Self::Launch(error) => error.is_shortage(),
            _ => false,
        };
        is_shortage || self.class() == Class::Busy
    }

    /// As the problem of one file or folder, beside which others may be good; or
    /// the error, where it is not about one.
    pub fn of_file(self) -> Result<store::Problem, Self> {
        match self {
            Self::Store(error) => Ok(error.of_file()?),
            other => Err(other),
        }
    }

    /// The refusal of a transition, for one bead.
    pub fn refusal(id: &Id, refusal: Refusal) -> Self {
        Self::Refusal {
            id: id.clone(),
            refusal,
        }
    }

    /// The same error with what to do next.
    pub fn with_hint(self, text: impl Into<String>) -> Self {
        match self {
            Self::Told { class, message, .. } => Self::Told {
                class,
                message,
                hint: Some(text.into()),
            },
            other => other,
        }
    }
}

impl From<store::Problem> for Error {
    fn from(problem: store::Problem) -> Self {
        store::Error::from(problem).into()
    }
}

impl From<store::error::PathError> for Error {
    fn from(error: store::error::PathError) -> Self {
        store::Error::from(error).into()
    }
}

impl From<store::locate::LocateError> for Error {
    fn from(error: store::locate::LocateError) -> Self {
        store::Error::from(error).into()
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Store(error) => error.class(),
            Self::Git(git::Error::Locked { .. } | git::Error::StillRunning { .. }) => Class::Busy,
            Self::Git(
                git::Error::Dirty { .. }
                | git::Error::BranchExists { .. }
                | git::Error::Occupied { .. },
            ) => Class::Refused,
            Self::Git(_) | Self::Launch(_) => Class::Environment,
            Self::Refusal { .. } | Self::HookTaken { .. } => Class::Refused,
            Self::Told { class, .. } => *class,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Store(error) => error.hint(),
            Self::Git(error) => git_hint(error),
            Self::Launch(error) => error.hint(),
            Self::Refusal { id, refusal } => Some(refusal.remedy_for(id)),
            Self::HookTaken { by, .. } => Some(format!(
                "end that first (`gt done`), or take it off: `gt unsling {by}`"
            )),
            Self::Told { hint, .. } => hint.clone(),
        }
    }
}

fn git_hint(error: &git::Error) -> Option<String> {
    let hint = match error {
        git::Error::NotInstalled => "install git 2.40 or newer",
        git::Error::TooOld { .. } => "install a newer git, or put one first on PATH",
        git::Error::TimedOut { .. } => "check the network and the remote, then repeat",
        git::Error::Locked { .. } | git::Error::StillRunning { .. } => {
            "wait for the other process to end, then repeat"
        }
        git::Error::Dirty { .. } => "commit the changes there, or put them away",
        _ => return None,
    };
    Some(hint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::io::Errno;
    use store::error::PathError;

    #[test]
    fn only_what_is_held_or_short_may_pass() {
        let of = |errno| Error::from(PathError::new("write", Path::new("note"), errno));
        for errno in [Errno::MFILE, Errno::NFILE, Errno::NOMEM, Errno::NOSPC] {
            assert!(of(errno).may_pass(), "{errno}");
        }
        assert!(Error::new(Class::Busy, "it is locked").may_pass());
        for errno in [Errno::ISDIR, Errno::ACCESS, Errno::IO, Errno::ROFS] {
            assert!(!of(errno).may_pass(), "{errno}");
        }
        let exec = |errno: Errno| {
            Error::from(LaunchError::Exec {
                program: "/bin/true".into(),
                source: errno.into(),
            })
        };
        assert!(exec(Errno::AGAIN).may_pass(), "no more processes");
        assert!(!exec(Errno::ACCESS).may_pass());
        let git = |stderr: &str| {
            Error::from(git::Error::Failed {
                what: "fill a worktree".to_owned(),
                args: "read-tree".to_owned(),
                status: Some(128),
                stderr: stderr.to_owned(),
            })
        };
        assert!(git("fatal: unable to write: No space left on device").may_pass());
        assert!(!git("fatal: not a tree object").may_pass());
        let damaged = store::Problem::new(Path::new("session"), "is empty", "restore it");
        assert!(!Error::from(damaged).may_pass());
        assert!(!Error::environment("claude is not installed", "install it").may_pass());
    }
}
