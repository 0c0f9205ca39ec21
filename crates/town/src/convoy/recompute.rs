//! What a convoy says once its beads were looked at. Only [`Sights::look`]
//! reads; the rest is pure.

use crate::Town;
use crate::error::Error;
use model::{Bead, Convoy, ConvoyStatus, Id, Status, Time};
use std::collections::{BTreeMap, HashSet};
use store::Problem;

/// What a look at one bead found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sight {
    /// The bead.
    Seen {
        title: String,
        status: Status,
        closed_at: Option<Time>,
    },
    /// No file.
    Missing,
    /// A file that cannot be understood.
    Unreadable(Problem),
}

/// The beads that were looked at.
#[derive(Debug, Default)]
pub(super) struct Sights(pub(super) BTreeMap<Id, Sight>);

impl Sight {
    pub(super) fn of(bead: &Bead) -> Self {
        Self::Seen {
            title: bead.title.clone(),
            status: bead.status.clone(),
            closed_at: bead.closed_at.clone(),
        }
    }
}

impl Sights {
    /// Reads those of the beads that were not looked at before.
    pub(super) fn look<'a>(
        &mut self,
        town: &Town,
        ids: impl IntoIterator<Item = &'a Id>,
    ) -> Result<(), Error> {
        for id in ids {
            if !self.0.contains_key(id) {
                self.0.insert(id.clone(), sight(town, id)?);
            }
        }
        Ok(())
    }

    /// The beads of a convoy that could not be seen, as problems.
    pub(super) fn problems(&self, town: &Town, convoy: &Convoy) -> Vec<Problem> {
        let problem = |id: &Id| match self.0.get(id)? {
            Sight::Seen { .. } => None,
            Sight::Unreadable(problem) => Some(problem.clone()),
            // What is over may have been put away.
            Sight::Missing if convoy.status == ConvoyStatus::Closed => None,
            Sight::Missing => Some(Problem::new(
                &town.store.path_of::<Bead>(id),
                format!("is missing: convoy {} names {id}", convoy.id),
                "restore it with `git checkout -- <file>`, or close the convoy with a reason",
            )),
        };
        convoy
            .beads
            .iter()
            .filter_map(|entry| problem(&entry.id))
            .collect()
    }
}

fn sight(town: &Town, id: &Id) -> Result<Sight, Error> {
    match town.store.read::<Bead>(id) {
        Ok(Some(bead)) => Ok(Sight::of(&bead)),
        Ok(None) => Ok(Sight::Missing),
        Err(error) => Ok(Sight::Unreadable(error.of_file()?)),
    }
}

/// The convoy with its entries brought up to date by what was seen, opened or
/// closed accordingly. What was not seen stays as it was, and keeps the convoy
/// from closing. It closes at the time its last bead did, so that every clone
/// writes the same.
pub(super) fn recomputed(convoy: &Convoy, sights: &Sights, now: &Time) -> Convoy {
    let mut convoy = convoy.clone();
    drop_repetitions(&mut convoy);
    let mut certain = true;
    let mut end: Option<&Time> = None;
    for entry in &mut convoy.beads {
        match sights.0.get(&entry.id) {
            Some(Sight::Seen {
                title,
                status,
                closed_at,
            }) => {
                entry.title.clone_from(title);
                entry.status = status.clone();
                end = end.max(closed_at.as_ref());
            }
            _ => certain = false,
        }
    }
    if certain || convoy.status == ConvoyStatus::Closed {
        convoy.settle(end.unwrap_or(now));
    }
    convoy
}

/// Whether the entries alone would close the convoy, once all are seen.
pub(super) fn seems_over(convoy: &Convoy) -> bool {
    let (closed, total) = convoy.progress();
    convoy.status == ConvoyStatus::Open && total > 0 && closed == total
}

/// A merge of two branches that added the same bead leaves it there twice.
fn drop_repetitions(convoy: &mut Convoy) {
    let mut seen = HashSet::new();
    convoy
        .beads
        .retain(|entry| seen.insert(entry.id.clone()) || !entry.extra.is_empty());
}

#[cfg(test)]
mod tests;
