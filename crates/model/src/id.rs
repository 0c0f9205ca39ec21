//! Identifiers of beads, merge requests, molecules and convoys.
//!
//! [`Id::parse`] is the one constructor, and nothing becomes a path without
//! it: an `Id` never holds a slash, a control character, `..` or a leading
//! dash.

use std::fmt;

/// The longest identifier, in bytes.
const MAX: usize = 120;

/// The longest identifier of a merge request: that of the longest bead, with
/// what [`Id::merge_request`] adds to it.
const MAX_MERGE_REQUEST: usize = MAX + "-mr".len() + ".4294967295".len();

/// How deep children nest: `gt-abc12.x1y.k3m.0af` is the deepest.
const MAX_CHILDREN: usize = 3;

/// An identifier: `gt-abc12`, a child `gt-abc12.k3x`, a merge request
/// `gt-mr-abc12.2`, a convoy `hq-cv-7x2k9`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(Box<str>);

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an ID: {why} (an ID looks like gt-abc12)", text.escape_debug())]
pub struct IdError {
    text: String,
    why: &'static str,
}

impl Id {
    /// Checks and wraps an identifier.
    ///
    /// The grammar is `prefix-suffix`, hyphens in the prefix allowed, each
    /// part of ASCII letters, digits and `_`, then up to three `.child` parts.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        match flaw(text) {
            None => Ok(Self(text.into())),
            Some(why) => Err(IdError {
                text: text.chars().take(MAX).collect(),
                why,
            }),
        }
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the first `.`: the bead itself for a bead without parent.
    pub fn root(&self) -> &str {
        self.0.split('.').next().unwrap_or(&self.0)
    }

    /// The root's part after its last hyphen: `abc12` of `gt-mr-abc12.2`.
    pub fn suffix(&self) -> &str {
        self.root().rsplit('-').next().unwrap_or_default()
    }

    /// Everything before the suffix: `gt` of `gt-abc12`, `gt-mr` of
    /// `gt-mr-abc12.2`.
    pub fn prefix(&self) -> &str {
        let root = self.root();
        &root[..root.len() - self.suffix().len() - 1]
    }

    /// Everything after the prefix and its hyphen, children included.
    pub fn tail(&self) -> &str {
        &self.0[self.prefix().len() + 1..]
    }

    /// The folder that holds the object's file: the first character of the
    /// suffix, lower-cased, or `_` where that is no letter or digit. 36 folders
    /// keep git fast at 100,000 files.
    pub fn shard(&self) -> &'static str {
        const NAMES: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
        let first = self.suffix().chars().next().map(|c| c.to_ascii_lowercase());
        first
            .and_then(|c| NAMES.find(c))
            .map_or("_", |at| &NAMES[at..=at])
    }

    /// The identifier of a child of this one.
    pub fn child(&self, part: &str) -> Result<Self, IdError> {
        Self::parse(&format!("{self}.{part}"))
    }

    /// The identifier of the merge request for one attempt at this bead:
    /// `<prefix>-mr-<tail>.<attempt>`. A child's dot becomes an underscore, so
    /// that every merge request is one level deep.
    pub fn merge_request(&self, attempt: u32) -> Self {
        let tail = self.tail().replace('.', "_");
        Self(format!("{}-mr-{tail}.{attempt}", self.prefix()).into())
    }

    /// Whether the identifier belongs to a store of this prefix: `gt-abc12`
    /// and `gt-mr-abc12.2` do to `gt`.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.0
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with('-'))
    }
}

/// The shards that a store may have, in order.
pub fn shards() -> impl Iterator<Item = &'static str> {
    const NAMES: &str = "_0123456789abcdefghijklmnopqrstuvwxyz";
    (0..NAMES.len()).map(|at| &NAMES[at..=at])
}

/// Whether a text may be the prefix of a rig: lower-case parts joined by
/// single hyphens, 32 bytes at most.
pub fn is_prefix(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

fn flaw(text: &str) -> Option<&'static str> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let mut parts = text.split('.');
    let root = parts.next().unwrap_or_default();
    if text.is_empty() {
        Some("it is empty")
    } else if text.len() > MAX_MERGE_REQUEST || (text.len() > MAX && !root.contains("-mr-")) {
        Some("it is longer than 120 bytes")
    } else if root.starts_with('-') {
        Some("it begins with `-`")
    } else if !root.contains('-') {
        Some("it has no prefix")
    } else if !root.split('-').all(is_part) {
        Some("the parts between hyphens must be letters, digits or `_`")
    } else if !parts.clone().all(is_part) {
        Some("what follows a `.` must be letters, digits or `_`")
    } else if parts.count() > MAX_CHILDREN {
        Some("children nest at most three deep")
    } else {
        None
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}

impl From<&Id> for String {
    fn from(id: &Id) -> Self {
        id.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Id {
        Id::parse(text).unwrap()
    }

    #[test]
    fn parts() {
        let mr = id("claude-os-mr-7g4.2");
        assert_eq!(
            (mr.prefix(), mr.suffix(), mr.tail(), mr.root()),
            ("claude-os-mr", "7g4", "7g4.2", "claude-os-mr-7g4")
        );
        assert_eq!(id("gt-abc12").shard(), "a");
        assert_eq!(id("gt-Zbc12.k3x").shard(), "z");
        assert_eq!(id("gt-_bc").shard(), "_");
        assert_eq!(id("gt-abc12").merge_request(2), id("gt-mr-abc12.2"));
        assert_eq!(id("gt-abc12.k3x").merge_request(1), id("gt-mr-abc12_k3x.1"));
        assert!(id("gt-mr-abc12.2").has_prefix("gt") && !id("gtx-a").has_prefix("gt"));
    }

    #[test]
    fn refused() {
        for text in [
            "",
            "abc",
            "-x",
            "--help",
            "gt-",
            "gt-a/b",
            "gt-..",
            "../gt-a",
            "gt-a..b",
            "gt-a\n",
            "gt-a\u{7}",
            "gt-a.1.2.3.4",
            "gt-ä",
        ] {
            assert!(Id::parse(text).is_err(), "{text:?}");
        }
        assert!(Id::parse(&format!("gt-{}", "a".repeat(200))).is_err());
    }
}
