//! The two ways to run a worker.

use std::fmt;

/// How a worker is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionKind {
    /// A detached process, whose output goes to a log.
    #[default]
    Process,
    /// A session of tmux, which people can attach to.
    Tmux,
}

/// Why a text is no way to run a worker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no kind of session: use process or tmux", .0.escape_debug())]
pub struct SessionKindError(String);

impl SessionKind {
    /// Its name, as configuration and files say it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Tmux => "tmux",
        }
    }
}

impl fmt::Display for SessionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for SessionKind {
    type Err = SessionKindError;

    fn from_str(text: &str) -> Result<Self, SessionKindError> {
        match text {
            "process" => Ok(Self::Process),
            "tmux" => Ok(Self::Tmux),
            _ => Err(SessionKindError(text.chars().take(40).collect())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for kind in [SessionKind::Process, SessionKind::Tmux] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        let error = "Tmux\u{1b}".parse::<SessionKind>().unwrap_err();
        assert!(error.to_string().contains("Tmux\\u{1b}"), "{error}");
    }
}
