//! Advisory locks between our own processes.
//!
//! A lock file is never deleted: unlinking one gives two holders. The
//! descriptor is closed on exec, so no child keeps a lock alive.

use std::fs::File;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;

use crate::{Error, Result, durable};

/// An exclusive lock, held until dropped.
#[derive(Debug)]
#[must_use = "dropping it gives the lock back at once"]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock at `path`, waiting for at most `wait`.
    pub fn acquire(path: &Path, wait: Duration) -> Result<Self> {
        let file =
            durable::create(path, OFlags::empty(), 0o666).map_err(Error::io("open", path))?;
        let deadline = Instant::now() + wait;
        let mut pause = Duration::from_millis(1);
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Self { _file: file }),
                Err(Errno::WOULDBLOCK | Errno::INTR) => {}
                Err(error) => return Err(Error::io("lock", path)(error.into())),
            }
            if Instant::now() >= deadline {
                return Err(Error::Locked {
                    path: path.to_owned(),
                    waited: wait,
                });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(25));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_taker_waits_and_is_told() {
        let dir = tempfile::tempdir().expect("temp dir");
        let path = dir.path().join("x.lock");
        let first = Lock::acquire(&path, Duration::ZERO).expect("free");
        let error = Lock::acquire(&path, Duration::from_millis(5)).expect_err("held");
        assert!(matches!(error, Error::Locked { .. }));
        drop(first);
        // A child forked meanwhile has the descriptor until its exec.
        let _again = Lock::acquire(&path, Duration::from_secs(5)).expect("free again");
    }
}
