//! Text that a flag names by file or `-`.
//!
//! The size is bounded before anything is read, so that a wrong path cannot
//! fill the memory. Text is UTF-8 or an error; nothing is replaced in silence.

mod hasty;

use model::{Class, Fault};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub use hasty::read_within;

/// The most that is read where nothing else is said: 256 KiB.
pub const LIMIT: usize = 256 * 1024;

/// Why a text could not be read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file or stream failed.
    #[error("cannot read {name}")]
    Read {
        /// The path, or "standard input".
        name: String,
        /// Why.
        source: io::Error,
    },
    /// There is more than the limit.
    #[error("{name} is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The path, or "standard input".
        name: String,
        /// The limit.
        limit: usize,
    },
    /// It is not text.
    #[error("{name} is not UTF-8 text: byte {offset} on line {line} is wrong")]
    NotText {
        /// The path, or "standard input".
        name: String,
        /// Where the first wrong byte is, from 0.
        offset: usize,
        /// The line it stands on, from 1.
        line: usize,
    },
}

impl Fault for InputError {
    fn class(&self) -> Class {
        match self {
            Self::Read { source, .. } if source.kind() != io::ErrorKind::NotFound => {
                Class::Environment
            }
            _ => Class::Usage,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::TooLarge { .. } => {
                Some("put the bulk into a file of the repository and name it here".into())
            }
            _ => None,
        }
    }
}

/// Reads a file, or standard input for `-`: at most [`LIMIT`] bytes.
pub fn read_text(path: &Path) -> Result<String, InputError> {
    read_text_within(path, LIMIT)
}

/// Reads a file, or standard input for `-`: at most `limit` bytes.
pub fn read_text_within(path: &Path, limit: usize) -> Result<String, InputError> {
    if path == Path::new("-") {
        return read_from(io::stdin().lock(), "standard input", limit);
    }
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => read_from(file, &name, limit),
        Err(source) => Err(InputError::Read { name, source }),
    }
}

/// Reads any stream; `name` is what messages call it. A byte order mark at the
/// start is no part of the text.
pub fn read_from(stream: impl Read, name: &str, limit: usize) -> Result<String, InputError> {
    let name = name.to_owned();
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    if let Err(source) = stream.take(most).read_to_end(&mut bytes) {
        return Err(InputError::Read { name, source });
    }
    if bytes.len() > limit {
        return Err(InputError::TooLarge { name, limit });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(without_bom(text)),
        Err(error) => Err(not_text(name, &error)),
    }
}

fn without_bom(mut text: String) -> String {
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    text
}

fn not_text(name: String, error: &std::string::FromUtf8Error) -> InputError {
    let offset = error.utf8_error().valid_up_to();
    let before = &error.as_bytes()[..offset];
    InputError::NotText {
        name,
        offset,
        line: before.iter().filter(|b| **b == b'\n').count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_exact_and_named() {
        assert_eq!(read_from(&b"12345"[..], "x", 5).unwrap(), "12345");
        let error = read_from(&b"123456"[..], "notes.md", 5).unwrap_err();
        assert_eq!(
            error.to_string(),
            "notes.md is larger than the limit of 5 bytes"
        );
        assert!(read_from(io::repeat(b'a'), "endless", LIMIT).is_err());
    }

    #[test]
    fn only_text() {
        let error = read_from(&b"a\nb\xff"[..], "x", 9).unwrap_err();
        assert_eq!(
            error.to_string(),
            "x is not UTF-8 text: byte 3 on line 2 is wrong"
        );
        assert_eq!(read_from("\u{feff}a".as_bytes(), "x", 9).unwrap(), "a");
    }

    #[test]
    fn files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("body.md");
        let missing = read_text(&path).unwrap_err();
        assert_eq!(missing.class(), Class::Usage);
        assert!(missing.to_string().contains("body.md"));
        std::fs::write(&path, "Steps:\n").unwrap();
        assert_eq!(read_text(&path).unwrap(), "Steps:\n");
        let directory = read_text(folder.path()).unwrap_err();
        assert_eq!(directory.class(), Class::Environment);
    }
}
