//! One command's worth of changes to a bead.
//!
//! What can be refused goes first: a refused claim or state leaves the bead as
//! it was. Each step is one durable write under the bead's lock.

use crate::edit::{Change, Edit, edit};
use crate::error::Error;
use crate::life::{self, Changed};
use crate::session::Session;
use crate::{Town, comment, dependency};
use model::{Id, Status, Time};
use store::Problem;

/// What becomes of a bead.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// The actor takes it.
    pub claim: bool,
    /// A new state.
    pub status: Option<Status>,
    /// Put down until a time, or taken up again.
    pub defer: Change<Time>,
    /// What it is part of.
    pub parent: Change<Id>,
    /// What it says.
    pub edit: Edit,
    /// A comment to go with it.
    pub comment: Option<String>,
}

/// What an update did.
#[derive(Debug)]
pub struct Updated {
    /// The bead as it is now.
    pub changed: Changed,
    /// Files that could not be looked at when looking for cycles.
    pub problems: Vec<Problem>,
}

/// Updates a bead.
pub fn update(town: &Town, id: &Id, update: &Update) -> Result<Updated, Error> {
    update.edit.check()?;
    let mut steps = Steps::default();
    if let Some(parent) = to_option(&update.parent) {
        let added = dependency::set_parent(town, id, parent)?;
        steps.changed |= added.changed;
        steps.problems = added.problems;
    }
    if update.claim {
        steps.add(life::claim(town, id)?);
    }
    if let Some(status) = &update.status {
        steps.add(life::set_status(town, id, status)?);
    }
    if let Some(until) = to_option(&update.defer) {
        steps.add(put_off(town, id, until)?);
    }
    if let Some(text) = &update.comment {
        comment::add(town, id, text)?;
        steps.changed = true;
    }
    // Last, and always: it also reads the bead as it is now.
    steps.add(edit(town, id, &update.edit)?);
    let last = steps.last.expect("the edit is a step");
    Ok(Updated {
        changed: Changed {
            bead: last,
            changed: steps.changed,
            loser: steps.loser,
            orphan: steps.orphan,
        },
        problems: steps.problems,
    })
}

#[derive(Default)]
struct Steps {
    changed: bool,
    loser: Option<model::Address>,
    orphan: Option<Session>,
    last: Option<model::Bead>,
    problems: Vec<Problem>,
}

impl Steps {
    fn add(&mut self, step: Changed) {
        self.changed |= step.changed;
        self.loser = step.loser.or(self.loser.take());
        self.orphan = step.orphan.or(self.orphan.take());
        self.last = Some(step.bead);
    }
}

/// `--defer TIME` puts it down; `--defer ''` takes it up again, or forgets the
/// time where it was not down.
fn put_off(town: &Town, id: &Id, until: Option<&Time>) -> Result<Changed, Error> {
    match until {
        Some(until) => life::defer(town, id, Some(until.clone())),
        None if town.store.bead(id)?.status == Status::Deferred => life::undefer(town, id),
        None => edit(
            town,
            id,
            &Edit {
                defer_until: Change::Clear,
                ..Edit::default()
            },
        ),
    }
}

fn to_option<T>(change: &Change<T>) -> Option<Option<&T>> {
    match change {
        Change::Keep => None,
        Change::Clear => Some(None),
        Change::To(value) => Some(Some(value)),
    }
}

/// Claims the first of some beads that can be had; none if all are taken.
pub fn claim_first(town: &Town, ids: &[Id]) -> Result<Option<Changed>, Error> {
    use model::{Class, Fault};
    town.check_writable()?;
    // Else it would be told that there is nothing to claim.
    town.check_attempt()?;
    for id in ids {
        match life::claim(town, id) {
            Ok(changed) => return Ok(Some(changed)),
            // Somebody was faster, or the bead moved on.
            Err(error) if matches!(error.class(), Class::Refused | Class::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
