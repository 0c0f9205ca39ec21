//! Files that are whole or absent, also after a power cut.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// Replaces `path` by `bytes`: temporary file beside it, fsync, rename, fsync.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::Builder::new()
        .prefix(".plaintown-")
        .tempfile_in(folder)
        .map_err(Error::io("create a file in", folder))?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(Error::io("write", path))?;
    file.persist(path)
        .map_err(|error| Error::io("write", path)(error.error))?;
    sync_dir(folder)
}

/// Writes a file of a folder that nobody can see yet, and syncs it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    File::create(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(Error::io("write", path))
}

/// Makes the names in a directory durable.
pub(crate) fn sync_dir(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|dir| dir.sync_all())
        .map_err(Error::io("sync", path))
}

/// Makes the bytes of a file durable.
pub(crate) fn sync_file(path: &Path) -> Result<()> {
    sync_dir(path)
}

/// Makes a private directory, with its parents.
pub(crate) fn private_dir(path: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(Error::io("make the folder", path))
}

/// Renames, and makes the new name durable.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(Error::io("rename", from))?;
    sync_dir(to.parent().unwrap_or(Path::new("/")))
}

/// Removes a file; absent is as good.
pub(crate) fn remove_file(path: &Path) -> Result<()> {
    absent_is_fine(fs::remove_file(path), path)
}

/// Removes a folder with what is in it; absent is as good.
pub(crate) fn remove_dir(path: &Path) -> Result<()> {
    absent_is_fine(fs::remove_dir_all(path), path)
}

fn absent_is_fine(result: std::io::Result<()>, path: &Path) -> Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other.map_err(Error::io("remove", path)),
    }
}

/// Reads a file; `None` when it is absent.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(error.kind()) => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Whether nothing is there: a parent that is a file counts.
pub(crate) fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The entries of a folder, sorted; an absent folder has none.
pub(crate) fn entries(path: &Path) -> Result<Vec<PathBuf>> {
    let listing = match fs::read_dir(path) {
        Ok(listing) => listing,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("list", path)(error)),
    };
    let mut entries = listing
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(Error::io("list", path))?;
    entries.sort();
    Ok(entries)
}

/// A path with something after its last component.
pub(crate) fn with_suffix(path: &Path, suffix: impl AsRef<OsStr>) -> PathBuf {
    let mut text = path.as_os_str().to_owned();
    text.push(suffix);
    PathBuf::from(text)
}
