//! Where a directory's repository is.

use std::path::PathBuf;

use crate::{Error, Git, Result, parse};

/// The folders of one repository, as seen from one directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// This worktree's own git folder.
    pub git_dir: PathBuf,
    /// The folder that all worktrees of the clone share.
    pub common_dir: PathBuf,
    /// The root of the work tree; `None` in a bare repository.
    pub work_tree: Option<PathBuf>,
}

/// Finds the repository around a directory; `None` outside of any.
pub fn locate(git: &Git) -> Result<Option<Located>> {
    let args = [
        "rev-parse",
        "--path-format=absolute",
        "--git-dir",
        "--git-common-dir",
        "--is-inside-work-tree",
    ];
    let output = git.ask("find the repository", args, &[0, 128])?;
    if output.status == Some(128) {
        return none_or_refusal(git, output);
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let [git_dir, common_dir, inside] = text.lines().collect::<Vec<_>>()[..] else {
        return Err(Error::parse("rev-parse", &output.stdout));
    };
    Ok(Some(Located {
        git_dir: git_dir.into(),
        common_dir: common_dir.into(),
        work_tree: if inside == "true" {
            top_level(git)?
        } else {
            None
        },
    }))
}

/// Only "no repository here" is an answer; a repository that git refuses, for
/// its owner or its format, must not look like none.
fn none_or_refusal(git: &Git, output: crate::command::Output) -> Result<Option<Located>> {
    if output.stderr.contains("not a git repository (or any") {
        return Ok(None);
    }
    git.run("find the repository", ["rev-parse", "--git-dir"])?;
    Err(Error::parse("rev-parse", output.stderr.as_bytes()))
}

fn top_level(git: &Git) -> Result<Option<PathBuf>> {
    let answer = git.run(
        "find the work tree",
        ["rev-parse", "--path-format=absolute", "--show-toplevel"],
    )?;
    Ok(Some(parse::path(
        answer.strip_suffix(b"\n").unwrap_or(&answer),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Repo;

    #[test]
    fn a_sub_folder_finds_its_root_and_outside_finds_nothing() {
        let repo = Repo::new();
        repo.write("a/b", "1\n");
        let found = locate(&Git::at(repo.work().join("a")))
            .expect("ran")
            .expect("found");
        assert_eq!(found.work_tree.as_deref(), Some(repo.work()));
        assert_eq!(found.git_dir, found.common_dir);
        assert_eq!(locate(&Git::at(repo.root())).expect("ran"), None);
    }

    #[test]
    fn a_broken_repository_is_not_taken_for_none() {
        let repo = Repo::new();
        repo.sh(&["config", "core.repositoryformatversion", "99"]);
        assert!(locate(&repo.git()).is_err());
    }
}
