//! The states of a bead.

use std::fmt;

/// Where a bead stands in its life.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Nobody works on it.
    Open,
    /// Slung onto an agent's hook, not yet picked up.
    Hooked,
    /// Somebody works on it.
    InProgress,
    /// An agent asked for help; its hook is parked.
    Escalated,
    /// Put down until somebody releases it.
    Deferred,
    /// The work is done and waits to be merged. Not yet closed.
    Completed,
    /// Over: landed, or closed by hand.
    Closed,
    /// A state of the user's own, or an imported one (`blocked`, `pinned`, …).
    Custom(Box<str>),
}

/// Why a text is no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a status: use open, in_progress, deferred, closed or a word of your own (a-z, 0-9, `_`, `-`); \
     hooked, escalated and completed are set by gt", .0.escape_debug()
)]
pub struct StatusError(String);

impl Status {
    /// Reads a state.
    pub fn parse(text: &str) -> Result<Self, StatusError> {
        Ok(match text {
            "open" => Self::Open,
            "hooked" => Self::Hooked,
            "in_progress" | "in-progress" => Self::InProgress,
            "escalated" => Self::Escalated,
            "deferred" => Self::Deferred,
            "completed" => Self::Completed,
            "closed" => Self::Closed,
            other
                if other.starts_with(|c: char| c.is_ascii_lowercase())
                    && crate::text::is_name(other) =>
            {
                Self::Custom(other.into())
            }
            other => return Err(StatusError(other.chars().take(40).collect())),
        })
    }

    /// The state's name on disk.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Open => "open",
            Self::Hooked => "hooked",
            Self::InProgress => "in_progress",
            Self::Escalated => "escalated",
            Self::Deferred => "deferred",
            Self::Completed => "completed",
            Self::Closed => "closed",
            Self::Custom(name) => name,
        }
    }

    /// Whether the bead no longer stands in anybody's way. Tombstones of
    /// imported beads count as closed.
    pub fn is_closed(&self) -> bool {
        *self == Self::Closed || self.as_str() == "tombstone"
    }

    /// Whether a hook may hold a bead in this state.
    pub fn is_on_a_hook(&self) -> bool {
        matches!(self, Self::Hooked | Self::InProgress | Self::Escalated)
    }

    /// Whether the state waits for somebody to begin: open, or a custom state
    /// other than the imported words that mean otherwise.
    pub fn is_waiting(&self) -> bool {
        match self {
            Self::Open => true,
            Self::Custom(name) => !matches!(name.as_ref(), "blocked" | "pinned" | "tombstone"),
            _ => false,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Status {
    type Err = StatusError;

    fn from_str(text: &str) -> Result<Self, StatusError> {
        Self::parse(text)
    }
}
