//! The name of this clone's host.
//!
//! It is bound to the inode of its own file: a clone that was copied with its
//! git folder is another host, one that was moved is the same.

use crate::error::{Error, PathError};
use crate::interrupted::{retry, retry_io, write_whole};
use crate::store::Store;
use crate::tree::{Content, Tree};
use rustix::fs::{self, Mode, OFlags};
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

const FILE: &str = "host";

impl Store {
    /// The host's ID, if this clone has one already.
    pub fn host(&self) -> Result<Option<String>, Error> {
        let Some(tree) = self.private() else {
            return Ok(None);
        };
        Ok(match read(tree)? {
            Some(Named { id, is_bound: true }) => Some(id),
            _ => None,
        })
    }

    /// The host's ID, drawn if this clone has none. `word` is random.
    ///
    /// The file is made under a name of its own and then linked, so that of
    /// several processes one draws it and all read the same.
    pub fn make_host(&self, word: &str) -> Result<String, Error> {
        if let Some(id) = self.host()? {
            return Ok(id);
        }
        let tree = self.make_private()?;
        let lock = crate::lock::Held::take(
            tree,
            &[crate::lock::Lock::named("host")],
            self.options().patience,
        )?;
        if let Some(id) = self.host()? {
            return Ok(id);
        }
        let id = format!("h-{word}");
        write_bound(tree.path(), &id)?;
        drop(lock);
        Ok(id)
    }
}

/// What the file of the host says.
struct Named {
    id: String,
    /// Whether it is the file that was written, not a copy.
    is_bound: bool,
}

fn read(tree: &Tree) -> Result<Option<Named>, Error> {
    let Content::Bytes(bytes) = tree.read(FILE, 4096)? else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes);
    let Some((id, inode)) = text.trim_end().split_once(' ') else {
        return Ok(None);
    };
    let path = tree.path().join(FILE);
    let meta = path
        .metadata()
        .map_err(|error| PathError::io("read", &path, &error))?;
    Ok(Some(Named {
        id: id.to_owned(),
        is_bound: inode == meta.ino().to_string(),
    }))
}

/// The host that a folder was copied from, if it was.
pub(crate) fn original(tree: &Tree) -> Result<Option<String>, Error> {
    let named = read(tree)?;
    Ok(named.filter(|it| !it.is_bound).map(|it| it.id))
}

/// Writes the ID with the inode that its file will have.
pub(crate) fn write_bound(folder: &Path, id: &str) -> Result<(), Error> {
    let path = folder.join(FILE);
    retry_io(|| write_once(folder, &path, id))
        .and_then(|()| retry_io(|| Ok(fs::fsync(&File::open(folder)?)?)))
        .map_err(|error| PathError::io("write", &path, &error).into())
}

fn write_once(folder: &Path, path: &Path, id: &str) -> std::io::Result<()> {
    let file = tempfile::Builder::new()
        .prefix(".host.")
        .suffix(".tmp")
        .make_in(folder, make)?;
    let inode = file.as_file().metadata()?.ino();
    write_whole(&file, format!("{id} {inode}\n").as_bytes())?;
    fs::fsync(&file)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn make(path: &Path) -> std::io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let made = retry(|| fs::open(path, flags, Mode::from_raw_mode(0o600)))?;
    Ok(File::from(made))
}
