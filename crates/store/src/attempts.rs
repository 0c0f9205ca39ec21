//! This clone's own memory of attempts.
//!
//! Git can rewind a bead; it cannot rewind this. The next attempt is one more
//! than the larger of the two. Nor can git bring a merge request that counts as
//! this clone's own: what was filed here is remembered here.

use crate::error::Error;
use crate::layout;
use crate::locked::Locked;
use crate::store::Store;
use crate::tree::Content;
use model::{Bead, Id, Time};
use std::path::PathBuf;

/// Stands where nothing was filed.
const NOTHING: &str = "-";

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
    /// What was filed to be merged for it.
    pub filed: Option<Filed>,
}

/// A commit that this clone filed to be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The commit, as its object name.
    pub head: String,
    /// The branch it is to land on.
    pub target: String,
}

impl Filed {
    fn parse(word: &str) -> Option<Self> {
        let (head, target) = word.split_once(' ')?;
        Some(Self {
            head: head.to_owned(),
            target: target.to_owned(),
        })
    }
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
        let mut parts = text.trim_end().splitn(5, '\t');
        let number = parts.next().and_then(|word| word.parse().ok());
        let holder = parts.nth(1).unwrap_or_default().to_owned();
        let filed = parts.next().and_then(Filed::parse);
        let store = PathBuf::from(parts.next().unwrap_or_default());
        Ok(number.map(|number| LastAttempt {
            number,
            holder,
            store,
            filed,
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
        self.remember(&bead.id, number, holder, NOTHING, now)?;
        Ok(number)
    }

    /// Remembers, durably, that this clone filed a commit to be merged for the
    /// attempt that `bead` is at.
    pub fn note_filed(&self, bead: &Bead, filed: &Filed, now: &Time) -> Result<(), Error> {
        self.check_held::<Bead>(&bead.id);
        // The attempt goes on to be theirs who got it here.
        let last = self.store().last_attempt(&bead.id)?;
        let known = last.filter(|last| last.number == bead.attempt);
        let known = known.map(|last| last.holder);
        let holder = known.or_else(|| bead.assignee.clone()).unwrap_or_default();
        let filed = format!("{} {}", filed.head, filed.target);
        let filed = filed.replace(['\n', '\r', '\t'], " ");
        self.remember(&bead.id, bead.attempt, &holder, &filed, now)
    }

    fn remember(
        &self,
        bead: &Id,
        number: u32,
        holder: &str,
        filed: &str,
        now: &Time,
    ) -> Result<(), Error> {
        let store = self.store();
        let place = layout::attempt(bead);
        let holder = holder.replace(['\n', '\r', '\t'], " ");
        let path = store.located().beads.display();
        let line = format!("{number}\t{now}\t{holder}\t{filed}\t{path}\n");
        let folder = store.make_private()?.make_dir(&place.folder)?;
        folder.replace(&place.name, line.as_bytes())?;
        Ok(())
    }
}
