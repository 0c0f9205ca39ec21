//! What every error can say of itself, so that it is classified in one place.

/// The kind of a failure. Each has an exit status of its own, which scripts
/// may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Anything that has no class of its own.
    Failed,
    /// The command line or an input is wrong.
    Usage,
    /// No such bead, convoy, hook or mail.
    NotFound,
    /// The state of things does not allow it.
    Refused,
    /// A file cannot be read, or says what it must not.
    Damaged,
    /// There is no store here, or no repository.
    NoStore,
    /// Somebody else is at it; later it may go.
    Busy,
    /// The machine: disk, permissions, git, a program that is missing.
    Environment,
}

impl Class {
    /// All of them, in the order of their exit statuses.
    pub const ALL: [Self; 8] = [
        Self::Failed,
        Self::Usage,
        Self::NotFound,
        Self::Refused,
        Self::Damaged,
        Self::NoStore,
        Self::Busy,
        Self::Environment,
    ];

    /// The exit status of a command that fails so.
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Refused => 4,
            Self::Damaged => 5,
            Self::NoStore => 6,
            Self::Busy => 7,
            Self::Environment => 8,
        }
    }

    /// The word for it in JSON errors.
    pub fn code(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::NotFound => "not_found",
            Self::Refused => "refused",
            Self::Damaged => "damaged",
            Self::NoStore => "no_store",
            Self::Busy => "busy",
            Self::Environment => "environment",
        }
    }
}

/// An error that knows its class and what to do next.
pub trait Fault: std::error::Error {
    /// What kind of failure it is.
    fn class(&self) -> Class;

    /// What to do next, as a sentence.
    fn hint(&self) -> Option<String>;

    /// What happened and what to do next in one line, for a warning.
    fn in_one_line(&self) -> String {
        match self.hint() {
            Some(hint) => format!("{self}; {hint}"),
            None => self.to_string(),
        }
    }
}
