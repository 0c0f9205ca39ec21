//! Opening the log of a worker.
//!
//! Only its owner can read it, since agents print what they see. A symbolic
//! link in its place is refused rather than written through.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::LaunchError;

/// Two handles on the log, for standard output and standard error.
pub(super) fn open(path: &Path) -> Result<(File, File), LaunchError> {
    handles(path).map_err(|source| LaunchError::Log {
        path: path.to_owned(),
        source,
    })
}

fn handles(path: &Path) -> io::Result<(File, File)> {
    if let Some(parent) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(parent)?;
    }
    let log = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)?;
    Ok((log.try_clone()?, log))
}
