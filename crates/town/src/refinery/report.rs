//! What the refinery tells of its work.

use crate::error::Error;
use model::{Fault, Id};
use serde::Serialize;
use std::fmt;

/// One step or result, with everything as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each field is named for what it holds")]
pub enum Report {
    /// A gate runs, on the merged tree or on the target alone.
    Gate {
        merge_request: String,
        gate: String,
        on: String,
    },
    /// A gate has ended.
    GateEnded {
        merge_request: String,
        gate: String,
        green: bool,
        how: String,
    },
    /// The target moved meanwhile; the work is merged anew.
    Moved {
        merge_request: String,
        target: String,
    },
    /// It is on the target.
    Landed {
        merge_request: String,
        bead: String,
        target: String,
        commit: String,
        /// What did not follow, such as the local branch behind a remote.
        note: Option<String>,
    },
    /// It went back to be worked on.
    SentBack {
        merge_request: String,
        bead: String,
        outcome: String,
        reason: String,
    },
    /// It is void: its bead went on without it.
    Superseded {
        merge_request: String,
        bead: String,
        reason: String,
    },
    /// It has to wait.
    Waiting {
        merge_request: String,
        reason: String,
    },
    /// Another host's refinery merges it.
    Elsewhere { merge_request: String, host: String },
    /// It could not be dealt with; the next run tries again.
    Failed {
        merge_request: String,
        error: String,
        hint: Option<String>,
    },
    /// A file of the queue cannot be read.
    Unreadable { problem: String, remedy: String },
    /// The branch of landed work is gone, and its worktree.
    Removed { branch: String },
    /// Something of landed work stays.
    Kept { branch: String, reason: String },
}

/// What became of everything a run looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// One for each merge request, in order.
    pub results: Vec<Report>,
}

impl Summary {
    /// Whether anything could not be dealt with.
    pub fn has_failures(&self) -> bool {
        let failed = |it: &Report| matches!(it, Report::Failed { .. } | Report::Unreadable { .. });
        self.results.iter().any(failed)
    }

    pub(super) fn has_landed(&self, bead: &Id) -> bool {
        self.results
            .iter()
            .any(|it| matches!(it, Report::Landed { bead: landed, .. } if landed == bead.as_str()))
    }
}

impl Report {
    /// Whether it says what became of a merge request, rather than what is
    /// being done.
    pub fn is_result(&self) -> bool {
        matches!(self, Self::Waiting { .. } | Self::Elsewhere { .. })
            || matches!(self, Self::Failed { .. } | Self::Unreadable { .. })
            || self.is_an_end()
    }

    /// Whether the merge request is over.
    pub fn is_an_end(&self) -> bool {
        matches!(
            self,
            Self::Landed { .. } | Self::SentBack { .. } | Self::Superseded { .. }
        )
    }

    pub(super) fn waiting(id: &Id, reason: impl Into<String>) -> Self {
        Self::Waiting {
            merge_request: id.to_string(),
            reason: reason.into(),
        }
    }

    pub(super) fn failed(id: &Id, error: &Error) -> Self {
        Self::Failed {
            merge_request: id.to_string(),
            error: error.to_string(),
            hint: error.hint(),
        }
    }

    pub(super) fn unreadable(problem: &store::Problem) -> Self {
        Self::Unreadable {
            problem: problem.to_string(),
            remedy: problem.remedy.clone(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gate {
                merge_request,
                gate,
                on,
            } => write!(f, "{merge_request}: running gate {gate} on {on}"),
            Self::GateEnded {
                merge_request,
                gate,
                how,
                ..
            } => write!(f, "{merge_request}: gate {gate} {how}"),
            Self::Moved {
                merge_request,
                target,
            } => write!(f, "{merge_request}: {target} has moved, merging anew"),
            Self::Landed {
                bead,
                target,
                commit,
                note,
                ..
            } => {
                write!(f, "Landed {bead} on {target} as {}", short(commit))?;
                note.iter().try_for_each(|note| write!(f, " ({note})"))
            }
            Self::SentBack { bead, reason, .. } => write!(f, "Sent back {bead}: {reason}"),
            Self::Superseded {
                merge_request,
                reason,
                ..
            } => write!(f, "Dropped {merge_request}: {reason}"),
            Self::Waiting {
                merge_request,
                reason,
            } => write!(f, "Waiting {merge_request}: {reason}"),
            Self::Elsewhere {
                merge_request,
                host,
            } => write!(f, "Left alone {merge_request}: host {host} merges it"),
            Self::Failed {
                merge_request,
                error,
                ..
            } => write!(f, "Failed {merge_request}: {error}"),
            Self::Unreadable { problem, .. } => write!(f, "Unreadable: {problem}"),
            Self::Removed { branch } => write!(f, "removed {branch} with its worktree"),
            Self::Kept { branch, reason } => write!(f, "kept {branch}: {reason}"),
        }
    }
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}
