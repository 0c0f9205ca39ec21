//! Keeping a log within its bounds: the file, and one older file beside it.
//!
//! Whoever reads everything that goes into a log renames it when it is full,
//! and loses nothing but the oldest. What cannot be written, because the disk is
//! full, is counted and the worker goes on.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::open;
use crate::interrupted::retry;
use crate::launch::log::appending;

/// How large a log grows where nobody says otherwise, in bytes.
pub const LIMIT: u64 = 8 << 20;

/// The file beside a log that holds what came before.
pub fn older(log: &Path) -> PathBuf {
    let mut name: OsString = log.as_os_str().to_owned();
    name.push(".1");
    PathBuf::from(name)
}

/// Writes everything that `input` says to the log, up to its end.
pub fn keep(mut input: impl Read, log: &Path, limit: u64) -> io::Result<()> {
    let mut kept = Kept::open(log)?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => kept.add(&buffer[..count], log, limit),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether somebody may still write what a worker has printed.
pub fn is_kept(log: &Path) -> bool {
    let is_held = |file: File| flock(&file, FlockOperation::NonBlockingLockExclusive).is_err();
    open(log).is_ok_and(is_held)
}

struct Kept {
    file: File,
    size: u64,
    /// How many bytes could not be written.
    lost: u64,
}

impl Kept {
    fn open(log: &Path) -> io::Result<Self> {
        let file = appending(log)?;
        // It tells readers that more may come; without it they only wait less.
        let _ = flock(&file, FlockOperation::NonBlockingLockShared);
        let size = file.metadata()?.len();
        Ok(Self {
            file,
            size,
            lost: 0,
        })
    }

    fn add(&mut self, bytes: &[u8], log: &Path, limit: u64) {
        if self.write(bytes, log, limit).is_err() {
            self.lost += bytes.len() as u64;
        }
    }

    fn write(&mut self, bytes: &[u8], log: &Path, limit: u64) -> io::Result<()> {
        if self.size > 0 && self.size + bytes.len() as u64 > limit {
            put_aside(log)?;
            *self = Self {
                lost: self.lost,
                ..Self::open(log)?
            };
        }
        if self.lost > 0 {
            let told = format!("\n[{} bytes could not be written]\n", self.lost);
            self.file.write_all(told.as_bytes())?;
            self.lost = 0;
        }
        self.file.write_all(bytes)?;
        self.size += bytes.len() as u64;
        Ok(())
    }
}

/// One that is not there was put aside when it could not be begun anew.
fn put_aside(log: &Path) -> io::Result<()> {
    match retry(|| fs::rename(log, older(log))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        renamed => renamed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_kept_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("a/1.log");
        let text: String = (0..40_000).map(|n| format!("line {n}\n")).collect();
        keep(text.as_bytes(), &log, 100_000).unwrap();
        let (now, before) = (fs::read(&log).unwrap(), fs::read(older(&log)).unwrap());
        assert!(now.len() <= 100_000 && before.len() <= 100_000);
        assert!(text.as_bytes().ends_with(&[before, now].concat()));
        keep(&b"more\n"[..], &log, 100_000).unwrap();
        assert!(fs::read(&log).unwrap().ends_with(b"\nmore\n"));
        assert!(!is_kept(&log));
    }

    #[test]
    fn what_cannot_be_written_is_counted_and_told() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("1.log");
        let mut kept = Kept::open(&log).unwrap();
        assert!(is_kept(&log));
        let whole = std::mem::replace(&mut kept.file, File::open(&log).unwrap());
        kept.add(b"lost", &log, 100);
        kept.file = whole;
        kept.add(b"there\n", &log, 100);
        let text = fs::read_to_string(&log).unwrap();
        assert_eq!(text, "\n[4 bytes could not be written]\nthere\n");
    }

    #[test]
    fn a_log_that_could_not_be_begun_anew_is_begun_by_the_next_line() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("1.log");
        let mut kept = Kept::open(&log).unwrap();
        kept.add(b"old\n", &log, 6);
        // As it is when no file could be opened after this one was put aside.
        fs::rename(&log, older(&log)).unwrap();
        kept.add(b"new\n", &log, 6);
        assert_eq!(fs::read_to_string(&log).unwrap(), "new\n");
        assert_eq!(fs::read_to_string(older(&log)).unwrap(), "old\n");
    }
}
