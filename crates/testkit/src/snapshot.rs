//! A folder as it was, and back to it in place.
//!
//! Promises that after [`Snapshot::restore`] every path, content, mode and link is
//! as it was when taken, and that what nobody changed keeps its inode and times, so
//! that paths, host files and git's index stay valid. Never copies to another place.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use walkdir::WalkDir;

/// Longer than the tick of a file system's clock.
const TICK: Duration = Duration::from_millis(20);

/// The content of a folder, held in memory.
#[derive(Debug)]
pub struct Snapshot {
    root: PathBuf,
    entries: BTreeMap<PathBuf, Entry>,
}

#[derive(Debug)]
struct Entry {
    kind: Kind,
    mode: u32,
    /// What tells an untouched file without reading it. `None` after a rewrite:
    /// another one could follow within the same tick of the clock.
    seen: Option<Seen>,
}

#[derive(Debug, PartialEq)]
enum Kind {
    Folder,
    File(Vec<u8>),
    Link(PathBuf),
}

#[derive(Debug, PartialEq)]
struct Seen {
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Seen {
    fn of(meta: &Metadata) -> Self {
        Self {
            inode: meta.ino(),
            size: meta.size(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        }
    }
}

impl Snapshot {
    /// Reads everything below `root`. Nothing may write there meanwhile.
    ///
    /// # Errors
    /// If something there cannot be read.
    pub fn take(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        let mut entries = BTreeMap::new();
        for found in WalkDir::new(&root).min_depth(1) {
            let found = found?;
            let entry = Entry::read(found.path())?;
            entries.insert(found.into_path(), entry);
        }
        thread::sleep(TICK);
        Ok(Self { root, entries })
    }

    /// Brings everything below the root back to what it was.
    ///
    /// # Errors
    /// If something there cannot be read or written.
    pub fn restore(&mut self) -> io::Result<()> {
        self.remove_strangers()?;
        for (path, entry) in &mut self.entries {
            entry.restore(path)?;
        }
        Ok(())
    }

    fn remove_strangers(&self) -> io::Result<()> {
        let mut walk = WalkDir::new(&self.root).min_depth(1).into_iter();
        while let Some(found) = walk.next() {
            let found = found?;
            let known = self.entries.get(found.path());
            if known.is_some_and(|entry| entry.fits(found.file_type())) {
                continue;
            }
            if found.file_type().is_dir() {
                fs::remove_dir_all(found.path())?;
                walk.skip_current_dir();
            } else {
                fs::remove_file(found.path())?;
            }
        }
        Ok(())
    }
}

impl Entry {
    fn read(path: &Path) -> io::Result<Self> {
        let meta = path.symlink_metadata()?;
        Ok(Self {
            kind: Kind::read(path, &meta)?,
            mode: meta.mode(),
            seen: Some(Seen::of(&meta)),
        })
    }

    fn fits(&self, file_type: fs::FileType) -> bool {
        match self.kind {
            Kind::Folder => file_type.is_dir(),
            Kind::File(_) => file_type.is_file(),
            Kind::Link(_) => file_type.is_symlink(),
        }
    }

    fn restore(&mut self, path: &Path) -> io::Result<()> {
        if self.is_untouched(path)? {
            return Ok(());
        }
        match &self.kind {
            Kind::Folder if path.is_dir() => {}
            Kind::Folder => fs::create_dir(path)?,
            Kind::File(bytes) => {
                remove(path)?;
                fs::write(path, bytes)?;
            }
            Kind::Link(target) => {
                remove(path)?;
                return symlink(target, path);
            }
        }
        self.seen = None;
        fs::set_permissions(path, fs::Permissions::from_mode(self.mode))
    }

    fn is_untouched(&self, path: &Path) -> io::Result<bool> {
        let Ok(meta) = path.symlink_metadata() else {
            return Ok(false);
        };
        if self.seen.as_ref() == Some(&Seen::of(&meta)) {
            return Ok(true);
        }
        Ok(meta.mode() == self.mode && Kind::read(path, &meta)? == self.kind)
    }
}

impl Kind {
    fn read(path: &Path, meta: &Metadata) -> io::Result<Self> {
        Ok(if meta.is_dir() {
            Self::Folder
        } else if meta.is_symlink() {
            Self::Link(fs::read_link(path)?)
        } else {
            Self::File(fs::read(path)?)
        })
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_change_is_undone() {
        let temp = tempfile::tempdir().unwrap();
        let at = |name: &str| temp.path().join(name);
        fs::create_dir_all(at("folder/deep")).unwrap();
        for name in ["same", "rewritten", "removed", "folder/moved", "mode"] {
            fs::write(at(name), name).unwrap();
        }
        symlink("same", at("link")).unwrap();
        let inode = at("same").metadata().unwrap().ino();
        let mut snapshot = Snapshot::take(temp.path()).unwrap();

        for _ in 0..2 {
            fs::write(at("rewritten"), "REWRITTEN").unwrap();
            fs::remove_file(at("removed")).unwrap();
            fs::create_dir(at("removed")).unwrap();
            fs::rename(at("folder"), at("elsewhere")).unwrap();
            fs::set_permissions(at("mode"), fs::Permissions::from_mode(0o600)).unwrap();
            fs::remove_file(at("link")).unwrap();
            symlink("nowhere", at("link")).unwrap();
            fs::hard_link(at("same"), at("other-name")).unwrap();
            fs::remove_file(at("other-name")).unwrap();
            snapshot.restore().unwrap();

            for name in ["same", "rewritten", "removed", "folder/moved", "mode"] {
                assert_eq!(fs::read_to_string(at(name)).unwrap(), name);
            }
            assert!(at("folder/deep").is_dir() && !at("elsewhere").exists());
            assert_eq!(fs::read_link(at("link")).unwrap(), Path::new("same"));
            assert_eq!(at("mode").metadata().unwrap().mode() & 0o777, 0o644);
            assert_eq!(at("same").metadata().unwrap().ino(), inode);
        }
    }
}
