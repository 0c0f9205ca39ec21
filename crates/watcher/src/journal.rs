//! The events of a clone as they were noticed, in `events.jsonl`: bounded, and
//! lost with the clone. What has to last is in git.

use crate::event::Noticed;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Larger than this, the file is put aside, and the one before it is dropped.
const LIMIT: u64 = 4 << 20;

/// The file of events.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: Option<File>,
}

impl Journal {
    /// The one of a clone's own folder.
    pub(crate) fn new(private: &Path) -> Self {
        Self {
            path: private.join("events.jsonl"),
            file: None,
        }
    }

    /// Adds an event, as one line.
    pub(crate) fn add(&mut self, noticed: &Noticed) -> io::Result<()> {
        let mut line = serde_json::to_vec(noticed)?;
        line.push(b'\n');
        self.rotate()?;
        let file = match self.file.take() {
            Some(file) => file,
            None => open(&self.path)?,
        };
        let file = self.file.insert(file);
        file.write_all(&line)
    }

    fn rotate(&mut self) -> io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        if file.metadata()?.len() < LIMIT {
            return Ok(());
        }
        self.file = None;
        std::fs::rename(&self.path, self.path.with_extension("jsonl.1"))
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    #[test]
    fn it_stays_small() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::new(folder.path());
        let noticed = Noticed::now(Event::Problem {
            what: "x".repeat(1 << 20),
            remedy: None,
        });
        for _ in 0..14 {
            journal.add(&noticed).unwrap();
        }
        let size = |name: &str| folder.path().join(name).metadata().unwrap().len();
        assert!(size("events.jsonl") <= LIMIT + (2 << 20));
        assert!(size("events.jsonl.1") <= LIMIT + (2 << 20));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
