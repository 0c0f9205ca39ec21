//! The name that a runtime gives to a conversation.
//!
//! It comes from outside and becomes an argument of a command line, so there
//! is one way to make one, and what could be taken for an option or a path is
//! none.

use std::fmt;

const LONGEST: usize = 128;

/// A runtime's own ID of a conversation: letters, digits, `.`, `_` and `-`, at
/// most 128 of them, not beginning with `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation(String);

impl Conversation {
    /// The ID, if it is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_id = !text.is_empty()
            && text.len() <= LONGEST
            && !text.starts_with('-')
            && text.bytes().all(allowed);
        is_id.then(|| Self(text.to_owned()))
    }

    /// The ID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_something_else_is_no_id() {
        for good in ["0b9f-44", "ses_7Xk.2", "a", &"x".repeat(128)] {
            assert_eq!(Conversation::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "-p", "--resume", "a b", "a/b", "a\n", "é", "$(id)"] {
            assert_eq!(Conversation::parse(bad), None, "{bad:?}");
        }
        assert_eq!(Conversation::parse(&"x".repeat(129)), None);
    }
}
