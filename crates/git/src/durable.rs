//! Files that are whole or absent, also after a power cut.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, Mode, OFlags, fsync, openat, unlinkat};
use tempfile::TempDir;

use crate::{Error, Result, look};

/// Replaces `path` by `bytes`: temporary file beside it, fsync, rename, fsync.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    patiently(|| {
        let file = tempfile::Builder::new()
            .prefix(".plaintown-")
            .make_in(folder, |path| create(path, OFlags::EXCL, 0o600))?;
        put(file.as_file(), bytes)?;
        fsync(file.as_file())?;
        file.persist(path).map(drop).map_err(|error| error.error)
    })
    .map_err(Error::io("write", path))?;
    sync_dir(folder)
}

/// So often is a call repeated that was interrupted.
const TRIES: usize = 100;

/// Repeats a call that was interrupted, but not for ever.
pub(crate) fn patiently<T>(mut call: impl FnMut() -> std::io::Result<T>) -> std::io::Result<T> {
    for _ in 1..TRIES {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
    call()
}

/// Makes a file, or opens it, for writing. Unlike the standard library's, it
/// gives up when it is interrupted again and again.
pub(crate) fn create(path: &Path, more: OFlags, mode: u32) -> std::io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC | more;
    let mode = Mode::from_raw_mode(mode);
    let opened = patiently(|| Ok(rustix::fs::open(path, flags, mode)?))?;
    Ok(File::from(opened))
}

/// Writes all bytes; gives up likewise.
pub(crate) fn put(mut file: impl Write, mut bytes: &[u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        match patiently(|| file.write(bytes))? {
            0 => return Err(ErrorKind::WriteZero.into()),
            count => bytes = &bytes[count..],
        }
    }
    Ok(())
}

/// Writes a file of a folder that nobody can see yet, and syncs it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    patiently(|| {
        let file = create(path, OFlags::TRUNC, 0o666)?;
        put(&file, bytes)?;
        // Interrupted, it is written anew: an fsync that failed is never trusted.
        Ok(fsync(&file)?)
    })
    .map_err(Error::io("write", path))
}

/// Makes the names in a directory durable.
pub(crate) fn sync_dir(path: &Path) -> Result<()> {
    patiently(|| Ok(fsync(&File::open(path)?)?)).map_err(Error::io("sync", path))
}

/// Makes the bytes of a file durable.
pub(crate) fn sync_file(path: &Path) -> Result<()> {
    sync_dir(path)
}

/// Makes a private directory, with its parents.
pub(crate) fn private_dir(path: &Path) -> Result<()> {
    patiently(|| DirBuilder::new().recursive(true).mode(0o700).create(path))
        .map_err(Error::io("make the folder", path))
}

/// Gives a file these permissions.
pub(crate) fn protect(path: &Path, mode: u32) -> Result<()> {
    // The standard library repeats it for ever where it is interrupted.
    patiently(|| Ok(rustix::fs::chmod(path, Mode::from_raw_mode(mode))?))
        .map_err(Error::io("protect", path))
}

/// Makes a private folder with a name of its own, which goes when it is dropped.
pub(crate) fn temp_dir(folder: &Path, prefix: &str) -> Result<TempDir> {
    patiently(|| tempfile::Builder::new().prefix(prefix).tempdir_in(folder))
        .map_err(Error::io("make a folder in", folder))
}

/// Renames, and makes the new name durable.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    patiently(|| fs::rename(from, to)).map_err(Error::io("rename", from))?;
    sync_dir(to.parent().unwrap_or(Path::new("/")))
}

/// Removes a file; absent is as good.
pub(crate) fn remove_file(path: &Path) -> Result<()> {
    absent_is_fine(patiently(|| fs::remove_file(path)), path)
}

/// Removes a folder with what is in it; absent is as good.
pub(crate) fn remove_dir(path: &Path) -> Result<()> {
    absent_is_fine(remove_tree(path), path)
}

/// As the standard library does it, but for giving up where it is interrupted for
/// ever. A symbolic link is never followed.
fn remove_tree(path: &Path) -> std::io::Result<()> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(folder) => empty(&folder)?,
        // It says what is wrong with anything but a folder.
        Err(_) => return fs::remove_dir_all(path),
    }
    patiently(|| fs::remove_dir(path))
}

fn empty(folder: &OwnedFd) -> std::io::Result<()> {
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if [c".", c".."].contains(&name) {
            continue;
        }
        let remove = |how| patiently(|| Ok(unlinkat(folder, name, how)?));
        match remove(AtFlags::empty()) {
            Err(error) if error.kind() == ErrorKind::IsADirectory => {
                let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                empty(&openat(folder, name, flags, Mode::empty())?)?;
                remove(AtFlags::REMOVEDIR)?;
            }
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
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
        Err(error) if look::is_absent(error.kind()) => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_all_that_is_in_it_and_nothing_that_it_links_to() {
        let dir = tempfile::tempdir().expect("temp dir");
        let (kept, gone) = (dir.path().join("kept"), dir.path().join("gone"));
        fs::create_dir_all(gone.join("a/b")).expect("made");
        fs::create_dir(&kept).expect("made");
        for file in [kept.join("file"), gone.join("file"), gone.join("a/b/file")] {
            fs::write(file, "text").expect("written");
        }
        std::os::unix::fs::symlink(&kept, gone.join("a/link")).expect("linked");
        remove_dir(&gone).expect("removed");
        assert!(!gone.exists() && kept.join("file").exists());
        remove_dir(&gone).expect("absent is as good");
        std::os::unix::fs::symlink(&kept, &gone).expect("linked");
        remove_dir(&gone).expect("the link itself");
        assert!(gone.symlink_metadata().is_err() && kept.join("file").exists());
    }
}
