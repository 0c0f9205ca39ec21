//! Object names: 40 or 64 lower-case hexadecimal digits, nothing else.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// The full name of a git object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(String);

impl Oid {
    /// Reads a full object name; abbreviations are refused.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let digits = matches!(text.len(), 40 | 64)
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !digits {
            return Err(Error::Invalid {
                kind: "object name",
                text: text.to_owned(),
                reason: "it needs 40 or 64 lower-case hexadecimal digits",
            });
        }
        Ok(Self(text.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first ten digits, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[..10]
    }

    /// Whether this is git's way to say "no object".
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.bytes().all(|byte| byte == b'0')
    }

    pub(crate) fn from_line(bytes: &[u8]) -> Result<Self, Error> {
        Self::parse(&crate::parse::line(bytes))
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Oid {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Oid {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_full_lower_case_names_pass() {
        assert!(Oid::parse(&"a1".repeat(20)).is_ok());
        assert!(Oid::parse(&"a1".repeat(32)).is_ok());
        for bad in ["", "HEAD", "abc123", &"A1".repeat(20), &"g1".repeat(20)] {
            assert!(Oid::parse(bad).is_err(), "{bad}");
        }
        assert!(Oid::parse(&"0".repeat(40)).expect("digits").is_zero());
    }
}
