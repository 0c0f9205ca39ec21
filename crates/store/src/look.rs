//! What is at a path.
//!
//! Promises that what cannot be looked at is an error and never taken for none:
//! what is not there may be made, overwritten, or forgotten.

use crate::error::PathError;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What stands there, links themselves included.
pub fn at(path: &Path) -> Result<Option<Metadata>, PathError> {
    found("look at", path, fs::symlink_metadata(path))
}

/// Whether anything stands there, links themselves included.
pub fn is_there(path: &Path) -> Result<bool, PathError> {
    Ok(at(path)?.is_some())
}

/// Whether a folder is there, or a link to one.
pub fn is_folder(path: &Path) -> Result<bool, PathError> {
    Ok(found("look at", path, fs::metadata(path))?.is_some_and(|meta| meta.is_dir()))
}

/// The path without links, if something is there.
pub fn real(path: &Path) -> Result<Option<PathBuf>, PathError> {
    found("find", path, path.canonicalize())
}

/// What is in a folder, in no order; nothing in one that is not there.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, PathError> {
    let listed = fs::read_dir(folder).and_then(|entries| {
        let paths = entries.map(|entry| entry.map(|entry| entry.path()));
        paths.collect::<io::Result<Vec<PathBuf>>>()
    });
    Ok(found("list", folder, listed)?.unwrap_or_default())
}

fn found<T>(
    verb: &'static str,
    path: &Path,
    looked: io::Result<T>,
) -> Result<Option<T>, PathError> {
    match looked {
        Ok(there) => Ok(Some(there)),
        // A parent that is a file has nothing in it.
        Err(error) if is_absent(error.kind()) => Ok(None),
        Err(error) => Err(PathError::io(verb, path, &error)),
    }
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
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
            assert!(!is_folder(&path(absent)).expect("looked"), "{absent}");
            assert_eq!(real(&path(absent)).expect("looked"), None, "{absent}");
            assert!(entries(&path(absent)).expect("looked").is_empty());
        }
        assert!(is_there(&path("loop")).expect("the link itself"));
        assert!(is_folder(&path("loop")).is_err());
        assert!(real(&path("loop")).is_err());
        assert!(entries(&path("loop")).is_err());
        assert_eq!(entries(dir.path()).expect("listed").len(), 2);
    }
}
