//! The clone's own folder: whose it is, and that nobody else can look into it.
//!
//! Promises: only its owner can enter it, and what a copied clone brought along
//! of the original's work is put aside before anything acts on it. Never: puts
//! aside anything that this clone noted itself.

use crate::error::{Error, PathError};
use crate::host;
use crate::interrupted::{retry, retry_io};
use crate::lock::{Held, Lock};
use crate::store::Store;
use crate::tree::Tree;
use rustix::fs::{self, Mode};
use std::path::Path;

/// What says that something runs here. Attempts stay: they only ever grow, and
/// a copy must not hand out the original's numbers again.
const WORK: &[&str] = &["tickets", "sessions", "supervision"];

/// Takes away what anybody but the owner may do in the folder.
pub(crate) fn secure(tree: &Tree) -> Result<(), Error> {
    let path = tree.path();
    let failed = |errno| Error::from(PathError::new("protect", path, errno));
    let stat = fs::stat(path).map_err(failed)?;
    if stat.st_mode & 0o077 == 0 {
        return Ok(());
    }
    retry(|| fs::chmod(path, Mode::RWXU)).map_err(failed)
}

impl Store {
    /// Makes a copied clone a host of its own, and returns the original's ID.
    /// `word` draws a random word. A clone that was moved, or has no host yet, is left
    /// alone.
    ///
    /// The copied tickets and processes are the original's: they are kept in
    /// `copied/`, where nothing acts on them.
    pub fn part_from_original(
        &self,
        word: impl FnOnce() -> String,
    ) -> Result<Option<String>, Error> {
        let Some(tree) = self.private().filter(|_| !self.options().readonly) else {
            return Ok(None);
        };
        if host::original(tree)?.is_none() {
            return Ok(None);
        }
        let patience = self.options().patience;
        let _alone = Held::take(tree, &[Lock::named("host")], patience)?;
        let Some(original) = host::original(tree)? else {
            return Ok(None);
        };
        let word = word();
        put_aside(tree, &word)?;
        host::write_bound(tree.path(), &format!("h-{word}"))?;
        Ok(Some(original))
    }
}

/// The new host is written after this: killed in between it is done again.
fn put_aside(tree: &Tree, word: &str) -> Result<(), Error> {
    let aside = tree.make_dir(&format!("copied/{word}"))?;
    for name in WORK {
        let from = tree.path().join(name);
        match retry_io(|| std::fs::rename(&from, aside.path().join(name))) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(PathError::io("put aside", &from, &error).into());
            }
            _ => {}
        }
    }
    sync(aside.path())?;
    sync(tree.path())
}

fn sync(folder: &Path) -> Result<(), Error> {
    retry_io(|| Ok(fs::fsync(&std::fs::File::open(folder)?)?))
        .map_err(|error| PathError::io("sync", folder, &error).into())
}
