//! Priorities: 0 (most urgent) to 4.

use std::fmt;

/// 0 critical, 1 high, 2 medium (the default), 3 low, 4 backlog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Priority(u8);

/// Why a text is no priority.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a priority: use 0 to 4, P0 to P4, or critical, high, medium, low, backlog", .0.escape_debug())]
pub struct PriorityError(String);

impl Priority {
    /// Reads `0`-`4`, `P0`-`P4` or a word.
    pub fn parse(text: &str) -> Result<Self, PriorityError> {
        let lower = text.to_ascii_lowercase();
        let level = match lower.strip_prefix('p').unwrap_or(&lower) {
            "0" => 0,
            "1" => 1,
            "2" => 2,
            "3" => 3,
            "4" => 4,
            _ => match lower.as_str() {
                "critical" => 0,
                "high" => 1,
                "medium" => 2,
                "low" => 3,
                "backlog" => 4,
                _ => return Err(PriorityError(text.chars().take(40).collect())),
            },
        };
        Ok(Self(level))
    }

    /// The number, 0 to 4.
    pub fn level(self) -> u8 {
        self.0
    }
}

impl Default for Priority {
    fn default() -> Self {
        Self(2)
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{}", self.0)
    }
}

impl std::str::FromStr for Priority {
    type Err = PriorityError;

    fn from_str(text: &str) -> Result<Self, PriorityError> {
        Self::parse(text)
    }
}
