//! Worktrees for workers: made without `git worktree add`, without `.beads/`.
//!
//! Promises: fifty can be made at once; a kill at any point leaves a repository
//! that works and a worktree that the next [`add`] with the same [`Spec`]
//! completes; nobody's configuration gains an extension. A directory is removed
//! only when its `.git` file points at our own admin folder.
//!
//! Never: deletes a branch, or a change that is in no commit unless forced.
//!
//! In a clone one lock is held for each worktree, `locks/worktree-<name>.lock`;
//! within it `locks/config.lock` may be taken, and nothing after that.

mod add;
pub(crate) mod admin;
mod detached;
mod list;
mod reftable;
mod remove;
mod repair;
mod sparse;
mod unsaved;

use std::path::PathBuf;
use std::time::Duration;

pub use add::{add, check};
pub use admin::MARKER;
pub use detached::switch_detached;
pub use list::{Ours, is_whole, list};
pub use remove::remove;
pub use repair::{Repaired, link_common, repair};
pub use unsaved::unsaved_without_index;

use crate::layout::{Layout, PREFIX};
use crate::lock::Lock;
use crate::{BranchName, Error, Oid, Result};

/// What to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The clone's common git folder.
    pub common_dir: PathBuf,
    /// Where the work tree goes: absent, empty, or left by an earlier [`add`].
    pub path: PathBuf,
    /// A name that is unique in this clone: one path component.
    pub name: String,
    /// What is checked out.
    pub head: Head,
    /// The text of the marker file, [`MARKER`] in the worktree's git folder.
    pub marker: String,
}

/// What a worktree has checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// A branch, created at `tip` unless it is there already.
    Branch {
        /// The branch.
        branch: BranchName,
        /// The commit it begins at.
        tip: Oid,
    },
    /// A commit.
    Detached(Oid),
}

/// What [`add`] found and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    Created,
    /// An earlier call had been cut short; it is whole now.
    Completed,
    /// It was there, whole.
    Existed,
}

/// How long another process may hold the lock of one worktree.
const PATIENCE: Duration = Duration::from_secs(60);

fn lock(layout: &Layout, name: &str) -> Result<Lock> {
    check_name(name)?;
    let path = layout.lock(&format!("worktree-{name}"))?;
    Lock::acquire(&path, PATIENCE)
}

/// A name becomes a path below `worktrees/`, and part of a lock's name.
fn check_name(name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let reason = match name {
        "" => "it is empty",
        _ if name.len() > 100 => "it is longer than 100 bytes",
        _ if name.starts_with(['.', '-']) => "it begins with a dot or a dash",
        _ if !name.chars().all(allowed) => {
            "it may have letters, digits, dash, underscore and dot only"
        }
        _ => return Ok(()),
    };
    Err(Error::Invalid {
        kind: "worktree name",
        text: name.to_owned(),
        reason,
    })
}

#[cfg(test)]
mod tests;
