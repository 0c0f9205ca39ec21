//! What is at a path.
//!
//! Promises that what cannot be looked at is an error and never taken for none:
//! what is not there may be made, overwritten, or forgotten.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// What stands there, links themselves included.
pub(crate) fn at(path: &Path) -> Result<Option<Metadata>> {
    found(fs::symlink_metadata(path)).map_err(Error::io("look at", path))
}

/// Whether anything stands there, links themselves included.
pub(crate) fn is_there(path: &Path) -> Result<bool> {
    Ok(at(path)?.is_some())
}

/// Whether a folder is there, or a link to one.
pub(crate) fn is_folder(path: &Path) -> Result<bool> {
    Ok(behind(path)?.is_some_and(|meta| meta.is_dir()))
}

/// Whether a file with something in it is there, or a link to one.
pub(crate) fn is_filled(path: &Path) -> Result<bool> {
    Ok(behind(path)?.is_some_and(|meta| meta.is_file() && meta.len() > 0))
}

/// The path without links, if something is there.
pub(crate) fn real(path: &Path) -> Result<Option<PathBuf>> {
    found(path.canonicalize()).map_err(Error::io("find", path))
}

fn behind(path: &Path) -> Result<Option<Metadata>> {
    found(fs::metadata(path)).map_err(Error::io("look at", path))
}

/// Whether nothing is there: a parent that is a file counts.
pub(crate) fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn found<T>(looked: io::Result<T>) -> io::Result<Option<T>> {
    match looked {
        Ok(there) => Ok(Some(there)),
        Err(error) if is_absent(error.kind()) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_looked_at_is_not_taken_for_none() {
        let dir = tempfile::tempdir().expect("temp dir");
        let path = |name: &str| dir.path().join(name);
        fs::write(path("file"), "x").expect("written");
        std::os::unix::fs::symlink(path("loop"), path("loop")).expect("linked");
        for absent in ["none", "none/below", "file/below"] {
            assert!(!is_there(&path(absent)).expect("looked"), "{absent}");
            assert!(!is_filled(&path(absent)).expect("looked"), "{absent}");
            assert_eq!(real(&path(absent)).expect("looked"), None, "{absent}");
        }
        assert!(is_filled(&path("file")).expect("looked"));
        assert!(is_there(&path("loop")).expect("the link itself"));
        assert!(is_filled(&path("loop")).is_err());
        assert!(is_folder(&path("loop")).is_err());
        assert!(real(&path("loop")).is_err());
    }
}
