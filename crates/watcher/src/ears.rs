//! Being told by the kernel which files changed.
//!
//! Folders are watched one by one: below a folder that appeared a moment ago
//! files may be missed, so each new one is watched first and looked at then.
//! Where the kernel does not tell, the loop looks every second instead.

use crate::input::Inbox;
use crate::subject::{self, Roots, Subject};
use notify::{Config, EventKindMask, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use store::{layout, look};
use town::{session, supervision};

/// Deeper than rig, role and name nothing is watched.
const DEPTH: usize = 3;

/// What is a change: a name that came or went, a file that was written and
/// closed, and who may read it. Of what is only opened, as by every look of our
/// own, the kernel shall not even wake us.
const CHANGES: EventKindMask = EventKindMask::CREATE
    .union(EventKindMask::REMOVE)
    .union(EventKindMask::MODIFY_NAME)
    .union(EventKindMask::MODIFY_META)
    .union(EventKindMask::ACCESS_CLOSE);

/// What listens.
#[derive(Debug)]
pub(crate) struct Ears {
    watcher: Option<RecommendedWatcher>,
    roots: Roots,
    /// The folders that are watched, by the inode they had.
    watched: BTreeMap<PathBuf, u64>,
    trouble: Option<String>,
}

impl Ears {
    /// Listens, unless it is to look instead.
    pub(crate) fn new(roots: Roots, inbox: Inbox, poll: bool) -> Self {
        let (watcher, trouble) = if poll {
            (None, None)
        } else {
            match open(roots.clone(), inbox) {
                Ok(watcher) => (Some(watcher), None),
                Err(error) => (None, Some(error.to_string())),
            }
        };
        Self {
            watcher,
            roots,
            watched: BTreeMap::new(),
            trouble,
        }
    }

    /// Whether files have to be looked at because nobody tells.
    pub(crate) fn are_deaf(&self) -> bool {
        self.watcher.is_none()
    }

    /// Why the kernel does not tell; said once.
    pub(crate) fn trouble(&mut self) -> Option<String> {
        self.trouble.take()
    }

    /// Watches the folders that are there. What is in them is to be looked at
    /// after that.
    pub(crate) fn listen(&mut self) {
        // One that was made after its parent was read and before that one was
        // watched is found by reading again.
        while self.listen_once() {}
    }

    /// True if there were new ones.
    fn listen_once(&mut self) -> bool {
        if self.watcher.is_none() {
            return false;
        }
        let folders = folders(&self.roots);
        self.watched.retain(|path, _| folders.contains_key(path));
        let mut is_new = false;
        for (path, inode) in folders {
            if self.watched.get(&path) == Some(&inode) {
                continue;
            }
            if let Err(error) = self.watch(&path) {
                // One that is gone again is told by the folder above it.
                if path.is_dir() {
                    self.trouble = Some(error.to_string());
                    self.watcher = None;
                    self.watched.clear();
                    return false;
                }
                continue;
            }
            self.watched.insert(path, inode);
            is_new = true;
        }
        is_new
    }

    fn watch(&mut self, path: &Path) -> notify::Result<()> {
        let Some(watcher) = &mut self.watcher else {
            return Ok(());
        };
        if self.watched.contains_key(path) {
            // It stands for a folder that was replaced; the kernel may have
            // dropped it by itself.
            let _ = watcher.unwatch(path);
        }
        watcher.watch(path, RecursiveMode::NonRecursive)
    }
}

fn open(roots: Roots, inbox: Inbox) -> notify::Result<RecommendedWatcher> {
    let tell = move |event: notify::Result<notify::Event>| match event {
        Ok(event) if event.need_rescan() => inbox.overflow(),
        Ok(event) => {
            let subjects = event
                .paths
                .iter()
                .filter_map(|path| subject::of(&roots, path));
            inbox.touch(subjects.collect::<Vec<Subject>>());
        }
        Err(_) => inbox.overflow(),
    };
    RecommendedWatcher::new(tell, Config::default().with_event_kinds(CHANGES))
}

/// All folders that are of interest and there, with their inodes.
fn folders(roots: &Roots) -> BTreeMap<PathBuf, u64> {
    let mut found = BTreeMap::new();
    add(&roots.tracked, 0, &mut found);
    add(&roots.private, 0, &mut found);
    add(&roots.tracked.join(layout::BEADS), 1, &mut found);
    add(&roots.tracked.join(layout::CONVOYS), 0, &mut found);
    add(&roots.tracked.join(layout::HOOKS), DEPTH - 1, &mut found);
    for name in [layout::TICKETS, session::FOLDER, supervision::FOLDER] {
        add(&roots.private.join(name), DEPTH - 1, &mut found);
    }
    found
}

/// A folder and those below it; links are not followed.
fn add(folder: &Path, depth: usize, found: &mut BTreeMap<PathBuf, u64>) {
    let meta = look::at(folder).ok().flatten();
    let Some(meta) = meta.filter(Metadata::is_dir) else {
        return;
    };
    found.insert(folder.to_owned(), meta.ino());
    if depth == 0 {
        return;
    }
    // One that cannot be listed is told by whoever looks into it.
    for path in look::entries(folder).unwrap_or_default() {
        add(&path, depth - 1, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ends::Ends;
    use crate::input::{Input, Inputs};
    use std::time::{Duration, Instant};

    fn is_heard(inputs: &Inputs) -> bool {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            match inputs.wait(&Ends::default(), deadline).unwrap().first() {
                Some(Input::Timer) => return false,
                Some(_) => return true,
                None => {}
            }
        }
    }

    #[test]
    fn a_folder_that_appears_meanwhile_is_watched_or_told() {
        for round in 0..200 {
            let temporary = tempfile::tempdir().unwrap();
            let roots = Roots {
                tracked: temporary.path().join("beads"),
                private: temporary.path().join("private"),
            };
            let new = roots.tracked.join("hooks/app/polecats");
            std::fs::create_dir_all(roots.tracked.join("hooks")).unwrap();
            let inputs = Inputs::new().unwrap();
            let mut ears = Ears::new(roots, inputs.inbox(), false);
            let made = new.clone();
            let maker = std::thread::spawn(move || {
                std::thread::sleep(Duration::from_micros(round * 3));
                std::fs::create_dir_all(made).unwrap();
            });
            ears.listen();
            maker.join().unwrap();
            assert!(ears.watched.contains_key(&new) || is_heard(&inputs));
        }
    }
}
