//! Our worktrees, read from their admin folders.

use std::path::{Path, PathBuf};

use super::PREFIX;
use super::admin::{self, HeadOf};
use crate::layout::Layout;
use crate::{BranchName, Oid, Result, durable};

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

impl Ours {
    /// The commit that was checked out last, by the worktree's own log, which
    /// outlives its branch.
    pub fn last_commit(&self) -> Result<Option<Oid>> {
        let log = durable::read(&self.git_dir.join("logs/HEAD"))?.unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let last = log.lines().next_back();
        let new = last.and_then(|line| line.split(' ').nth(1));
        Ok(new.and_then(|word| Oid::parse(word).ok()))
    }
}

/// Whether the worktree of this name and marker stands whole at `path`. Starts
/// no process.
pub fn is_whole(common_dir: &Path, name: &str, path: &Path, marker: &str) -> Result<bool> {
    let admin = Layout::new(common_dir)?.admin(name);
    let index = std::fs::metadata(admin.join("index"));
    let is_checked_out = index.is_ok_and(|meta| meta.len() > 0);
    let is_same = admin::marker(&admin)?.is_some_and(|it| it == marker);
    Ok(is_checked_out && is_same && admin::linked(path)? == Some(admin))
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
