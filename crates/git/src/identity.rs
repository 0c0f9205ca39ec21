//! Who a commit is by.

use crate::{Git, Result, parse};

/// A name and a mail address, as git writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Shown before the address.
    pub name: String,
    /// Shown in angle brackets.
    pub email: String,
}

impl Identity {
    /// Git drops angle brackets and line ends from both; so do we, so that a
    /// name of nothing else is noticed here.
    #[must_use]
    pub fn new(name: &str, email: &str) -> Self {
        Self {
            name: cleaned(name),
            email: cleaned(email),
        }
    }

    /// A command whose commits are authored and committed by this identity.
    #[must_use]
    pub fn signs(&self, git: &Git) -> Git {
        self.commits(&self.authors(git))
    }

    pub(crate) fn authors(&self, git: &Git) -> Git {
        git.clone()
            .env("GIT_AUTHOR_NAME", &self.name)
            .env("GIT_AUTHOR_EMAIL", &self.email)
    }

    pub(crate) fn commits(&self, git: &Git) -> Git {
        git.clone()
            .env("GIT_COMMITTER_NAME", &self.name)
            .env("GIT_COMMITTER_EMAIL", &self.email)
    }
}

fn cleaned(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| !c.is_control() && !"<>".contains(*c))
        .collect();
    kept.trim().to_owned()
}

/// The identity that git's configuration names; `None` unless both parts are set.
pub fn configured(git: &Git) -> Result<Option<Identity>> {
    let part = |key| value(git, key);
    Ok(match (part("user.name")?, part("user.email")?) {
        (Some(name), Some(email)) => Some(Identity::new(&name, &email)),
        _ => None,
    })
}

fn value(git: &Git, key: &str) -> Result<Option<String>> {
    let output = git.ask("read the identity", ["config", "--get", key], &[0, 1])?;
    let text = parse::line(&output.stdout);
    Ok((output.status == Some(0) && !text.is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Repo;

    #[test]
    fn both_parts_are_needed() {
        let repo = Repo::new();
        assert_eq!(
            configured(&repo.git()).expect("read"),
            Some(Identity::new("Test", "test@example.org"))
        );
        repo.sh(&["config", "--unset", "user.email"]);
        assert_eq!(configured(&repo.git()).expect("read"), None);
    }
}
