//! Branch names, checked before git ever sees them.
//!
//! The rules are those of `git check-ref-format --branch`, held in memory so
//! that a name from a file cannot become an option, another reference or a path.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// The short name of a branch, such as `polecat/toast/gt-abc12`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BranchName(String);

impl BranchName {
    /// Checks a short branch name.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match broken_rule(text) {
            None => Ok(Self(text.to_owned())),
            Some(reason) => Err(Error::Invalid {
                kind: "branch name",
                text: text.to_owned(),
                reason,
            }),
        }
    }

    /// Reads a full reference; `None` when it is no branch.
    #[must_use]
    pub fn from_full_ref(reference: &str) -> Option<Self> {
        Self::parse(reference.strip_prefix("refs/heads/")?).ok()
    }

    /// The short name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The full reference, `refs/heads/…`.
    #[must_use]
    pub fn full_ref(&self) -> String {
        format!("refs/heads/{}", self.0)
    }
}

fn broken_rule(name: &str) -> Option<&'static str> {
    let forbidden = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    match name {
        "" => Some("it is empty"),
        "HEAD" => Some("HEAD is no branch"),
        "@" => Some("@ stands for HEAD"),
        _ if name.len() > 200 => Some("it is longer than 200 bytes"),
        _ if name.starts_with('-') => Some("it begins with -"),
        _ if name.starts_with("refs/") => Some("it must be the short name, without refs/"),
        _ if name.contains(forbidden) => {
            Some("it has a control character, a space or one of ~^:?*[\\")
        }
        _ if name.contains("..") => Some("it contains .."),
        _ if name.contains("@{") => Some("it contains @{"),
        _ if name.ends_with('.') => Some("it ends with a dot"),
        _ => name.split('/').find_map(broken_component),
    }
}

fn broken_component(part: &str) -> Option<&'static str> {
    match part {
        "" => Some("it begins or ends with a slash, or has two in a row"),
        _ if part.starts_with('.') => Some("a component begins with a dot"),
        _ if part.ends_with(".lock") => Some("a component ends with .lock"),
        _ => None,
    }
}

impl fmt::Display for BranchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for BranchName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for BranchName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Repo;

    const NAMES: &[&str] = &[
        "main",
        "polecat/toast/gt-abc12",
        "a.b",
        "ümlaut",
        "a@b",
        "",
        "-x",
        "--force",
        "a..b",
        "a b",
        "a\nb",
        "a\u{7f}b",
        "/a",
        "a/",
        "a//b",
        ".a",
        "a/.b",
        "a.lock",
        "a.lock/b",
        "a.",
        "a@{1}",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "[a",
        "a\\b",
        "HEAD",
    ];

    #[test]
    fn agrees_with_git() {
        let repo = Repo::new();
        for name in NAMES {
            let output = repo
                .git()
                .output("check", ["check-ref-format", "--branch", name])
                .expect("git runs");
            let ours = BranchName::parse(name).is_ok();
            assert_eq!(ours, output.status == Some(0), "{name:?}");
        }
    }

    #[test]
    fn full_references_round_trip() {
        let branch = BranchName::parse("a/b").expect("valid");
        assert_eq!(BranchName::from_full_ref(&branch.full_ref()), Some(branch));
        assert_eq!(BranchName::from_full_ref("refs/tags/v1"), None);
        assert!(BranchName::parse("refs/heads/a").is_err());
    }
}
