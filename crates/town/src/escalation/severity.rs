//! How urgent an escalation is, and whom that reaches.
//!
//! Pure. A table, so that the route of every severity is in one place.

use model::{Address, Priority};
use std::fmt;

/// How urgent an escalation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Severity {
    /// Everything waits for it.
    Critical,
    /// Work has stopped, and somebody has to decide. The default.
    #[default]
    High,
    /// Work has stopped, and can wait for a while.
    Medium,
    /// Good to know.
    Low,
}

/// Why a text is no severity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a severity: use critical, high, medium or low", .0.escape_debug())]
pub struct SeverityError(String);

impl Severity {
    /// All of them, most urgent first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// Who gets mail: the mayor always, the overseer unless it is low.
    pub fn receivers(self) -> &'static [Address] {
        match self {
            Self::Low => &[Address::Mayor],
            _ => &[Address::Mayor, Address::Overseer],
        }
    }

    /// Whether the user's own notification command runs.
    pub fn notifies(self) -> bool {
        matches!(self, Self::Critical | Self::High)
    }

    /// The priority of the mail.
    pub fn priority(self) -> Priority {
        Priority::parse(self.as_str()).unwrap_or_default()
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Severity {
    type Err = SeverityError;

    fn from_str(text: &str) -> Result<Self, SeverityError> {
        let lower = text.trim().to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|it| it.as_str() == lower)
            .ok_or_else(|| SeverityError(text.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes() {
        let route = |it: Severity| (it.receivers().len(), it.notifies(), it.priority().level());
        assert_eq!(route(Severity::Critical), (2, true, 0));
        assert_eq!(route(Severity::High), (2, true, 1));
        assert_eq!(route(Severity::Medium), (2, false, 2));
        assert_eq!(route(Severity::Low), (1, false, 3));
    }

    #[test]
    fn words() {
        for severity in Severity::ALL {
            assert_eq!(severity.as_str().parse(), Ok(severity));
        }
        assert_eq!("HIGH".parse(), Ok(Severity::High));
        assert!("urgent".parse::<Severity>().is_err());
    }
}
