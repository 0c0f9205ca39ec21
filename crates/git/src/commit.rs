//! Committing a worktree as it stands.

use crate::status::{self, Scope};
use crate::{Git, Identity, Oid, Result, refs};

/// Stages everything below the root but `.beads` and commits the index.
///
/// The repository's hooks and commit signing are not run: they belong to the
/// person whose machine this is, and a prompt would never be answered.
/// `None` when there is nothing to commit.
pub fn all(git: &Git, message: &str, identity: &Identity) -> Result<Option<Oid>> {
    if status::dirty(git, Scope::WithoutBeads)?.is_empty() {
        return Ok(None);
    }
    git.run(
        "stage the changes",
        ["add", "-A", "--", ":(top)", ":(top,exclude).beads"],
    )?;
    identity.signs(git).stdin(message.as_bytes()).run(
        "commit",
        [
            "commit",
            "--quiet",
            "--cleanup=verbatim",
            "--no-verify",
            "-F",
            "-",
        ],
    )?;
    refs::head_commit(git)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Repo;

    #[test]
    fn beads_stay_out_and_the_identity_is_used() {
        let repo = Repo::new();
        repo.commit(".beads/config.yaml", "1\n");
        repo.write(".beads/config.yaml", "2\n");
        repo.write(".beads/new.yaml", "2\n");
        repo.write("code", "2\n");
        let toast = Identity::new("gastown/polecats/toast", "toast@example.org");
        let made = all(&repo.git(), "work\n", &toast)
            .expect("ran")
            .expect("committed");
        let shown = repo.sh(&["show", "--name-only", "--format=%an %cn %s", made.as_str()]);
        assert_eq!(
            shown,
            "gastown/polecats/toast gastown/polecats/toast work\n\ncode"
        );
    }

    #[test]
    fn nothing_to_commit_is_none() {
        let repo = Repo::new();
        repo.commit("a", "1\n");
        let identity = Identity::new("t", "t@example.org");
        assert_eq!(all(&repo.git(), "x", &identity).expect("ran"), None);
    }

    #[test]
    fn a_refusing_hook_is_not_asked() {
        let repo = Repo::new();
        repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
        repo.sh(&["config", "core.fileMode", "false"]);
        std::process::Command::new("chmod")
            .arg("+x")
            .arg(repo.common().join("hooks/pre-commit"))
            .status()
            .expect("chmod");
        repo.write("a", "1\n");
        let identity = Identity::new("t", "t@example.org");
        assert!(all(&repo.git(), "x", &identity).expect("ran").is_some());
    }
}
