//! Holding a work tree's `index.lock`, with proof of who holds it.
//!
//! The lock is a hard link to a file of ours: making it is exclusive, and its
//! inode says later that it was we who made it.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::LandError;
use crate::layout::Layout;
use crate::{Error, Result, durable};

/// A person's own git command holds the index this long at most, usually.
const PATIENCE: Duration = Duration::from_secs(3);

/// The index of one work tree, with the files beside it.
pub(super) struct IndexLock {
    git_dir: PathBuf,
    tmp: PathBuf,
}

impl IndexLock {
    pub(super) fn new(layout: &Layout, git_dir: &Path) -> Result<Self> {
        let tmp = layout.private().join("landing-files");
        durable::private_dir(&tmp)?;
        Ok(Self {
            git_dir: git_dir.to_owned(),
            tmp,
        })
    }

    pub(super) fn index(&self) -> PathBuf {
        self.git_dir.join("index")
    }

    fn lock(&self) -> PathBuf {
        self.git_dir.join("index.lock")
    }

    fn proof(&self) -> PathBuf {
        self.tmp.join("proof")
    }

    /// A copy to look at a person's edits with.
    pub(super) fn probe(&self) -> PathBuf {
        self.tmp.join("probe")
    }

    /// The index to be. From when it exists the work tree may be changed, and
    /// every overlap had been looked for.
    pub(super) fn next(&self) -> PathBuf {
        self.tmp.join("next")
    }

    /// Takes the lock, or finds that we have it already.
    pub(super) fn take(&self) -> Result<(), LandError> {
        if self.is_ours() {
            return Ok(());
        }
        durable::write(&self.proof(), b"")?;
        durable::sync_dir(&self.tmp)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match fs::hard_link(self.proof(), self.lock()) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    return Err(Error::io("lock", &self.lock())(error).into());
                }
                Err(_) if Instant::now() >= deadline => {
                    return Err(LandError::ForeignLock { path: self.lock() });
                }
                Err(_) => thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    /// Whether the lock that stands is the one we made.
    pub(super) fn is_ours(&self) -> bool {
        let identity =
            |path: PathBuf| fs::symlink_metadata(path).map(|meta| (meta.dev(), meta.ino()));
        matches!((identity(self.lock()), identity(self.proof())), (Ok(a), Ok(b)) if a == b)
    }

    /// A copy of the index, under a name that no earlier run has locked. It
    /// keeps the time of the original: git takes an entry as young as its index
    /// for unproven, and would believe it in a copy that looks younger.
    pub(super) fn copy(&self, to: &Path) -> Result<()> {
        durable::remove_file(to)?;
        durable::remove_file(&durable::with_suffix(to, ".lock"))?;
        match copy_with_time(&self.index(), to) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other.map_err(Error::io("copy", &self.index())),
        }
    }

    /// Makes it known, also after a power cut, that the work tree is next.
    pub(super) fn announce(&self) -> Result<()> {
        durable::sync_dir(&self.tmp)
    }

    /// Puts the new index in the place of the old.
    pub(super) fn publish(&self) -> Result<()> {
        durable::sync_file(&self.next())?;
        durable::rename(&self.next(), &self.index())
    }

    /// Gives the lock back if it is ours; the proof goes after it, and only
    /// then the caller's record.
    pub(super) fn release(&self) -> Result<()> {
        if self.is_ours() {
            durable::remove_file(&self.lock())?;
            durable::sync_dir(&self.git_dir)?;
        }
        durable::remove_dir(&self.tmp)
    }
}

fn copy_with_time(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut source = File::open(from)?;
    let modified = source.metadata()?.modified()?;
    let mut copy = File::create(to)?;
    std::io::copy(&mut source, &mut copy)?;
    copy.set_modified(modified)
}
