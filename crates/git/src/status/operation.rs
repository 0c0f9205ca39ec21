//! Whether a person is in the middle of something.

use std::fmt;
use std::path::Path;

use crate::{BranchName, Result, durable, look, parse};

/// A git operation of several steps that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `git merge` with conflicts or without its commit.
    Merge,
    /// `git rebase`.
    Rebase,
    /// `git am`.
    ApplyMailbox,
    /// `git cherry-pick`.
    CherryPick,
    /// `git revert`.
    Revert,
    /// `git bisect`.
    Bisect,
}

/// What marks each operation in a worktree's git folder.
const MARKS: &[(&str, Operation)] = &[
    ("rebase-merge", Operation::Rebase),
    ("rebase-apply/applying", Operation::ApplyMailbox),
    ("rebase-apply", Operation::Rebase),
    ("MERGE_HEAD", Operation::Merge),
    ("CHERRY_PICK_HEAD", Operation::CherryPick),
    ("REVERT_HEAD", Operation::Revert),
    ("sequencer/todo", Operation::CherryPick),
    ("BISECT_START", Operation::Bisect),
];

/// Where an operation that detaches HEAD keeps the branch it came from.
const BRANCH_FILES: &[&str] = &[
    "rebase-merge/head-name",
    "rebase-apply/head-name",
    "BISECT_START",
];

/// The operation under way in the worktree whose own git folder is `git_dir`.
pub fn in_progress(git_dir: &Path) -> Result<Option<Operation>> {
    for (mark, operation) in MARKS {
        if look::is_there(&git_dir.join(mark))? {
            return Ok(Some(*operation));
        }
    }
    Ok(None)
}

/// Whether an operation in `git_dir` will come back to `branch`.
pub(crate) fn returns_to(git_dir: &Path, branch: &BranchName) -> Result<bool> {
    for name in BRANCH_FILES {
        let noted = durable::read(&git_dir.join(name))?.map(|bytes| parse::line(&bytes));
        if noted.is_some_and(|text| text == branch.full_ref() || text == branch.as_str()) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Merge => "merge",
            Self::Rebase => "rebase",
            Self::ApplyMailbox => "am",
            Self::CherryPick => "cherry-pick",
            Self::Revert => "revert",
            Self::Bisect => "bisect",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Repo, branch, try_person};

    fn diverged() -> Repo {
        let repo = Repo::new();
        repo.commit("a", "1\n");
        repo.sh(&["checkout", "-q", "-b", "side"]);
        repo.commit("a", "2\n");
        repo.sh(&["checkout", "-q", "main"]);
        repo.commit("a", "3\n");
        repo
    }

    #[test]
    fn every_operation_is_seen() {
        let cases: &[(&[&str], Operation)] = &[
            (&["merge", "side"], Operation::Merge),
            (&["rebase", "side"], Operation::Rebase),
            (&["cherry-pick", "side"], Operation::CherryPick),
            (&["revert", "HEAD~1"], Operation::Revert),
            (&["bisect", "start"], Operation::Bisect),
        ];
        for (command, operation) in cases {
            let repo = diverged();
            assert_eq!(in_progress(&repo.common()).expect("looked"), None);
            try_person(repo.work(), command);
            let found = in_progress(&repo.common()).expect("looked");
            assert_eq!(found, Some(*operation), "{command:?}");
        }
    }

    #[test]
    fn a_rebase_and_a_bisect_keep_their_branch() {
        for command in [["rebase", "side"], ["bisect", "start"]] {
            let repo = diverged();
            try_person(repo.work(), &command);
            let returns = |name| returns_to(&repo.common(), &branch(name)).expect("looked");
            assert!(returns("main"), "{command:?}");
            assert!(!returns("side"));
        }
    }
}
