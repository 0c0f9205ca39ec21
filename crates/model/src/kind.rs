//! Types of beads.

use std::fmt;

/// The type of a bead: one of the standard words, or any custom name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind(Box<str>);

/// Why a text is no type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a type: use bug, feature, task, epic, chore, decision, spike, story, milestone, \
     or a name of your own of a-z, 0-9, `_` and `-`", .0.escape_debug()
)]
pub struct KindError(String);

impl Kind {
    /// Reads a type, with its aliases (`feat`, `enhancement`, `dec`, `adr`,
    /// `mr`, `mol`).
    pub fn parse(text: &str) -> Result<Self, KindError> {
        let lower = text.to_ascii_lowercase();
        let name = match lower.as_str() {
            "enhancement" | "feat" => "feature",
            "dec" | "adr" => "decision",
            "mr" => "merge-request",
            "mol" => "molecule",
            other if crate::text::is_name(other) => other,
            _ => return Err(KindError(text.chars().take(40).collect())),
        };
        Ok(Self(name.into()))
    }

    /// The type's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The type of merge requests.
    pub fn merge_request() -> Self {
        Self("merge-request".into())
    }

    /// Whether beads of this type are machinery that `ready` leaves out unless
    /// asked for.
    pub fn is_machinery(&self) -> bool {
        matches!(
            self.as_str(),
            "merge-request" | "gate" | "molecule" | "message" | "agent" | "convoy" | "event"
        )
    }
}

impl Default for Kind {
    fn default() -> Self {
        Self("task".into())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for Kind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, KindError> {
        Self::parse(text)
    }
}
