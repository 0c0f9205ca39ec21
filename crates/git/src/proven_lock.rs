//! Lock files of git's own protocol, with proof of who holds them.
//!
//! The lock is a hard link to a file of ours: making it is exclusive, and its
//! inode says later, also to another process, that it was we who made it.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Error, Result, durable, look};

/// A person's own git command holds such a lock this long at most, usually.
const PATIENCE: Duration = Duration::from_secs(3);

/// One lock file of git's, and the file that proves it ours.
pub(crate) struct ProvenLock {
    lock: PathBuf,
    proof: PathBuf,
}

impl ProvenLock {
    pub(crate) fn new(lock: PathBuf, proof: PathBuf) -> Self {
        Self { lock, proof }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.lock
    }

    /// The other name of the lock file.
    pub(crate) fn proof(&self) -> &Path {
        &self.proof
    }

    /// Takes the lock, or finds that it is ours already. The caller sees to it
    /// that only one process at a time uses this proof.
    pub(crate) fn take(&self) -> Result<()> {
        if self.is_ours()? {
            return Ok(());
        }
        durable::remove_file(&self.proof)?;
        durable::write(&self.proof, b"")?;
        durable::sync_dir(self.proof.parent().unwrap_or(Path::new("/")))?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match durable::patiently(|| fs::hard_link(&self.proof, &self.lock)) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    return Err(Error::io("lock", &self.lock)(error));
                }
                Err(_) if Instant::now() >= deadline => return Err(self.held()),
                Err(_) => thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    fn held(&self) -> Error {
        Error::Locked {
            path: self.lock.clone(),
            waited: PATIENCE,
        }
    }

    /// Whether the lock that stands is the one we made.
    pub(crate) fn is_ours(&self) -> Result<bool> {
        let stands = identity(&self.lock)?;
        Ok(stands.is_some() && stands == identity(&self.proof)?)
    }

    /// Gives the lock back if it is ours; the proof goes after it.
    pub(crate) fn release(&self) -> Result<()> {
        if self.is_ours()? {
            durable::remove_file(&self.lock)?;
            durable::sync_dir(self.lock.parent().unwrap_or(Path::new("/")))?;
        }
        durable::remove_file(&self.proof)
    }
}

fn identity(path: &Path) -> Result<Option<(u64, u64)>> {
    Ok(look::at(path)?.map(|meta| (meta.dev(), meta.ino())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_ours_only_by_its_inode() {
        let dir = tempfile::tempdir().expect("temp dir");
        let lock = ProvenLock::new(dir.path().join("x.lock"), dir.path().join("proof"));
        lock.take().expect("free");
        lock.take().expect("ours already");
        lock.release().expect("released");
        assert!(!lock.path().exists() && !lock.proof().exists());
        fs::write(lock.path(), "theirs").expect("written");
        assert!(matches!(lock.take(), Err(Error::Locked { .. })));
        lock.release().expect("nothing of ours");
        assert!(lock.path().exists());
    }
}
