//! Which git is installed, and whether it will do.

use std::fmt;

use crate::{Error, Git, Result, parse};

/// A version of git.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// 2 in `2.47.3`.
    pub major: u32,
    /// 47 in `2.47.3`.
    pub minor: u32,
    /// 3 in `2.47.3`.
    pub patch: u32,
}

/// The first version whose `merge-tree --write-tree` takes a merge base.
pub const OLDEST: Version = Version {
    major: 2,
    minor: 40,
    patch: 0,
};

/// Asks git for its version and refuses one that is too old.
pub fn check() -> Result<Version> {
    let answer = Git::at("/").run("read the version of git", ["version"])?;
    let found = from_text(&parse::line(&answer)).ok_or_else(|| Error::parse("version", &answer))?;
    if found < OLDEST {
        return Err(Error::TooOld {
            found,
            needed: OLDEST,
        });
    }
    Ok(found)
}

fn from_text(text: &str) -> Option<Version> {
    let number = text.strip_prefix("git version ")?.split(' ').next()?;
    let mut parts = number.split('.').map(|part| part.parse().ok());
    Some(Version {
        major: parts.next()??,
        minor: parts.next()??,
        patch: parts.next().flatten().unwrap_or(0),
    })
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_suffixes_are_ignored() {
        let read = |text| from_text(text).map(|v| v.to_string());
        assert_eq!(read("git version 2.47.3").as_deref(), Some("2.47.3"));
        assert_eq!(
            read("git version 2.39.5 (Apple Git-154)").as_deref(),
            Some("2.39.5")
        );
        assert_eq!(
            read("git version 2.45.1.windows.1").as_deref(),
            Some("2.45.1")
        );
        assert_eq!(read("git version 2.50.rc1").as_deref(), Some("2.50.0"));
        assert_eq!(read("hg 1"), None);
    }

    #[test]
    fn the_installed_git_will_do() {
        assert!(check().expect("git is installed") >= OLDEST);
    }
}
