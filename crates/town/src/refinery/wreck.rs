//! What a refinery left behind when it was killed: gates that go on, and git's
//! reference locks.
//!
//! While a run works, its mark stands in the clone's own folder. A mark that
//! stands when a new run begins is that of a dead one. Only locks on references
//! that the refinery writes are removed then, only those made since the mark,
//! and only after they have lain still for longer than git ever holds one.

use super::gates;
use crate::Town;
use crate::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};
use store::interrupted::retry_io;
use store::look;

const FOLDER: &str = "refinery";
const MARK: &str = "running";

/// How long a lock must lie still before it counts as left behind.
const STILL: Duration = Duration::from_secs(2);

/// The mark of a run; it goes when the run ends by itself, well or not.
#[must_use = "the mark goes as soon as this is dropped"]
#[derive(Debug)]
pub(super) struct Mark<'t> {
    town: &'t Town,
}

/// Sets the mark of a run.
pub(super) fn mark(town: &Town) -> Result<Mark<'_>, Error> {
    let dir = town.store.make_private()?.make_dir(FOLDER)?;
    dir.replace(MARK, b"")?;
    Ok(Mark { town })
}

impl Drop for Mark<'_> {
    fn drop(&mut self) {
        // One that stays costs the next run a look at a few folders.
        let _stays = remove(self.town);
    }
}

/// Whether a run works, or was killed.
pub fn is_marked(town: &Town) -> bool {
    // Where it cannot be told, a look at a few folders harms nobody.
    look::is_there(&mark_path(town)).unwrap_or(true)
}

/// Takes away what a run that was killed left, if one was.
pub(super) fn clear(town: &Town) -> Result<(), Error> {
    let path = mark_path(town);
    let since = match fs::metadata(&path).and_then(|meta| meta.modified()) {
        Ok(since) => since,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("read", &path, &error)),
    };
    gates::stop_all(town)?;
    let suspects: Vec<(PathBuf, Seen)> = locks(town)?
        .into_iter()
        .filter_map(|lock| Some((seen(&lock)?, lock)))
        .filter(|(seen, _)| seen.lock.0 >= since)
        .map(|(seen, lock)| (lock, seen))
        .collect();
    if !suspects.is_empty() {
        thread::sleep(STILL);
    }
    for (lock, before) in suspects {
        if seen(&lock) == Some(before) {
            retry_io(|| fs::remove_file(&lock))
                .map_err(|error| Error::io("remove", &lock, &error))?;
        }
    }
    remove(town)
}

/// Whether a lock is one that a refinery made which was killed: nobody else
/// touches that reference while its mark stands.
pub(crate) fn left_behind(town: &Town, lock: &Path) -> bool {
    let since = fs::metadata(mark_path(town))
        .and_then(|meta| meta.modified())
        .ok();
    let made = stamp(lock).map(|(at, _)| at);
    since.is_some()
        && made >= since
        && locks(town).is_ok_and(|locks| locks.iter().any(|it| it == lock))
        && super::is_at_rest(town).unwrap_or(false)
}

fn mark_path(town: &Town) -> PathBuf {
    town.store.private_path().join(FOLDER).join(MARK)
}

fn remove(town: &Town) -> Result<(), Error> {
    if let Some(dir) = town.store.make_private()?.dir(FOLDER)? {
        dir.remove(MARK)?;
    }
    Ok(())
}

/// When a file changed, and its size.
type Stamp = (SystemTime, u64);

/// A lock, and the new file that git writes beside it.
#[derive(Debug, PartialEq)]
struct Seen {
    lock: Stamp,
    new: Option<Stamp>,
}

fn seen(lock: &Path) -> Option<Seen> {
    Some(Seen {
        lock: stamp(lock)?,
        new: stamp(&lock.with_extension("new")),
    })
}

fn stamp(path: &Path) -> Option<Stamp> {
    let meta = fs::symlink_metadata(path).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

/// The locks that stand on references which the refinery writes.
fn locks(town: &Town) -> Result<Vec<PathBuf>, Error> {
    let common = town.common();
    let mut found = vec![common.join("packed-refs.lock")];
    let remote = Path::new("refs/remotes").join(&town.config().remote);
    for folder in [Path::new("refs/heads/polecat"), &remote] {
        found.extend(locks_below(&common.join(folder))?);
    }
    Ok(found)
}

/// Git's locks in a folder and in those below it.
pub(crate) fn locks_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for path in look::entries(folder)? {
        if look::at(&path)?.is_some_and(|meta| meta.is_dir()) {
            found.extend(locks_below(&path)?);
        } else if is_lock(&path) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Whether a file is called as git's locks are.
pub(crate) fn is_lock(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "lock")
}
