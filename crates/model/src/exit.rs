//! The four ways for an agent to end. There is no other.

use std::fmt;

/// How an agent ended its work, as `gt done` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The work is done and a merge request filed, or closed with `--no-mr`.
    Completed,
    /// A human has to decide something; the hook stays, parked.
    Escalated,
    /// The work is put down; whoever gets it continues from its branch.
    Deferred,
    /// This phase is done; the next one starts when a gate opens.
    PhaseComplete,
}

/// Why a text is no exit state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an exit state: use COMPLETED, ESCALATED, DEFERRED or PHASE_COMPLETE", .0.escape_debug())]
pub struct ExitError(String);

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Completed => "COMPLETED",
            Self::Escalated => "ESCALATED",
            Self::Deferred => "DEFERRED",
            Self::PhaseComplete => "PHASE_COMPLETE",
        })
    }
}

impl std::str::FromStr for Exit {
    type Err = ExitError;

    fn from_str(text: &str) -> Result<Self, ExitError> {
        match text.to_ascii_uppercase().replace('-', "_").as_str() {
            "COMPLETED" => Ok(Self::Completed),
            "ESCALATED" => Ok(Self::Escalated),
            "DEFERRED" => Ok(Self::Deferred),
            "PHASE_COMPLETE" => Ok(Self::PhaseComplete),
            _ => Err(ExitError(text.chars().take(40).collect())),
        }
    }
}
