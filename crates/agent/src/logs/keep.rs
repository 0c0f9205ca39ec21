//! Keeping a log within its bounds: the file, and one older file beside it.
//!
//! Whoever reads everything that goes into a log renames it when it is full,
//! and loses nothing. A log that a worker writes by itself is not kept here.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::launch::log::appending;

/// How large a log grows where nobody says otherwise, in bytes.
pub const LIMIT: u64 = 8 << 20;

/// The file beside a log that holds what came before.
fn older(log: &Path) -> PathBuf {
    let mut name: OsString = log.as_os_str().to_owned();
    name.push(".1");
    PathBuf::from(name)
}

/// Writes everything that `input` says to the log, up to its end.
pub fn keep(mut input: impl Read, log: &Path, limit: u64) -> io::Result<()> {
    let mut file = appending(log)?;
    let mut size = file.metadata()?.len();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if size > 0 && size + count as u64 > limit {
            fs::rename(log, older(log))?;
            file = appending(log)?;
            size = 0;
        }
        file.write_all(&buffer[..count])?;
        size += count as u64;
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
    }
}
