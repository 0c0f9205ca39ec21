//! Where a worker's output goes, how it is kept within bounds, and how it is
//! read: its end, and what comes next.
//!
//! Paths are made from validated addresses only. Reading is bounded however
//! large a log has grown. Nothing here makes control characters harmless: that
//! is the terminal's side of the house.

mod follow;
mod keep;

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

pub use follow::{Follower, News};
pub use keep::{LIMIT, is_kept, keep, older};

/// The most that [`tail`] reads, in bytes: lines beyond it are left out.
pub const TAIL_LIMIT: u64 = 1 << 20;
const CHUNK: u64 = 64 << 10;
const LONGEST_PART: usize = 64;

/// An address that cannot become a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "agent address {address:?} has no log: each part between slashes must be 1 to 64 of \
     letters, digits, '_', '-' and '.', and begin with a letter or digit"
)]
pub struct AddressError {
    /// The address as it was given.
    pub address: String,
}

/// The log of one attempt: `<dir>/<address>/<attempt>.log`, where the slashes
/// of the address are folders.
pub fn log_path(dir: &Path, address: &str, attempt: u64) -> Result<PathBuf, AddressError> {
    if !address.split('/').all(is_plain) {
        return Err(AddressError {
            address: address.to_owned(),
        });
    }
    Ok(dir.join(address).join(format!("{attempt}.log")))
}

fn is_plain(part: &str) -> bool {
    part.len() <= LONGEST_PART
        && part.starts_with(|c: char| c.is_ascii_alphanumeric())
        && part
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

/// The last `lines` lines of a log, read from its end; bytes that are not
/// UTF-8 are replaced. Where the log was put aside and begun anew, what came
/// before counts, too. Reads at most [`TAIL_LIMIT`] bytes of each.
pub fn tail(path: &Path, lines: usize) -> io::Result<String> {
    let bytes = last(&mut open(path)?, path, lines)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a log is there, if only what was put aside of it.
pub fn is_there(path: &Path) -> io::Result<bool> {
    match open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The log, or what was put aside of it while it is not begun anew.
fn open(path: &Path) -> io::Result<File> {
    match File::open(path) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            File::open(older(path)).map_err(|_| missing)
        }
        opened => opened,
    }
}

fn is_same(file: &File, path: &Path) -> bool {
    let of = |meta: io::Result<Metadata>| meta.map(|it| (it.dev(), it.ino())).ok();
    of(file.metadata()) == of(path.metadata())
}

/// The last lines of the log that is open, which is read from its end on then.
fn last(file: &mut File, path: &Path, lines: usize) -> io::Result<Vec<u8>> {
    if lines == 0 {
        file.seek(SeekFrom::End(0))?;
        return Ok(Vec::new());
    }
    let mut text = end_of(file, lines)?;
    if last_lines(&text, lines).is_none()
        && !is_same(file, &older(path))
        && let Ok(mut before) = File::open(older(path))
    {
        // A line may begin in one file and end in the other.
        let mut all = end_of(&mut before, lines)?;
        all.append(&mut text);
        text = all;
    }
    let wanted = last_lines(&text, lines).unwrap_or(0);
    Ok(text.split_off(wanted))
}

/// The end of a file: so many lines at least, where it has them.
fn end_of(file: &mut File, lines: usize) -> io::Result<Vec<u8>> {
    let end = file.metadata()?.len();
    let mut start = end;
    let mut text = Vec::new();
    while start > end.saturating_sub(TAIL_LIMIT) && last_lines(&text, lines).is_none() {
        let from = start.saturating_sub(CHUNK);
        let mut piece = read_range(file, from, start)?;
        piece.append(&mut text);
        text = piece;
        start = from;
    }
    file.seek(SeekFrom::Start(end))?;
    Ok(text)
}

fn read_range(file: &mut File, from: u64, to: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(to - from).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where the last `lines` lines begin, if the line before them is there too.
fn last_lines(text: &[u8], lines: usize) -> Option<usize> {
    let body = text.strip_suffix(b"\n").unwrap_or(text);
    let breaks = body
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, byte)| **byte == b'\n');
    breaks.map(|(at, _)| at + 1).nth(lines - 1)
}

#[cfg(test)]
mod tests;
