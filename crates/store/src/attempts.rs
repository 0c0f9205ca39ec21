//! This clone's own memory of attempts.
//!
//! Git can rewind a bead; it cannot rewind this. The next attempt is one more
//! than the larger of the two.

use crate::error::Error;
use crate::layout;
use crate::locked::Locked;
use crate::store::Store;
use crate::tree::Content;
use model::{Bead, Id, Time};
use std::path::PathBuf;

/// The last sling, claim or take-over that this clone made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAttempt {
    /// Its number.
    pub number: u32,
    /// Who got the bead.
    pub holder: String,
    /// The `.beads` folder it was made in: linked worktrees of one clone may
    /// each have their own.
    pub store: PathBuf,
}

impl Store {
    /// What this clone remembers of a bead. Unreadable counts as nothing: the
    /// bead's own number still stands.
    pub fn last_attempt(&self, bead: &Id) -> Result<Option<LastAttempt>, Error> {
        let Some(tree) = self.private() else {
            return Ok(None);
        };
        let Content::Bytes(bytes) = tree.read(&layout::attempt(bead).path(), 4096)? else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut parts = text.trim_end().splitn(4, '\t');
        let number = parts.next().and_then(|word| word.parse().ok());
        let holder = parts.nth(1).unwrap_or_default().to_owned();
        let store = PathBuf::from(parts.next().unwrap_or_default());
        Ok(number.map(|number| LastAttempt {
            number,
            holder,
            store,
        }))
    }
}

impl Locked<'_> {
    /// Counts the next attempt at a bead, durably, and returns its number.
    pub fn next_attempt(&self, bead: &Bead, holder: &str, now: &Time) -> Result<u32, Error> {
        self.check_held::<Bead>(&bead.id);
        let store = self.store();
        let remembered = store.last_attempt(&bead.id)?.map_or(0, |last| last.number);
        let number = bead.attempt.max(remembered).saturating_add(1);
        let place = layout::attempt(&bead.id);
        let holder = holder.replace(['\n', '\r', '\t'], " ");
        let path = store.located().beads.display();
        let line = format!("{number}\t{now}\t{holder}\t{path}\n");
        store
            .make_private()?
            .make_dir(&place.folder)?
            .replace(&place.name, line.as_bytes())?;
        Ok(number)
    }
}
