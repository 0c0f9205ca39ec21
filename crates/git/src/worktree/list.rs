//! Our worktrees, read from their admin folders.

use std::path::{Path, PathBuf};

use super::PREFIX;
use super::admin::{self, HeadOf};
use crate::layout::Layout;
use crate::{BranchName, Result, durable};

/// One worktree of ours, whole or half-made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ours {
    /// Its name in this clone.
    pub name: String,
    /// Its work tree, which may be gone.
    pub path: PathBuf,
    /// Its own git folder.
    pub git_dir: PathBuf,
    /// The branch that is checked out; `None` when HEAD is detached.
    pub branch: Option<BranchName>,
    /// The text of its marker.
    pub marker: String,
}

/// Lists our worktrees by name. No process is started, except where references
/// are in reftables.
pub fn list(common_dir: &Path) -> Result<Vec<Ours>> {
    let layout = Layout::new(common_dir)?;
    let mut found = Vec::new();
    for folder in durable::entries(&layout.worktrees())? {
        found.extend(read(folder)?);
    }
    Ok(found)
}

fn read(git_dir: PathBuf) -> Result<Option<Ours>> {
    let file_name = git_dir.file_name().unwrap_or_default().to_string_lossy();
    let Some(name) = file_name.strip_prefix(PREFIX).map(str::to_owned) else {
        return Ok(None);
    };
    let (Some(marker), Some(path)) = (admin::marker(&git_dir)?, admin::work_tree(&git_dir)?) else {
        return Ok(None);
    };
    let branch = match admin::head_of(&git_dir)? {
        HeadOf::Branch(branch) => Some(branch),
        HeadOf::Other => None,
    };
    Ok(Some(Ours {
        name,
        path,
        git_dir,
        branch,
        marker,
    }))
}
