//! Where a branch is checked out: read from every HEAD of the clone.

use std::path::{Path, PathBuf};

use super::LandError;
use crate::layout::Layout;
use crate::status::{self, Operation};
use crate::worktree::admin::{self, HeadOf};
use crate::{BranchName, Git, Result, durable, look, parse};

/// A work tree that has the branch checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) git_dir: PathBuf,
    pub(super) work_tree: PathBuf,
}

/// Finds the one work tree that has `branch` checked out, if any. A rebase or
/// bisect that will come back to the branch counts as busy.
pub(super) fn find(layout: &Layout, branch: &BranchName) -> Result<Option<Place>, LandError> {
    let mut places = Vec::new();
    for git_dir in git_dirs(layout)? {
        if status::returns_to(&git_dir, branch)? {
            return Err(busy(&git_dir, status::in_progress(&git_dir)?));
        }
        if admin::head_of(&git_dir)? == HeadOf::Branch(branch.clone()) {
            places.extend(place(layout, &git_dir)?);
        }
    }
    if places.len() > 1 {
        let paths = places.into_iter().map(|place| place.work_tree).collect();
        return Err(LandError::Several { paths });
    }
    Ok(places.pop())
}

/// The place whose git folder is `git_dir`; `None` when it has no work tree.
pub(super) fn place(layout: &Layout, git_dir: &Path) -> Result<Option<Place>, LandError> {
    let work_tree = if git_dir == layout.common() {
        main_work_tree(git_dir)?
    } else {
        linked_work_tree(git_dir)?
    };
    Ok(work_tree.map(|work_tree| Place {
        git_dir: git_dir.to_owned(),
        work_tree,
    }))
}

/// Refuses a place where a person is in the middle of something.
pub(super) fn refuse_busy(git_dir: &Path) -> Result<(), LandError> {
    match status::in_progress(git_dir)? {
        Some(operation) => Err(busy(git_dir, Some(operation))),
        None => Ok(()),
    }
}

fn busy(git_dir: &Path, operation: Option<Operation>) -> LandError {
    let operation = operation.unwrap_or(Operation::Rebase);
    LandError::Busy {
        operation: format!("a {operation} is under way"),
        path: git_dir.to_owned(),
    }
}

fn git_dirs(layout: &Layout) -> Result<Vec<PathBuf>> {
    let mut folders = vec![layout.common().to_owned()];
    folders.extend(durable::entries(&layout.worktrees())?);
    Ok(folders)
}

fn main_work_tree(git_dir: &Path) -> Result<Option<PathBuf>, LandError> {
    if setting(git_dir, "bool", "core.bare")?.as_deref() == Some("true") {
        return Ok(None);
    }
    if let Some(named) = setting(git_dir, "path", "core.worktree")? {
        return Ok(look::real(&git_dir.join(named))?);
    }
    match (git_dir.parent(), git_dir.file_name()) {
        (Some(parent), Some(name)) if name == ".git" => Ok(Some(parent.to_owned())),
        _ => Err(LandError::NoWorkTree {
            git_dir: git_dir.to_owned(),
        }),
    }
}

fn setting(git_dir: &Path, kind: &str, key: &str) -> Result<Option<String>> {
    let kind = format!("--type={kind}");
    let args = ["config", "--local", &kind, "--get", key];
    let output = Git::in_git_dir(git_dir).ask("read the configuration", args, &[0, 1])?;
    Ok((output.status == Some(0)).then(|| parse::line(&output.stdout)))
}

/// A worktree whose directory is gone is nobody's, unless it is locked: then it
/// is expected back, for example with a disk.
fn linked_work_tree(git_dir: &Path) -> Result<Option<PathBuf>, LandError> {
    let work_tree = match admin::work_tree(git_dir)? {
        Some(path) if look::is_there(&path.join(".git"))? => Some(path),
        _ => None,
    };
    if work_tree.is_none() && look::is_there(&git_dir.join("locked"))? {
        return Err(LandError::Busy {
            operation: "the branch is checked out in a locked worktree that is not here".to_owned(),
            path: git_dir.to_owned(),
        });
    }
    Ok(work_tree)
}
