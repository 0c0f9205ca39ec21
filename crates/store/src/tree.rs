//! Files under one folder, reached without following a symbolic link.
//!
//! Every path is resolved by the kernel beneath an open folder, so a link that
//! arrived by git never leads out of it. A write is durable when the call
//! returns: temporary file in the same folder, fsync, rename, fsync of the
//! folder. What fails leaves the old file, whole.

use crate::error::{Error, PathError};
use crate::interrupted::{retry, retry_io};
use rustix::buffer::spare_capacity;
use rustix::fs::{self, CWD, FileType, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

mod note;
mod write;
pub use note::HeldNote;
pub use write::is_temporary;

/// A folder, and everything under it.
#[derive(Debug)]
pub struct Tree {
    root: OwnedFd,
    path: PathBuf,
}

/// One open folder of a tree.
#[derive(Debug)]
pub struct Dir {
    fd: OwnedFd,
    path: PathBuf,
}

/// What reading a file can say besides its bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// There is no such file.
    Missing,
    /// It, or a folder above it, is a symbolic link or no folder, which is
    /// refused.
    Link,
    /// It is a folder, pipe or device.
    NotAFile,
    /// It is larger than the limit; so many bytes.
    TooLarge(u64),
}

impl Tree {
    /// Opens a folder. A symbolic link in place of it is refused.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::RDONLY | OFlags::CLOEXEC;
        match fs::open(&path, flags, Mode::empty()) {
            Ok(root) => Ok(Self { root, path }),
            Err(Errno::LOOP | Errno::NOTDIR) => Err(Error::link(path)),
            Err(errno) => Err(PathError::new("open", &path, errno).into()),
        }
    }

    /// Opens a folder, made with its parents if it is missing.
    pub fn create(path: impl Into<PathBuf>, mode: u32) -> Result<Self, Error> {
        use std::os::unix::fs::DirBuilderExt;
        let path = path.into();
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(mode);
        retry_io(|| builder.create(&path))
            .map_err(|error| PathError::io("create", &path, &error))?;
        Self::open(path)
    }

    /// Where the tree is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a folder of the tree, or `None` if it is missing.
    pub fn dir(&self, relative: &str) -> Result<Option<Dir>, Error> {
        let path = self.path.join(relative);
        match open_beneath(
            self.root.as_fd(),
            relative,
            OFlags::DIRECTORY | OFlags::RDONLY,
        ) {
            Ok(fd) => Ok(Some(Dir { fd, path })),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::LOOP | Errno::NOTDIR) => Err(Error::link(path)),
            Err(errno) => Err(PathError::new("open", &path, errno).into()),
        }
    }

    /// Opens a folder of the tree, made durably with its parents if missing.
    pub fn make_dir(&self, relative: &str) -> Result<Dir, Error> {
        if let Some(dir) = self.dir(relative)? {
            return Ok(dir);
        }
        let mut made = String::new();
        let mut parent = Dir {
            fd: self
                .root
                .try_clone()
                .map_err(|e| PathError::io("open", &self.path, &e))?,
            path: self.path.clone(),
        };
        for part in relative.split('/') {
            if !made.is_empty() {
                made.push('/');
            }
            made.push_str(part);
            match retry(|| fs::mkdirat(&parent.fd, part, Mode::from_raw_mode(0o777))) {
                Ok(()) => parent.sync()?,
                Err(Errno::EXIST) => {}
                Err(errno) => {
                    return Err(
                        PathError::new("create the folder", &self.path.join(&made), errno).into(),
                    );
                }
            }
            parent = self
                .dir(&made)?
                .ok_or_else(|| PathError::new("open", &self.path.join(&made), Errno::NOENT))?;
        }
        Ok(parent)
    }

    /// Reads one file of the tree, at most `limit` bytes.
    pub fn read(&self, relative: &str, limit: u64) -> Result<Content, Error> {
        let opened = open_beneath(
            self.root.as_fd(),
            relative,
            OFlags::RDONLY | OFlags::NONBLOCK,
        );
        let path = || self.path.join(relative);
        Ok(read_opened(opened, path, limit, Vec::new())?)
    }
}

impl Dir {
    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads one file of the folder, at most `limit` bytes.
    pub fn read(&self, name: &str, limit: u64) -> Result<Content, Error> {
        self.read_into(Vec::new(), name, limit)
    }

    /// The same, into a buffer that was used before: for who reads many.
    pub(crate) fn read_into(
        &self,
        buffer: Vec<u8>,
        name: &str,
        limit: u64,
    ) -> Result<Content, Error> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = retry(|| fs::openat(&self.fd, name, flags, Mode::empty()));
        Ok(read_opened(opened, || self.path.join(name), limit, buffer)?)
    }

    /// Whether something of this name is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        fs::statat(&self.fd, name, fs::AtFlags::SYMLINK_NOFOLLOW).is_ok()
    }

    /// The names in the folder, without `.` and `..`, in no order.
    pub fn names(&self) -> Result<Vec<String>, Error> {
        self.first_names(usize::MAX)
    }

    /// At most so many of the names in the folder.
    pub fn first_names(&self, limit: usize) -> Result<Vec<String>, Error> {
        let failed = |errno| Error::from(PathError::new("list", &self.path, errno));
        let mut names = Vec::new();
        for entry in fs::Dir::read_from(&self.fd).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            match entry.file_name().to_str() {
                Ok("." | "..") => {}
                Ok(name) => names.push(name.to_owned()),
                Err(_) => names.push(entry.file_name().to_string_lossy().into_owned()),
            }
            if names.len() >= limit {
                break;
            }
        }
        Ok(names)
    }
}

/// Opens a path beneath a folder; no component may be a symbolic link.
fn open_beneath(root: impl AsFd, relative: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let flags = flags | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    match retry(|| fs::openat2(&root, relative, flags, Mode::empty(), resolve)) {
        Err(Errno::NOSYS | Errno::PERM) => open_step_by_step(root, relative, flags),
        result => result,
    }
}

/// The same on kernels without `openat2`: one component after the other.
fn open_step_by_step(
    root: impl AsFd,
    relative: &str,
    flags: OFlags,
) -> rustix::io::Result<OwnedFd> {
    let mut parts = relative.split('/').peekable();
    let mut at: Option<OwnedFd> = None;
    while let Some(part) = parts.next() {
        let step = if parts.peek().is_some() {
            OFlags::DIRECTORY | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC
        } else {
            flags
        };
        let from = at.as_ref().map_or_else(|| root.as_fd(), AsFd::as_fd);
        at = Some(retry(|| fs::openat(from, part, step, Mode::empty()))?);
    }
    at.ok_or(Errno::NOENT)
}

fn read_opened(
    opened: rustix::io::Result<OwnedFd>,
    path: impl Fn() -> PathBuf,
    limit: u64,
    mut bytes: Vec<u8>,
) -> Result<Content, PathError> {
    let failed = |errno| PathError::new("read", &path(), errno);
    let fd = match opened {
        Ok(fd) => fd,
        Err(Errno::NOENT) => return Ok(Content::Missing),
        Err(Errno::LOOP | Errno::NOTDIR) => return Ok(Content::Link),
        Err(Errno::NXIO) => return Ok(Content::NotAFile),
        Err(errno) => return Err(failed(errno)),
    };
    let stat = fs::fstat(&fd).map_err(failed)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Ok(Content::NotAFile);
    }
    let size = u64::try_from(stat.st_size).unwrap_or(0);
    if size > limit {
        return Ok(Content::TooLarge(size));
    }
    bytes.clear();
    read_whole(&fd, size, limit, &mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Ok(Content::TooLarge(bytes.len() as u64));
    }
    Ok(Content::Bytes(bytes))
}

/// Reads to the end, or beyond the limit. A file that has the size it said it
/// has, and not one byte more when asked for it, needs no second look.
fn read_whole(fd: &OwnedFd, size: u64, limit: u64, bytes: &mut Vec<u8>) -> rustix::io::Result<()> {
    let expected = usize::try_from(size).unwrap_or(0);
    bytes.reserve(expected + 1);
    loop {
        let count = retry(|| rustix::io::read(fd, spare_capacity(bytes)))?;
        let is_at_end = count == 0 || bytes.len() == expected;
        if is_at_end || bytes.len() as u64 > limit {
            return Ok(());
        }
        bytes.reserve(4096);
    }
}

/// Reads a file that lies anywhere, such as git's own; links are followed. None
/// if there is no file, or one that git would not have written.
pub fn read_small(path: &Path) -> Result<Option<String>, PathError> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = retry(|| fs::openat(CWD, path, flags, Mode::empty()));
    match read_opened(opened, || path.to_owned(), 64 * 1024, Vec::new())? {
        Content::Bytes(bytes) => Ok(String::from_utf8(bytes).ok()),
        _ => Ok(None),
    }
}
