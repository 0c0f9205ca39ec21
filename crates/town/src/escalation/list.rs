//! What waits for an answer.

use super::Record;
use crate::Town;
use crate::error::Error;
use model::{Bead, Status};
use store::Problem;

/// A bead with its escalation.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The bead.
    pub bead: Bead,
    /// What it is about.
    pub record: Record,
}

/// The escalated beads, most urgent and then oldest first; with `all` also
/// those that were escalated once. Files that cannot be read are named.
pub fn list(town: &Town, all: bool) -> Result<(Vec<Entry>, Vec<Problem>), Error> {
    let snapshot = town.store.load()?;
    let mut entries: Vec<Entry> = snapshot
        .beads
        .into_iter()
        .filter_map(|bead| entry(bead, all))
        .collect();
    entries.sort_by(|a, b| {
        let key = |it: &Entry| {
            let is_over = it.bead.status != Status::Escalated;
            (is_over, it.record.severity, it.record.at.timestamp())
        };
        key(a).cmp(&key(b)).then_with(|| a.bead.id.cmp(&b.bead.id))
    });
    Ok((entries, snapshot.problems))
}

fn entry(bead: Bead, all: bool) -> Option<Entry> {
    let record = Record::of(&bead);
    let record = match bead.status {
        Status::Escalated => record.unwrap_or_else(|| Record::unknown(&bead)),
        _ => record.filter(|_| all)?,
    };
    Some(Entry { bead, record })
}
