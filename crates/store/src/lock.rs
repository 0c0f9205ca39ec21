//! Locks between processes.
//!
//! A writer holds the lock of every object it reads, changes and writes. All
//! locks of an operation are taken in one call, in the order of their names,
//! and nobody takes a second set while holding one: so nobody waits in a
//! circle. A lock file is never deleted, since that would give two holders.
//! The descriptor is closed on exec, so an agent that was started meanwhile
//! does not keep the lock.

use crate::error::{Error, PathError};
use crate::interrupted::retry;
use crate::tree::Tree;
use model::{Address, Id};
use rustix::fs::{self, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

/// What can be locked. Objects share a few hundred lock files by the hash of
/// their name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lock(String);

impl Lock {
    /// The lock of a bead.
    pub fn bead(id: &Id) -> Self {
        Self::striped("bead", id.as_str())
    }

    /// The lock of a convoy.
    pub fn convoy(id: &Id) -> Self {
        Self::striped("convoy", id.as_str())
    }

    /// The lock of an agent's hook, ticket and session.
    pub fn hook(agent: &Address) -> Self {
        Self::striped("hook", &agent.to_string())
    }

    /// A lock of its own name, for what there is one of.
    pub fn named(name: &'static str) -> Self {
        Self(format!("{name}.lock"))
    }

    fn striped(kind: &str, name: &str) -> Self {
        Self(format!("{kind}-{:02x}.lock", stripe(name)))
    }
}

/// FNV-1a, folded to a byte: the same on every machine and in every version.
fn stripe(name: &str) -> u8 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash ^ (hash >> 8) ^ (hash >> 16) ^ (hash >> 24)) as u8
}

/// How to wait for a lock.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How long at most.
    pub limit: Duration,
    /// Is told once, after a second, for whom the command waits.
    pub announce: fn(&str),
}

/// Locks that are held until this is dropped.
#[must_use = "the locks are free as soon as this is dropped"]
#[derive(Debug)]
pub struct Held {
    locks: Vec<(Lock, File)>,
}

impl Held {
    /// Takes all of `locks`, in order, each within the time allowed.
    pub fn take(private: &Tree, locks: &[Lock], patience: Patience) -> Result<Self, Error> {
        private.make_dir("locks")?;
        let mut wanted = locks.to_vec();
        wanted.sort();
        wanted.dedup();
        let mut held = Vec::with_capacity(wanted.len());
        for lock in wanted {
            let file = open(&private.path().join("locks").join(&lock.0))?;
            wait(&file, &lock, patience)?;
            held.push((lock, file));
        }
        Ok(Self { locks: held })
    }

    /// Whether nobody has a lock. Makes no file for it.
    pub fn is_free(private: &Tree, lock: &Lock) -> Result<bool, Error> {
        let path = private.path().join("locks").join(&lock.0);
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = match retry(|| fs::open(&path, flags, Mode::empty())) {
            Ok(file) => File::from(file),
            Err(Errno::NOENT) => return Ok(true),
            Err(errno) => return Err(PathError::new("open the lock", &path, errno).into()),
        };
        try_lock(&file).map_err(|error| PathError::io("lock", &path, &error).into())
    }

    /// Whether this lock is among them.
    pub fn holds(&self, lock: &Lock) -> bool {
        self.locks.iter().any(|(held, _)| held == lock)
    }
}

fn open(path: &Path) -> Result<File, Error> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let fd = retry(|| fs::open(path, flags, Mode::from_raw_mode(0o600)))
        .map_err(|errno| PathError::new("open the lock", path, errno))?;
    Ok(File::from(fd))
}

fn wait(file: &File, lock: &Lock, patience: Patience) -> Result<(), Error> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    let mut announced = false;
    loop {
        match try_lock(file) {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) => return Err(PathError::io("lock", Path::new(&lock.0), &error).into()),
        }
        let waited = start.elapsed();
        if waited >= patience.limit {
            return Err(Error::Busy {
                what: lock.0.clone(),
                holder: holder(file),
                waited,
            });
        }
        if !announced && waited >= Duration::from_secs(1) {
            announced = true;
            let holder = holder(file).unwrap_or_else(|| "another process".to_owned());
            (patience.announce)(&format!("waiting for {holder}, which holds {}", lock.0));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

fn try_lock(file: &File) -> std::io::Result<bool> {
    match fs2::FileExt::try_lock_exclusive(file) {
        Ok(()) => Ok(true),
        // Interrupted: it is tried again, for as long as anybody has patience.
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Who holds a lock, by the kernel's own list: `gt (pid 4711)`.
fn holder(file: &File) -> Option<String> {
    let inode = format!(":{}", fs::fstat(file).ok()?.st_ino);
    let list = std::fs::read_to_string("/proc/locks").ok()?;
    let pid = list.lines().find_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        (words.next()? == "FLOCK").then_some(())?;
        let pid = words.nth(2)?;
        words.next()?.ends_with(&inode).then(|| pid.to_owned())
    })?;
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    Some(format!("{} (pid {pid})", name.trim()))
}
