//! What would be lost with the files of a worktree: changes that no commit holds,
//! and an operation under way. Changes nothing.

use std::path::{Path, PathBuf};

use super::admin;
use crate::layout::Layout;
use crate::refs;
use crate::status::{self, Entry, Kind, Scope};
use crate::{Error, Git, Oid, Result, blob, durable, look};

/// A larger file is not compared with what was to be checked out.
const LIMIT: u64 = 64 << 20;

/// What a worktree that has no index yet has besides what git was checking out.
pub fn unsaved_without_index(common_dir: &Path, name: &str) -> Result<Vec<PathBuf>> {
    let admin = Layout::new(common_dir)?.admin(name);
    let Some(work_tree) = admin::work_tree(&admin)? else {
        return Ok(Vec::new());
    };
    if admin::linked(&work_tree)?.as_ref() != Some(&admin) || has_index(&admin)? {
        return Ok(Vec::new());
    }
    besides_checkout(&work_tree)
}

/// What of a linked worktree no commit holds.
pub(super) fn unsaved(work_tree: &Path, admin: &Path) -> Result<Vec<PathBuf>> {
    if !has_index(admin)? {
        return besides_checkout(work_tree);
    }
    if let Some(operation) = status::in_progress(admin)? {
        return Ok(vec![format!("{operation} under way").into()]);
    }
    let entries = status::dirty(&Git::at(work_tree), Scope::All)?;
    Ok(entries.into_iter().map(|entry| entry.path).collect())
}

fn has_index(admin: &Path) -> Result<bool> {
    look::is_there(&admin.join("index"))
}

/// Git writes the index last, and files in place: what is missing was not checked out
/// yet, and what is the beginning of its blob was being written.
fn besides_checkout(work_tree: &Path) -> Result<Vec<PathBuf>> {
    let files = durable::entries(work_tree)?;
    let files: Vec<PathBuf> = files
        .into_iter()
        .filter(|it| !it.ends_with(".git"))
        .collect();
    if files.is_empty() {
        return Ok(files);
    }
    let Some(head) = refs::head_commit(&Git::at(work_tree))? else {
        return Ok(files);
    };
    let aside = tempfile::tempdir();
    let aside = aside.map_err(Error::io("make a folder in", &std::env::temp_dir()))?;
    let git = Git::at(work_tree).index_file(&aside.path().join("index"));
    git.run("read a commit into an index", ["read-tree", head.as_str()])?;
    let mut besides = Vec::new();
    for entry in status::dirty(&git, Scope::All)? {
        if !is_of_checkout(&git, &head, work_tree, &entry)? {
            besides.push(entry.path);
        }
    }
    Ok(besides)
}

fn is_of_checkout(git: &Git, head: &Oid, work_tree: &Path, entry: &Entry) -> Result<bool> {
    match (entry.kind, entry.code[1]) {
        (Kind::Changed, b'D') => Ok(true),
        (Kind::Changed, b'M') => {
            let whole = blob::at(git, head, &entry.path, LIMIT)?;
            let there = durable::read(&work_tree.join(&entry.path))?;
            Ok(
                matches!((whole, there), (blob::Entry::File(whole), Some(there)) if whole.starts_with(&there)),
            )
        }
        _ => Ok(false),
    }
}
