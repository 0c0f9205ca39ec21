//! Putting links right after the clone, or the whole town, was moved, and
//! collecting what killed processes left in the folder for half-made things.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::list::{Ours, list};
use super::{admin, lock};
use crate::layout::Layout;
use crate::{Error, Result, durable, look};

/// Nothing half-made is in use for this long.
const SCRAP_AGE: Duration = Duration::from_secs(3600);

/// What [`repair`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// Names of the worktrees whose links are right again.
    pub relinked: Vec<String>,
    /// Names of the worktrees whose directory was not found.
    pub missing: Vec<String>,
    /// Half-made folders that were removed.
    pub collected: Vec<PathBuf>,
}

/// Repairs every worktree of ours in this clone; a second call finds nothing.
///
/// A copy of a clone never takes the original's worktrees: a link is rewritten
/// only when the admin folder it names is gone.
pub fn repair(common_dir: &Path) -> Result<Repaired> {
    let layout = Layout::new(common_dir)?;
    let mut report = Repaired::default();
    for ours in list(layout.common())? {
        let _lock = lock(&layout, &ours.name)?;
        match relink(&ours)? {
            Link::Whole => {}
            Link::Rewritten => report.relinked.push(ours.name),
            Link::Missing => report.missing.push(ours.name),
        }
    }
    report.collected = collect(&layout.tmp()?)?;
    Ok(report)
}

enum Link {
    Whole,
    Rewritten,
    Missing,
}

fn relink(ours: &Ours) -> Result<Link> {
    let Some(home) = admin::home(&ours.git_dir)? else {
        return Ok(Link::Whole);
    };
    let moved = moved_with_the_clone(&home, ours);
    let candidates = [Some(ours.path.clone()), moved];
    for work_tree in candidates.into_iter().flatten() {
        match admin::linked(&work_tree)? {
            Some(target) if target == ours.git_dir && work_tree == ours.path => {
                return Ok(Link::Whole);
            }
            Some(target)
                if target == ours.git_dir || (target == home && !look::is_there(&target)?) =>
            {
                admin::write_links(&ours.git_dir, &ours.git_dir, &work_tree)?;
                admin::link(&work_tree, &ours.git_dir)?;
                return Ok(Link::Rewritten);
            }
            _ => {}
        }
    }
    Ok(Link::Missing)
}

/// Where the work tree is if it moved together with the clone: as many steps
/// up and down from the admin folder as before.
fn moved_with_the_clone(home: &Path, ours: &Ours) -> Option<PathBuf> {
    let shared = home
        .components()
        .zip(ours.path.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = home.components().count() - shared;
    let down: PathBuf = ours.path.components().skip(shared).collect();
    Some(ours.git_dir.ancestors().nth(up)?.join(down))
}

/// Writes an empty `commondir` of a worktree's git folder anew; one that says something
/// is left alone.
pub fn link_common(file: &Path) -> Result<()> {
    match look::is_filled(file)? {
        true => Ok(()),
        false => durable::replace(file, b"../..\n"),
    }
}

fn collect(tmp: &Path) -> Result<Vec<PathBuf>> {
    let mut collected = Vec::new();
    for path in durable::entries(tmp)?
        .into_iter()
        .filter(|path| is_old(path))
    {
        let remove = if look::at(&path)?.is_some_and(|meta| meta.is_dir()) {
            durable::remove_dir
        } else {
            durable::remove_file
        };
        remove(&path)?;
        collected.push(path);
    }
    Ok(collected)
}

fn is_old(path: &Path) -> bool {
    let changed = fs::symlink_metadata(path).and_then(|meta| meta.modified());
    changed
        .map_err(Error::io("read", path))
        .is_ok_and(|changed| {
            SystemTime::now()
                .duration_since(changed)
                .is_ok_and(|age| age > SCRAP_AGE)
        })
}
