//! What a work tree has that its HEAD commit has not.

mod operation;
mod porcelain;

use std::path::Path;

pub(crate) use operation::returns_to;
pub use operation::{Operation, in_progress};
pub use porcelain::{Entry, Kind};

use crate::{Git, Result};

/// Which entries are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything that is tracked or could be.
    All,
    /// The same without the `.beads` folder at the root.
    WithoutBeads,
}

/// Every path that differs from HEAD: staged, unstaged, unmerged or untracked.
/// Ignored files are not listed.
pub fn dirty(git: &Git, scope: Scope) -> Result<Vec<Entry>> {
    let args = [
        "status",
        "--porcelain=v2",
        "-z",
        "--untracked-files=all",
        "--ignore-submodules=none",
        "--no-ahead-behind",
    ];
    let answer = git.run("read the status", args)?;
    let mut entries = porcelain::parse(&answer)?;
    if scope == Scope::WithoutBeads {
        entries.retain(|entry| !entry.path.starts_with(Path::new(".beads")));
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Repo;

    #[test]
    fn beads_are_left_out_when_asked() {
        let repo = Repo::new();
        repo.write(".beads/config.yaml", "x\n");
        repo.write(".beadsy", "x\n");
        let names = |scope| {
            let entries = dirty(&repo.git(), scope).expect("ran");
            entries
                .into_iter()
                .map(|entry| entry.path.display().to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(Scope::All), [".beads/config.yaml", ".beadsy"]);
        assert_eq!(names(Scope::WithoutBeads), [".beadsy"]);
    }

    #[test]
    fn a_clean_tree_is_empty_whatever_the_configuration_says() {
        let repo = Repo::new();
        repo.commit("a", "1\n");
        repo.sh(&["config", "status.branch", "true"]);
        repo.sh(&["config", "status.showStash", "true"]);
        repo.write("a", "2\n");
        repo.sh(&["stash"]);
        assert_eq!(dirty(&repo.git(), Scope::All).expect("ran"), []);
    }
}
