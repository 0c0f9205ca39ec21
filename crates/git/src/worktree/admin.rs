//! The admin folder: what git knows about one worktree.
//!
//! It becomes visible whole, by one rename of synced files: an empty
//! `commondir` would make every command of the repository fail.

use std::path::{Path, PathBuf};

use super::{Head, PREFIX, Spec};
use crate::layout::Layout;
use crate::{BranchName, Git, Oid, Result, durable, look, parse};

/// The file in a worktree's own git folder that marks it as ours and says
/// whose store its worker belongs to. (In the common git folder the same name is
/// the private folder of the clone: only a file is a marker.)
pub const MARKER: &str = "plaintown";

/// Where the admin folder itself was when it was last written, so that a move
/// of the clone can be told from a copy.
const HOME: &str = "plaintown-home";

/// Everything at the root but the store.
const PATTERNS: &str = "/*\n!/.beads/\n";

/// Builds the admin folder under a temporary name and renames it into place.
pub(super) fn build(layout: &Layout, spec: &Spec, work_tree: &Path) -> Result<()> {
    let admin = layout.admin(&spec.name);
    let staged = durable::temp_dir(&layout.tmp()?, PREFIX)?;
    let at = staged.path();
    durable::private_dir(&at.join("refs"))?;
    durable::write(&at.join("HEAD"), head_line(&spec.head).as_bytes())?;
    durable::write(&at.join("commondir"), b"../..\n")?;
    write_links(at, &admin, work_tree)?;
    write_ours(at, spec)?;
    durable::sync_dir(at)?;
    durable::private_dir(&layout.worktrees())?;
    durable::rename(at, &admin)
}

/// The files that git itself would not have written.
pub(super) fn write_ours(at: &Path, spec: &Spec) -> Result<()> {
    durable::private_dir(&at.join("info"))?;
    durable::write(&at.join("info/sparse-checkout"), PATTERNS.as_bytes())?;
    durable::sync_dir(&at.join("info"))?;
    // `git worktree prune` and `remove` leave a locked worktree alone.
    let reason = format!("plaintown {}\n", spec.name);
    durable::write(&at.join("locked"), reason.as_bytes())?;
    durable::write(&at.join(MARKER), spec.marker.as_bytes())
}

/// The paths that change when the clone or the worktree is moved.
pub(super) fn write_links(at: &Path, admin: &Path, work_tree: &Path) -> Result<()> {
    durable::replace(&at.join(HOME), &path_line("", admin))?;
    durable::replace(&at.join("gitdir"), &path_line("", &work_tree.join(".git")))
}

/// Points the work tree at its admin folder.
pub(super) fn link(work_tree: &Path, admin: &Path) -> Result<()> {
    durable::replace(&work_tree.join(".git"), &path_line("gitdir: ", admin))
}

/// Where a work tree's `.git` file points; `None` when it is no such file.
pub(super) fn linked(work_tree: &Path) -> Result<Option<PathBuf>> {
    let link = work_tree.join(".git");
    if look::is_folder(&link)? {
        return Ok(None);
    }
    let text = durable::read(&link)?.unwrap_or_default();
    let Some(named) = text.strip_prefix(b"gitdir: ") else {
        return Ok(None);
    };
    // git can be told to write such links relative.
    let target = work_tree.join(trimmed(named));
    Ok(Some(look::real(&target)?.unwrap_or(target)))
}

/// The work tree that an admin folder belongs to.
pub(crate) fn work_tree(admin: &Path) -> Result<Option<PathBuf>> {
    let Some(text) = durable::read(&admin.join("gitdir"))? else {
        return Ok(None);
    };
    let link = admin.join(trimmed(&text));
    let work_tree = link.parent().unwrap_or(Path::new("/"));
    let resolved = look::real(work_tree)?;
    Ok(Some(resolved.unwrap_or_else(|| work_tree.to_owned())))
}

/// Where the admin folder was when its links were written.
pub(super) fn home(admin: &Path) -> Result<Option<PathBuf>> {
    Ok(durable::read(&admin.join(HOME))?.map(|text| trimmed(&text)))
}

/// The marker's text; `None` when this is no whole admin folder of ours.
pub(super) fn marker(admin: &Path) -> Result<Option<String>> {
    let text = durable::read(&admin.join(MARKER))?;
    Ok(text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// What the HEAD of a git folder names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HeadOf {
    /// A branch, born or unborn.
    Branch(BranchName),
    /// A commit, or something that is no branch.
    Other,
}

/// Reads a HEAD without a process, except where references are in reftables.
pub(crate) fn head_of(git_dir: &Path) -> Result<HeadOf> {
    let Some(text) = durable::read(&git_dir.join("HEAD"))? else {
        return Ok(HeadOf::Other);
    };
    let line = parse::line(&text);
    if line == "ref: refs/heads/.invalid" {
        let branch = crate::refs::current_branch(&Git::in_git_dir(git_dir))?;
        return Ok(branch.map_or(HeadOf::Other, HeadOf::Branch));
    }
    let reference = line.strip_prefix("ref:").map(str::trim);
    let branch = reference.and_then(BranchName::from_full_ref);
    Ok(branch.map_or(HeadOf::Other, HeadOf::Branch))
}

fn head_line(head: &Head) -> String {
    match head {
        Head::Branch { branch, .. } => format!("ref: {}\n", branch.full_ref()),
        Head::Detached(oid) => detached_line(oid),
    }
}

fn detached_line(oid: &Oid) -> String {
    format!("{oid}\n")
}

fn path_line(prefix: &str, path: &Path) -> Vec<u8> {
    [prefix.as_bytes(), parse::bytes(path), b"\n"].concat()
}

fn trimmed(bytes: &[u8]) -> PathBuf {
    parse::path(bytes.strip_suffix(b"\n").unwrap_or(bytes))
}
