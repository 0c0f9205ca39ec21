//! The events of a clone, one JSON object a line, in `events.jsonl` of its own
//! folder: bounded, and lost with the clone. What has to last is in git.
//!
//! Any number of processes add to it: a line is one write at the end. One that
//! was torn by a full disk ends where the next begins, and is passed over by
//! readers. Never waits, for the disk or for anybody.

use super::Noticed;
use rustix::fs::{FlockOperation, Mode, OFlags, flock, open};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use store::interrupted::{retry, retry_io, write_whole};

/// Larger than this, the file is put aside, and the one before it is dropped.
const LIMIT: u64 = 4 << 20;

/// The file of events.
#[derive(Debug, Clone)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// The one of a clone's own folder.
    pub fn new(private: &Path) -> Self {
        Self {
            path: private.join("events.jsonl"),
        }
    }

    /// Adds an event.
    pub fn add(&self, noticed: &Noticed) -> io::Result<()> {
        let mut line = serde_json::to_vec(noticed)?;
        line.push(b'\n');
        let mut file = self.open()?;
        let mut size = file.metadata()?.len();
        if size >= LIMIT {
            self.put_aside(&file)?;
            file = self.open()?;
            size = file.metadata()?.len();
        }
        if is_torn(&file, size)? {
            line.insert(0, b'\n');
        }
        Ok(write_whole(&file, &line)?)
    }

    /// All events that are still there, in the order in which they were told.
    pub fn read(&self) -> io::Result<Vec<Noticed>> {
        let mut events = Vec::new();
        for path in [self.aside(), self.path.clone()] {
            match File::open(path) {
                Ok(file) => read(&mut BufReader::new(file), &mut events)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
                Err(error) => return Err(error),
            };
        }
        Ok(events)
    }

    fn aside(&self) -> PathBuf {
        self.path.with_extension("jsonl.1")
    }

    fn open(&self) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE;
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        let file = retry(|| open(&self.path, flags, mode))?;
        Ok(File::from(file))
    }

    /// Of several who find it full, one puts it aside.
    fn put_aside(&self, full: &File) -> io::Result<()> {
        if flock(full, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Ok(());
        }
        let now = fs::symlink_metadata(&self.path)?;
        if now.ino() == full.metadata()?.ino() {
            retry_io(|| fs::rename(&self.path, self.aside()))?;
        }
        Ok(())
    }
}

/// Whether the last line has no end.
fn is_torn(file: &File, size: u64) -> io::Result<bool> {
    let mut last = [b'\n'];
    if size > 0 {
        file.read_at(&mut last, size - 1)?;
    }
    Ok(last != [b'\n'])
}

/// Reads whole lines; says how many bytes they were. What is no event is passed
/// over: it was torn, or a newer program told it.
fn read(lines: &mut impl BufRead, events: &mut Vec<Noticed>) -> io::Result<u64> {
    let (mut line, mut bytes) = (Vec::new(), 0);
    loop {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Ok(bytes);
        }
        bytes += line.len() as u64;
        events.extend(serde_json::from_slice(&line).ok());
    }
}

/// What is added to a journal from some moment on.
#[derive(Debug)]
pub struct Tail {
    journal: Journal,
    file: Option<File>,
    offset: u64,
}

impl Tail {
    /// All that is there comes first, without what was put aside.
    pub fn new(journal: Journal) -> Self {
        Self {
            journal,
            file: None,
            offset: 0,
        }
    }

    /// What was added since this was asked last.
    pub fn news(&mut self) -> io::Result<Vec<Noticed>> {
        let mut events = Vec::new();
        self.read_on(&mut events)?;
        if self.is_aside() {
            self.file = None;
            self.offset = 0;
            self.read_on(&mut events)?;
        }
        Ok(events)
    }

    fn read_on(&mut self, events: &mut Vec<Noticed>) -> io::Result<()> {
        if self.file.is_none() {
            self.file = match File::open(&self.journal.path) {
                Ok(file) => Some(file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(error),
            };
        }
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        file.seek(SeekFrom::Start(self.offset))?;
        self.offset += read(&mut BufReader::new(file.take(LIMIT * 2)), events)?;
        Ok(())
    }

    /// Whether the file is not the one that is added to now.
    fn is_aside(&self) -> bool {
        let own = self.file.as_ref().and_then(|file| file.metadata().ok());
        let now = fs::symlink_metadata(&self.journal.path).ok();
        match (own, now) {
            (Some(own), Some(now)) => own.ino() != now.ino() || now.len() < self.offset,
            (own, _) => own.is_some(),
        }
    }
}

#[cfg(test)]
mod tests;
