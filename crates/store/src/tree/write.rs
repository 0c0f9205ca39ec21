//! The durable writes of a folder.

use super::Dir;
use crate::error::{Error, PathError};
use crate::interrupted::{TRIES, retry, write_whole};
use rustix::fs::{self, AtFlags, FlockOperation, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::os::fd::OwnedFd;

/// Whether a name is that of a temporary file of ours.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".tmp")
}

impl Dir {
    /// Writes a file that must not exist yet; false, and nothing written, if
    /// it does. Of any number of processes exactly one creates it.
    pub fn create(&self, name: &str, bytes: &[u8]) -> Result<bool, Error> {
        self.create_after(name, bytes, || ())
    }

    /// The same, and does something right before the file can be seen.
    pub fn create_after(
        &self,
        name: &str,
        bytes: &[u8],
        first: impl FnOnce(),
    ) -> Result<bool, Error> {
        let temporary = self.temporary(name, bytes)?;
        first();
        match self.rename_new(&temporary.name, name) {
            Ok(()) => {
                temporary.keep();
                self.sync()?;
                Ok(true)
            }
            Err(Errno::EXIST) => Ok(false),
            Err(errno) => Err(self.failed("create", name, errno)),
        }
    }

    /// Writes a file in place of what is there.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.replace_after(name, bytes, || ())
    }

    /// The same, and does something right before the new file can be seen.
    pub fn replace_after(
        &self,
        name: &str,
        bytes: &[u8],
        first: impl FnOnce(),
    ) -> Result<(), Error> {
        let temporary = self.temporary(name, bytes)?;
        first();
        retry(|| fs::renameat(&self.fd, &temporary.name, &self.fd, name))
            .map_err(|errno| self.failed("write", name, errno))?;
        temporary.keep();
        self.sync()
    }

    /// Writes a file in place of what is there, which may then be read and
    /// written by the same users as before.
    pub fn replace_as_was(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let temporary = self.temporary(name, bytes)?;
        match fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(before) => {
                let mode = Mode::from_raw_mode(before.st_mode & 0o7777);
                retry(|| fs::fchmod(&temporary.file, mode))
                    .map_err(|errno| self.failed("write", name, errno))?;
            }
            Err(Errno::NOENT) => {}
            Err(errno) => return Err(self.failed("look at", name, errno)),
        }
        retry(|| fs::renameat(&self.fd, &temporary.name, &self.fd, name))
            .map_err(|errno| self.failed("write", name, errno))?;
        temporary.keep();
        self.sync()
    }

    /// Removes a file; false if it was not there.
    pub fn remove(&self, name: &str) -> Result<bool, Error> {
        match retry(|| fs::unlinkat(&self.fd, name, AtFlags::empty())) {
            Ok(()) => self.sync().map(|()| true),
            Err(Errno::NOENT) => Ok(false),
            Err(errno) => Err(self.failed("remove", name, errno)),
        }
    }

    /// Removes a temporary file whose writer is gone; false if it is alive.
    pub fn remove_abandoned(&self, name: &str) -> Result<bool, Error> {
        // Locked until it is removed: a writer that comes too late to lock its
        // own file sees that, and takes another.
        match self.lock_abandoned(name) {
            Some(_locked) => self.remove(name),
            None => Ok(false),
        }
    }

    /// Whether the writer of a temporary file is gone.
    pub fn is_abandoned(&self, name: &str) -> bool {
        self.lock_abandoned(name).is_some()
    }

    /// A writer holds a lock on its temporary file, so a file that can be
    /// locked has lost its writer.
    fn lock_abandoned(&self, name: &str) -> Option<OwnedFd> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let fd = fs::openat(&self.fd, name, flags, Mode::empty()).ok()?;
        fs::flock(&fd, FlockOperation::NonBlockingLockExclusive).ok()?;
        Some(fd)
    }

    pub(super) fn sync(&self) -> Result<(), Error> {
        retry(|| fs::fsync(&self.fd))
            .map_err(|errno| PathError::new("sync the folder", &self.path, errno).into())
    }

    fn failed(&self, verb: &'static str, name: &str, errno: Errno) -> Error {
        PathError::new(verb, &self.path.join(name), errno).into()
    }

    /// Where the file system cannot rename without replacing, a link can.
    fn rename_new(&self, from: &str, to: &str) -> rustix::io::Result<()> {
        match retry(|| fs::renameat_with(&self.fd, from, &self.fd, to, RenameFlags::NOREPLACE)) {
            Err(Errno::INVAL | Errno::NOSYS) => {
                retry(|| fs::linkat(&self.fd, from, &self.fd, to, AtFlags::empty()))?;
                retry(|| fs::unlinkat(&self.fd, from, AtFlags::empty()))
            }
            result => result,
        }
    }

    /// A temporary file with these bytes, which are on the disk. One whose fsync
    /// was interrupted is thrown away, and its bytes are written anew: after an
    /// fsync that failed a second one says OK, and the data is gone.
    fn temporary(&self, name: &str, bytes: &[u8]) -> Result<Temporary<'_>, Error> {
        let failed = |errno| self.failed("write", name, errno);
        for _ in 0..TRIES {
            let temporary = self.own_temporary(name).map_err(failed)?;
            write_whole(&temporary.file, bytes).map_err(failed)?;
            match fs::fsync(&temporary.file) {
                Ok(()) => return Ok(temporary),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(failed(errno)),
            }
        }
        Err(failed(Errno::INTR))
    }

    /// A name that somebody else has is no obstacle: processes that began in the
    /// same tick of the clock draw the same numbers.
    fn own_temporary(&self, name: &str) -> rustix::io::Result<Temporary<'_>> {
        for _ in 0..TRIES {
            match self.new_temporary(name) {
                Ok(temporary) if temporary.is_ours()? => return Ok(temporary),
                Ok(_) | Err(Errno::EXIST) => {}
                Err(errno) => return Err(errno),
            }
        }
        Err(Errno::EXIST)
    }

    fn new_temporary(&self, name: &str) -> rustix::io::Result<Temporary<'_>> {
        let temporary_name = format!(".{name}.{:08x}.tmp", fastrand::u32(..));
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o666);
        let fd = retry(|| fs::openat(&self.fd, &temporary_name, flags, mode))?;
        Ok(Temporary {
            dir: self,
            name: temporary_name,
            file: fd,
        })
    }
}

/// A temporary file that goes away unless it was renamed.
#[must_use = "dropping it removes the file"]
struct Temporary<'a> {
    dir: &'a Dir,
    name: String,
    file: OwnedFd,
}

impl Temporary<'_> {
    /// Locks it, so that nobody takes it for abandoned. False if somebody did
    /// so before: then it is about to be removed, or is gone.
    fn is_ours(&self) -> rustix::io::Result<bool> {
        match fs::flock(&self.file, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK) => Ok(false),
            // Some file systems have no locks; nobody can lock it there.
            _ => Ok(fs::fstat(&self.file)?.st_nlink > 0),
        }
    }

    fn keep(mut self) {
        self.name.clear();
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            // Best effort: what stays behind is collected later.
            let _ = retry(|| fs::unlinkat(&self.dir.fd, &self.name, AtFlags::empty()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tree::{Content, Tree};

    #[test]
    fn whoever_draws_the_same_name_takes_another() {
        let folder = tempfile::tempdir().unwrap();
        let tree = Tree::open(folder.path()).unwrap();
        let dir = tree.dir(".").unwrap().unwrap();
        fastrand::seed(7);
        let (first, second) = (fastrand::u32(..), fastrand::u32(..));
        for number in [first, second] {
            std::fs::write(folder.path().join(format!(".a.{number:08x}.tmp")), "other").unwrap();
        }
        fastrand::seed(7);
        assert!(dir.create("a", b"own").unwrap());
        assert_eq!(dir.read("a", 9).unwrap(), Content::Bytes(b"own".to_vec()));
    }
}
