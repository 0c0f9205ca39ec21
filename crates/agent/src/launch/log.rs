//! Opening the log of a worker.
//!
//! Only its owner can read it, since agents print what they see. A symbolic
//! link in its place is refused rather than written through.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use rustix::fs::OFlags;

use super::LaunchError;
use crate::interrupted::{retry, writable};

/// Two handles on the log, for standard output and standard error.
pub(super) fn open(path: &Path) -> Result<(File, File), LaunchError> {
    let handles = |log: File| Ok((log.try_clone()?, log));
    appending(path)
        .and_then(handles)
        .map_err(|source| failed(path, source))
}

/// Makes the log, so that it is there before anything is printed.
pub(super) fn create(path: &Path) -> Result<(), LaunchError> {
    appending(path)
        .map(drop)
        .map_err(|source| failed(path, source))
}

fn failed(path: &Path, source: io::Error) -> LaunchError {
    LaunchError::Log {
        path: path.to_owned(),
        source,
    }
}

/// The log, with the folders above it, to be written at its end.
pub(crate) fn appending(path: &Path) -> io::Result<File> {
    if let Some(parent) = path.parent() {
        retry(|| DirBuilder::new().recursive(true).mode(0o700).create(parent))?;
    }
    writable(path, OFlags::APPEND | OFlags::CREATE | OFlags::NOFOLLOW)
}
