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
use std::fs::{File, Metadata};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use store::interrupted::{retry, retry_io};
use store::look;

const NAME: &str = "locks/watcher.lock";

/// What its last line says of one that has seen everything once.
const READY: &str = "ready";

/// What it says of one that was asked to stop.
const STOPPING: &str = "stopping";

/// How long a lock may be held by nobody who says so.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two looks at it.
const PAUSE: Duration = Duration::from_millis(5);

/// The proof that no other watcher is at work in the clone.
#[derive(Debug)]
pub(crate) struct Alone {
    file: File,
    path: PathBuf,
    /// Who holds it, as the file says.
    text: String,
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
    /// Whether it begins nothing any more, and ends what it has begun.
    pub is_stopping: bool,
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
            let mut alone = Self {
                file,
                path: path.clone(),
                text: String::new(),
            };
            // Replaced between opening and locking: then nothing was won.
            if alone.still_stands() {
                alone.sign()?;
                return Ok(alone);
            }
            if Instant::now() > end {
                return Err(Error::LockLost(path));
            }
            thread::sleep(PAUSE);
        }
    }

    /// Whether the lock file is still the one that is locked. Where it cannot be
    /// looked at, nobody has replaced it as far as is known.
    pub(crate) fn still_stands(&self) -> bool {
        let place = |it: Metadata| (it.dev(), it.ino());
        let own = self.file.metadata().map(place);
        match (own, look::at(&self.path)) {
            (Ok(own), Ok(there)) => there.map(place) == Some(own),
            _ => true,
        }
    }

    /// The lock file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes who holds the lock.
    fn sign(&mut self) -> Result<(), Error> {
        let failed = |source| Error::of_file("write", &self.path, &source);
        let process = Identity::current().map_err(failed)?;
        let since = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
        self.text = format!("{process}\n{since}\n");
        // What is there is a dead one's: whoever reads between the two sees none.
        retry_io(|| self.file.set_len(0))
            .and_then(|()| self.file.write_all_at(self.text.as_bytes(), 0))
            .map_err(failed)
    }

    /// Adds that it is ready for work. Whoever reads meanwhile sees who it is.
    pub(crate) fn sign_ready(&self) -> Result<(), Error> {
        self.add(READY)
    }

    /// Says that it was asked to stop.
    pub(crate) fn sign_stopping(&self) -> Result<(), Error> {
        self.add(STOPPING)
    }

    fn add(&self, word: &str) -> Result<(), Error> {
        let failed = |source| Error::of_file("write", &self.path, &source);
        let text = format!("{}{word}\n", self.text);
        self.file.write_all_at(text.as_bytes(), 0).map_err(failed)
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
    let says = lines.next();
    process.is_alive().unwrap_or(false).then_some(Holder {
        process,
        since,
        is_ready: says == Some(READY),
        is_stopping: says == Some(STOPPING),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

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
        first.sign_ready().unwrap();
        assert!(holder(folder.path()).unwrap().is_ready);
        first.sign_stopping().unwrap();
        assert!(holder(folder.path()).unwrap().is_stopping);
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

    #[test]
    fn whoever_reads_while_it_signs_sees_who_it_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("locks")).unwrap();
        let alone = Alone::take(folder.path()).unwrap();
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..5000 {
                    alone.sign_ready().unwrap();
                }
                is_done.store(true, Ordering::Relaxed);
            });
            while !is_done.load(Ordering::Relaxed) {
                assert!(holder(folder.path()).is_some());
            }
        });
        assert!(holder(folder.path()).unwrap().is_ready);
    }
}
