//! Locks of git's own, and whether whoever made them is dead.
//!
//! Git's lock files do not say whose they are. One counts as left behind only
//! where no process that could be its owner runs: none of git's that stands in
//! this clone, or whose place cannot be seen. In worktrees and on branches that
//! `gt` made it must also lie still for longer than git ever holds one; where a
//! person works too, for ten minutes, because programs that are not called git
//! lock as well.

use super::processes::failed;
use crate::Town;
use crate::error::Error;
use crate::refinery;
use agent::process;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};
use store::interrupted::retry_io;
use store::look;
use store::tree::read_small;

/// How long a lock must lie still where only workers are.
const STILL: Duration = Duration::from_secs(2);

/// The same where people are.
const LONG: Duration = Duration::from_secs(600);

/// One lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitLock {
    /// The file.
    pub path: PathBuf,
    /// When it was last written.
    pub since: SystemTime,
    /// How old it is, to the minute.
    pub minutes: u64,
    /// Whether its owner is dead, as far as can be proven.
    pub is_dead: bool,
}

/// The locks that stand in a clone's git folder.
pub(super) fn gather(town: &Town) -> Result<Vec<GitLock>, Error> {
    let common = town.common();
    let mut paths = Vec::new();
    for folder in [common.to_owned(), common.join("worktrees")] {
        let own = look::entries(&folder)?.into_iter();
        paths.extend(own.filter(|path| refinery::is_lock(path)));
    }
    for tree in look::entries(&common.join("worktrees"))? {
        let own = look::entries(&tree)?.into_iter();
        paths.extend(own.filter(|path| refinery::is_lock(path)));
    }
    paths.extend(refinery::locks_below(&common.join("refs"))?);
    paths.sort();
    let mut locks: Vec<GitLock> = paths.into_iter().filter_map(stamped).collect();
    if !locks.is_empty() {
        judge(town, &mut locks)?;
    }
    Ok(locks)
}

/// Removes a lock if it still is the one that was looked at.
pub(super) fn remove(town: &Town, lock: &GitLock) -> Result<(), Error> {
    let now = gather(town)?.into_iter().find(|it| it.path == lock.path);
    match now {
        Some(now) if now.since == lock.since && now.is_dead => {
            retry_io(|| fs::remove_file(&lock.path))
                .map_err(|error| Error::io("remove", &lock.path, &error))
        }
        _ => Ok(()),
    }
}

/// The lock as it is now; none that is gone, or is no file.
fn stamped(path: PathBuf) -> Option<GitLock> {
    let meta = fs::symlink_metadata(&path).ok()?;
    let since = meta.is_file().then(|| meta.modified().ok())??;
    Some(GitLock {
        minutes: age(since).as_secs() / 60,
        path,
        since,
        is_dead: false,
    })
}

fn age(since: SystemTime) -> Duration {
    SystemTime::now().duration_since(since).unwrap_or_default()
}

fn judge(town: &Town, locks: &mut Vec<GitLock>) -> Result<(), Error> {
    let youngest = locks.iter().map(|it| age(it.since)).min();
    thread::sleep(STILL.saturating_sub(youngest.unwrap_or_default()));
    // Whatever is alive has moved on meanwhile.
    locks.retain(|it| stamped(it.path.clone()).is_some_and(|now| now.since == it.since));
    let is_at_work = git_runs(&places(town)?)?;
    for lock in locks {
        let needed = if is_ours(town, &lock.path) {
            STILL
        } else {
            LONG
        };
        lock.is_dead = !is_at_work && age(lock.since) >= needed;
    }
    Ok(())
}

/// Where only workers and `gt` itself write.
fn is_ours(town: &Town, path: &Path) -> bool {
    let below = path.strip_prefix(town.common()).unwrap_or(path);
    let text = below.to_string_lossy();
    let is_polecat = text.starts_with("refs/heads/polecat/")
        || text.starts_with("worktrees/plaintown-")
        || (text.starts_with("refs/remotes/") && text.contains("/polecat/"));
    let inode = |path: &Path| {
        fs::symlink_metadata(path)
            .map(|it| (it.dev(), it.ino()))
            .ok()
    };
    let proof = town.store.private_path().join("config-proof");
    is_polecat
        || (inode(path).is_some() && inode(path) == inode(&proof))
        || refinery::left_behind(town, path)
}

/// Every folder from which git could be at work on this clone.
fn places(town: &Town) -> Result<Vec<PathBuf>, Error> {
    let located = town.store.located();
    let mut places = vec![located.root.clone(), located.common.clone()];
    for admin in look::entries(&located.common.join("worktrees"))? {
        let text = read_small(&admin.join("gitdir"))?.unwrap_or_default();
        let link = admin.join(text.trim_end());
        places.extend(link.parent().map(Path::to_owned));
    }
    for place in &mut places {
        if let Some(real) = look::real(place)? {
            *place = real;
        }
    }
    Ok(places)
}

/// Whether a git process stands in one of these folders, or where it cannot be
/// seen.
fn git_runs(places: &[PathBuf]) -> Result<bool, Error> {
    let found = process::named("git").map_err(failed)?;
    Ok(found.into_iter().any(|pid| stands_in(pid, places)))
}

fn stands_in(pid: u32, places: &[PathBuf]) -> bool {
    match fs::read_link(format!("/proc/{pid}/cwd")) {
        Ok(cwd) => places.iter().any(|place| cwd.starts_with(place)),
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}
