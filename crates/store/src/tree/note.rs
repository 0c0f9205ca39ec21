//! Notes: small files for what ends with the machine anyway.
//!
//! Written in place, without fsync and without a rename, which costs a write-out
//! of its own. A power cut may lose or tear one; what must last is no note.

use super::Dir;
use crate::error::{Error, PathError};
use crate::interrupted::{retry, write_whole};
use rustix::fs::{self, AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;

/// A note whose writer is alive: others see that it is held until this is
/// dropped, or its process ends.
#[derive(Debug)]
#[must_use = "nobody holds the note once this is dropped"]
pub struct HeldNote {
    file: OwnedFd,
    path: PathBuf,
}

impl HeldNote {
    /// Takes away what it says.
    pub fn clear(&self) -> Result<(), Error> {
        retry(|| fs::ftruncate(&self.file, 0))
            .map_err(|errno| PathError::new("write", &self.path, errno).into())
    }
}

impl Dir {
    /// Writes a note.
    pub fn note(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let file = self.open_note(name)?;
        write(&file, bytes)
            .map_err(|errno| PathError::new("write", &self.path.join(name), errno).into())
    }

    /// Writes a note and holds it. Whoever held it before is waited for.
    pub fn hold_note(&self, name: &str, bytes: &[u8]) -> Result<HeldNote, Error> {
        let (file, path) = (self.open_note(name)?, self.path.join(name));
        retry(|| fs::flock(&file, FlockOperation::LockExclusive))
            .map_err(|errno| PathError::new("lock", &path, errno))?;
        write(&file, bytes).map_err(|errno| PathError::new("write", &path, errno))?;
        Ok(HeldNote { file, path })
    }

    /// Whether somebody holds a note. Any number may ask at once.
    pub fn is_held(&self, name: &str) -> bool {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let Ok(fd) = retry(|| fs::openat(&self.fd, name, flags, Mode::empty())) else {
            return false;
        };
        fs::flock(&fd, FlockOperation::NonBlockingLockShared) == Err(Errno::WOULDBLOCK)
    }

    /// Takes a note away, if it is there.
    pub fn drop_note(&self, name: &str) -> Result<(), Error> {
        match retry(|| fs::unlinkat(&self.fd, name, AtFlags::empty())) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(PathError::new("remove", &self.path.join(name), errno).into()),
        }
    }

    fn open_note(&self, name: &str) -> Result<OwnedFd, Error> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o600);
        retry(|| fs::openat(&self.fd, name, flags, mode))
            .map_err(|errno| PathError::new("write", &self.path.join(name), errno).into())
    }
}

fn write(file: impl AsFd, bytes: &[u8]) -> rustix::io::Result<()> {
    write_whole(&file, bytes)?;
    retry(|| fs::ftruncate(&file, bytes.len() as u64))
}

#[cfg(test)]
mod tests {
    use crate::tree::{Content, Tree};
    use std::time::{Duration, Instant};

    #[test]
    fn a_note_is_held_for_as_long_as_its_writer_lives() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Tree::open(folder.path())
            .unwrap()
            .dir(".")
            .unwrap()
            .unwrap();
        assert!(!dir.is_held("a"));
        let held = dir.hold_note("a", b"longer").unwrap();
        assert!(dir.is_held("a") && !dir.is_held("b"));
        held.clear().unwrap();
        drop(held);
        // Other tests of this process start programs, which have its open files
        // until they become what they are to be.
        let end = Instant::now() + Duration::from_secs(10);
        while dir.is_held("a") {
            assert!(Instant::now() < end, "nobody holds it any more");
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(dir.read("a", 9).unwrap(), Content::Bytes(Vec::new()));
        dir.note("a", b"longer").unwrap();
        dir.note("a", b"short").unwrap();
        assert_eq!(dir.read("a", 9).unwrap(), Content::Bytes(b"short".to_vec()));
        dir.drop_note("a").unwrap();
        dir.drop_note("a").unwrap();
        assert_eq!(dir.read("a", 9).unwrap(), Content::Missing);
    }
}
