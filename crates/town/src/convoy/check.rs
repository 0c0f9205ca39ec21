//! Recomputing all convoys: what a killed process, a merge or an edit by hand
//! left behind is put right.

use super::find;
use super::recompute::{Sights, recomputed};
use super::refresh::rewrite;
use crate::Town;
use crate::error::Error;
use model::{Convoy, ConvoyStatus, Id};
use store::{Lock, Problem};

/// A convoy that said something else than its beads.
#[derive(Debug)]
pub struct Changed {
    /// The convoy as it is now.
    pub convoy: Convoy,
    /// Whether it was open or closed before.
    pub before: ConvoyStatus,
}

/// What a check did.
#[derive(Debug, Default)]
pub struct Report {
    /// How many convoys were looked at.
    pub checked: usize,
    /// Those that were not up to date.
    pub changed: Vec<Changed>,
    /// Convoys and beads that could not be read.
    pub problems: Vec<Problem>,
}

/// Brings every convoy up to date, and closes those that are done. One that
/// cannot be, as its lock is held for too long, keeps no other from it; the first
/// such error is returned in the end.
pub fn check(town: &Town) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut first = None;
    for id in find::ids(town)? {
        match check_one(town, &id, &mut report) {
            Ok(()) => {}
            Err(Error::Store(store::Error::Problem(problem))) => report.problems.push(problem),
            Err(error) => first = first.or(Some(error)),
        }
    }
    first.map_or(Ok(report), Err)
}

/// The convoys that say something else than their beads. Writes nothing.
pub fn stale(town: &Town) -> Result<Vec<Id>, Error> {
    let mut stale = Vec::new();
    for id in find::ids(town)? {
        let Ok(Some(before)) = town.store.read::<Convoy>(&id) else {
            continue;
        };
        let mut sights = Sights::default();
        sights.look(town, before.beads.iter().map(|entry| &entry.id))?;
        if recomputed(&before, &sights, &town.now()) != before {
            stale.push(id);
        }
    }
    Ok(stale)
}

fn check_one(town: &Town, id: &Id, report: &mut Report) -> Result<(), Error> {
    let locked = town.lock(&[Lock::convoy(id)])?;
    let Some(before) = find::whole(town, id)? else {
        return Ok(());
    };
    let (convoy, sights) = rewrite(town, &locked, &before)?;
    report.checked += 1;
    report.problems.extend(sights.problems(town, &convoy));
    if convoy != before {
        report.changed.push(Changed {
            convoy,
            before: before.status,
        });
    }
    Ok(())
}
