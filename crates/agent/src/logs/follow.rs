//! Reading a log while it is written, also when it is put aside and begun anew.
//!
//! Nothing is asked for in a loop: the kernel tells of every change, and where
//! it cannot, the log is looked at a few times a second. A character is handed
//! out when it is whole.

use super::{is_same, last, older, open};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a log is looked at where the kernel does not tell.
const PAUSE: Duration = Duration::from_millis(250);

/// A log that is followed.
#[derive(Debug)]
pub struct Follower {
    path: PathBuf,
    file: File,
    /// The beginning of a character.
    part: Vec<u8>,
    changes: Option<OwnedFd>,
}

/// What was printed since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// The text; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// Whether something before it was put aside twice, and lost.
    pub has_gap: bool,
}

impl Follower {
    /// Follows a log from its last `lines` lines on, which are returned.
    pub fn open(path: &Path, lines: usize) -> io::Result<(Self, String)> {
        // Listened to first: nothing falls in between.
        let changes = path.parent().and_then(|folder| listen(folder).ok());
        let mut file = open(path)?;
        let text = last(&mut file, path, lines)?;
        let mut follower = Self {
            path: path.to_owned(),
            file,
            part: Vec::new(),
            changes,
        };
        let text = follower.whole(text);
        Ok((follower, text))
    }

    /// What is there now; none at the end of it.
    pub fn more(&mut self) -> io::Result<Option<News>> {
        let mut has_gap = false;
        loop {
            let bytes = self.read()?;
            if !bytes.is_empty() {
                let text = self.whole(bytes);
                return Ok(Some(News { text, has_gap }));
            }
            let Some(next) = self.next()? else {
                return Ok(None);
            };
            // It was written to until it was put aside.
            let bytes = self.read()?;
            if !bytes.is_empty() {
                let text = self.whole(bytes);
                return Ok(Some(News { text, has_gap }));
            }
            has_gap |= !is_same(&self.file, &older(&self.path));
            self.file = next;
        }
    }

    /// Waits for a change, at most for so long.
    pub fn wait(&mut self, within: Duration) -> io::Result<()> {
        let Some(changes) = &self.changes else {
            std::thread::sleep(within.min(PAUSE));
            return Ok(());
        };
        let limit = Timespec::try_from(within).ok();
        let mut polled = [PollFd::new(changes, PollFlags::IN)];
        match poll(&mut polled, limit.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut events = [0; 4096];
        while rustix::io::read(changes, &mut events[..]).is_ok_and(|count| count > 0) {}
        Ok(())
    }

    fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; 64 << 10];
        loop {
            match self.file.read(&mut bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(count) => {
                    bytes.truncate(count);
                    return Ok(bytes);
                }
            }
        }
    }

    /// The log, if it is not the file that is read any more, or begins anew.
    fn next(&mut self) -> io::Result<Option<File>> {
        if is_same(&self.file, &self.path) {
            if self.file.metadata()?.len() < self.file.stream_position()? {
                self.file.rewind()?;
            }
            return Ok(None);
        }
        match File::open(&self.path) {
            // Between being put aside and begun anew.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            opened => opened.map(Some),
        }
    }

    /// As text, but for the beginning of a character at the end.
    fn whole(&mut self, bytes: Vec<u8>) -> String {
        let mut all = std::mem::take(&mut self.part);
        all.extend(bytes);
        if let Err(error) = std::str::from_utf8(&all)
            && error.error_len().is_none()
        {
            self.part = all.split_off(error.valid_up_to());
        }
        String::from_utf8_lossy(&all).into_owned()
    }
}

fn listen(folder: &Path) -> io::Result<OwnedFd> {
    let changes = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
    let kinds = WatchFlags::MODIFY | WatchFlags::CREATE | WatchFlags::MOVED_TO;
    inotify::add_watch(&changes, folder, kinds | WatchFlags::CLOSE_WRITE)?;
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::super::keep;
    use super::*;
    use std::fs;
    use std::io::Write;

    fn all(follower: &mut Follower) -> String {
        let mut text = String::new();
        while let Some(news) = follower.more().unwrap() {
            assert!(!news.has_gap);
            text += &news.text;
        }
        text
    }

    #[test]
    fn nothing_is_lost_when_it_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("1.log");
        keep(&b"zero\none\n"[..], &log, 10).unwrap();
        let (mut follower, text) = Follower::open(&log, 1).unwrap();
        assert_eq!((text.as_str(), all(&mut follower).as_str()), ("one\n", ""));
        keep(&b"two\n"[..], &log, 10).unwrap();
        keep(&b"three\n"[..], &log, 10).unwrap();
        assert_eq!(all(&mut follower), "two\nthree\n");
    }

    #[test]
    fn one_that_is_not_begun_anew_yet_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("1.log");
        keep(&b"zero\none\n"[..], &log, 10).unwrap();
        fs::rename(&log, older(&log)).unwrap();
        let (mut follower, text) = Follower::open(&log, 9).unwrap();
        assert_eq!(text, "zero\none\n", "once");
        assert_eq!(all(&mut follower), "");
        keep(&b"two\n"[..], &log, 10).unwrap();
        assert_eq!(all(&mut follower), "two\n");
    }

    #[test]
    fn what_is_lost_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("1.log");
        keep(&b"one\n"[..], &log, 4).unwrap();
        let (mut follower, _) = Follower::open(&log, 1).unwrap();
        for line in ["two\n", "six\n", "ten\n"] {
            keep(line.as_bytes(), &log, 4).unwrap();
        }
        let news = follower.more().unwrap().unwrap();
        assert_eq!((news.text.as_str(), news.has_gap), ("ten\n", true));
    }

    #[test]
    fn characters_come_whole_and_changes_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("1.log");
        fs::write(&log, "a").unwrap();
        let (mut follower, text) = Follower::open(&log, 5).unwrap();
        assert_eq!(text, "a");
        let mut file = fs::OpenOptions::new().append(true).open(&log).unwrap();
        file.write_all(b"b\xc3").unwrap();
        follower.wait(Duration::from_secs(30)).unwrap();
        assert_eq!(all(&mut follower), "b");
        file.write_all(b"\xa9\xff!").unwrap();
        assert_eq!(all(&mut follower), "\u{e9}\u{fffd}!");
        drop(file);
        fs::write(&log, "new").unwrap();
        assert_eq!(all(&mut follower), "");
        assert_eq!(all(&mut follower), "new");
    }
}
