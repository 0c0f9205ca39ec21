//! One watcher in one clone: a lock that is held for as long as it lives.
//!
//! The lock is free as soon as its process ends, however that happens. A lock
//! file that was removed or replaced would let a second one in, so the holder
//! looks whether the file is still its own. The file says who holds it.

use crate::error::Error;
use agent::process::Identity;
use jiff::Timestamp;
use rustix::fs::{FlockOperation, Mode, OFlags, flock, open};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use store::interrupted::{retry, retry_io};

const NAME: &str = "locks/watcher.lock";

/// How long a lock may be held by nobody who says so.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two looks at it.
const PAUSE: Duration = Duration::from_millis(5);

/// The proof that no other watcher is at work in the clone.
#[derive(Debug)]
pub(crate) struct Alone {
    file: File,
    path: PathBuf,
}

/// A watcher that is at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process.
    pub process: Identity,
    /// Since when.
    pub since: String,
    /// Whether it has seen everything once.
    pub is_ready: bool,
}

impl Alone {
    /// Takes the lock, unless a watcher has it. What a dead one was just starting
    /// has its open files until it becomes another program, so a lock without a
    /// living holder is awaited.
    pub(crate) fn take(private: &Path) -> Result<Self, Error> {
        let path = private.join(NAME);
        let end = Instant::now() + PATIENCE;
        loop {
            let Some(file) = lock(&path)? else {
                let holder = holder(private);
                if holder.is_some() || Instant::now() > end {
                    let pid = holder.map(|it| it.process.pid);
                    return Err(Error::Taken { pid });
                }
                thread::sleep(PAUSE);
                continue;
            };
            let alone = Self {
                file,
                path: path.clone(),
            };
            // Replaced between opening and locking: then nothing was won.
            if alone.still_stands() {
                alone.sign(false)?;
                return Ok(alone);
            }
        }
    }

    /// Whether the lock file is still the one that is locked.
    pub(crate) fn still_stands(&self) -> bool {
        let own = self.file.metadata().map(|it| (it.dev(), it.ino()));
        let there = self.path.symlink_metadata().map(|it| (it.dev(), it.ino()));
        matches!((own, there), (Ok(own), Ok(there)) if own == there)
    }

    /// The lock file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes who holds the lock, and whether it is ready for work.
    pub(crate) fn sign(&self, is_ready: bool) -> Result<(), Error> {
        let failed = |source| Error::of_file("write", &self.path, &source);
        let process = Identity::current().map_err(failed)?;
        let since = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
        let ready = if is_ready { "ready\n" } else { "" };
        let text = format!("{process}\n{since}\n{ready}");
        let mut file = &self.file;
        retry_io(|| file.set_len(0))
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(text.as_bytes()))
            .map_err(failed)
    }
}

/// None if another process holds it.
fn lock(path: &Path) -> Result<Option<File>, Error> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let failed = |errno: Errno| Error::of_file("lock", path, &errno.into());
    let mode = Mode::from_raw_mode(0o600);
    let fd = retry(|| open(path, flags, mode)).map_err(failed)?;
    match flock(&fd, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(File::from(fd))),
        Err(Errno::WOULDBLOCK) => Ok(None),
        Err(errno) => Err(failed(errno)),
    }
}

/// The watcher that is at work in a clone, by its private folder.
pub fn holder(private: &Path) -> Option<Holder> {
    let text = std::fs::read_to_string(private.join(NAME)).ok()?;
    let mut lines = text.lines();
    let process: Identity = lines.next()?.parse().ok()?;
    let since = lines.next()?.to_owned();
    let is_ready = lines.next() == Some("ready");
    process.is_alive().unwrap_or(false).then_some(Holder {
        process,
        since,
        is_ready,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_refused_and_told_who_is_first() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("locks")).unwrap();
        assert_eq!(holder(folder.path()), None);
        let first = Alone::take(folder.path()).unwrap();
        let own = std::process::id();
        let second = Alone::take(folder.path());
        assert!(matches!(second, Err(Error::Taken { pid: Some(pid) }) if pid == own));
        assert!(!holder(folder.path()).unwrap().is_ready);
        first.sign(true).unwrap();
        assert!(holder(folder.path()).unwrap().is_ready);
        drop(first);
        // Other tests of this process start programs, which have its open files
        // until they become what they are to be.
        let end = Instant::now() + PATIENCE;
        while let Err(error) = Alone::take(folder.path()) {
            assert!(Instant::now() < end, "{error}");
            thread::sleep(PAUSE);
        }
    }

    #[test]
    fn what_a_dead_watcher_was_starting_is_awaited() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("locks")).unwrap();
        let first = Alone::take(folder.path()).unwrap();
        let inherited = first.file.try_clone().unwrap();
        let text = "another-boot:7:99\n2026-01-15T10:00:00Z\nready\n";
        std::fs::write(folder.path().join(NAME), text).unwrap();
        drop(first);
        thread::scope(|scope| {
            let second = scope.spawn(|| Alone::take(folder.path()));
            thread::sleep(Duration::from_millis(50));
            assert!(!second.is_finished());
            drop(inherited);
            second.join().unwrap().unwrap();
        });
    }

    #[test]
    fn a_replaced_lock_file_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("locks")).unwrap();
        let alone = Alone::take(folder.path()).unwrap();
        assert!(alone.still_stands());
        let path = folder.path().join(NAME);
        std::fs::remove_file(&path).unwrap();
        assert!(!alone.still_stands());
        std::fs::write(&path, "").unwrap();
        assert!(!alone.still_stands());
    }
}
