//! The index of the work tree that moves, and the files beside it.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::LandError;
use crate::layout::Layout;
use crate::proven_lock::ProvenLock;
use crate::{Error, Result, durable};

/// The index of one work tree, locked or to be locked.
pub(super) struct IndexLock {
    git_dir: PathBuf,
    tmp: PathBuf,
    lock: ProvenLock,
}

impl IndexLock {
    pub(super) fn new(layout: &Layout, git_dir: &Path) -> Result<Self> {
        let tmp = layout.private().join("landing-files");
        durable::private_dir(&tmp)?;
        Ok(Self {
            git_dir: git_dir.to_owned(),
            lock: ProvenLock::new(git_dir.join("index.lock"), tmp.join("proof")),
            tmp,
        })
    }

    pub(super) fn index(&self) -> PathBuf {
        self.git_dir.join("index")
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

    /// A copy of the index, under a name that no earlier run has locked. It
    /// keeps the time of the original: git takes an entry as young as its index
    /// for unproven, and would believe it in a copy that looks younger.
    pub(super) fn copy(&self, to: &Path) -> Result<()> {
        durable::remove_file(to)?;
        durable::remove_file(&durable::with_suffix(to, ".lock"))?;
        match durable::patiently(|| copy_with_time(&self.index(), to)) {
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

    /// Takes the lock, or finds that we have it already.
    pub(super) fn take(&self) -> Result<(), LandError> {
        self.lock.take().map_err(|error| match error {
            Error::Locked { path, .. } => LandError::ForeignLock { path },
            other => other.into(),
        })
    }

    /// Whether the lock that stands is the one we made.
    pub(super) fn is_ours(&self) -> Result<bool> {
        self.lock.is_ours()
    }

    /// Gives the lock back if it is ours; the caller's record goes after it.
    pub(super) fn release(&self) -> Result<()> {
        self.lock.release()?;
        durable::remove_dir(&self.tmp)
    }
}

fn copy_with_time(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut source = File::open(from)?;
    let modified = source.metadata()?.modified()?;
    let mut copy = durable::create(to, OFlags::TRUNC, 0o666)?;
    std::io::copy(&mut source, &mut copy)?;
    copy.set_modified(modified)
}
