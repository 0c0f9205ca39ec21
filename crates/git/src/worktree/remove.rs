//! Removing a worktree: first out of sight, then gone, the admin folder last.

use std::path::{Path, PathBuf};

use super::unsaved::unsaved;
use super::{admin, lock};
use crate::layout::Layout;
use crate::{Error, Result, durable, look};

/// Removes the worktree `name` with its directory; absent is as good.
///
/// Unless forced, changes that no commit holds and an operation under way are
/// refused. The branch stays. The caller has ended the processes in it.
pub fn remove(common_dir: &Path, name: &str, force: bool) -> Result<()> {
    let layout = Layout::new(common_dir)?;
    let _lock = lock(&layout, name)?;
    let admin = layout.admin(name);
    if let Some(work_tree) = admin::work_tree(&admin)? {
        remove_work_tree(&work_tree, &admin, force)?;
    }
    remove_admin(&layout, &admin)?;
    // git removes the folder with its last worktree, and so do we.
    let _others_remain = std::fs::remove_dir(layout.worktrees());
    Ok(())
}

/// The directory is renamed before it is emptied, so that a kill leaves either
/// a whole worktree or a remnant whose name says what it is.
fn remove_work_tree(work_tree: &Path, admin: &Path, force: bool) -> Result<()> {
    let remnant = remnant(work_tree, admin);
    durable::remove_dir(&remnant)?;
    if admin::linked(work_tree)?.as_deref() != Some(admin) {
        return Ok(());
    }
    if !force {
        refuse_unsaved(work_tree, admin)?;
    }
    durable::rename(work_tree, &remnant)?;
    durable::remove_dir(&remnant)
}

fn remnant(work_tree: &Path, admin: &Path) -> PathBuf {
    let name = admin.file_name().unwrap_or_default();
    let hidden = durable::with_suffix(Path::new(".removing-"), name);
    work_tree.with_file_name(hidden)
}

fn refuse_unsaved(work_tree: &Path, admin: &Path) -> Result<()> {
    let paths = unsaved(work_tree, admin)?;
    if paths.is_empty() {
        return Ok(());
    }
    Err(Error::Dirty {
        path: work_tree.to_owned(),
        paths,
    })
}

fn remove_admin(layout: &Layout, admin: &Path) -> Result<()> {
    if !look::is_there(admin)? {
        return Ok(());
    }
    // Out of git's sight in one step: a folder without its HEAD confuses git.
    let staged = durable::temp_dir(&layout.tmp()?, "removed-")?;
    durable::rename(admin, &staged.path().join("admin"))?;
    durable::sync_dir(&layout.worktrees())
}
