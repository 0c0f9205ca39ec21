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
    /// What else kept convoys from being looked at, such as locks that are held.
    pub errors: Vec<Error>,
}

impl Report {
    /// That every convoy whose file is whole could be looked at; else why the
    /// first could not.
    pub fn complete(self) -> Result<(), Error> {
        self.errors.into_iter().next().map_or(Ok(()), Err)
    }
}

/// Brings every convoy up to date, and closes those that are done. One that
/// cannot be keeps no other from it: the report says which, and why.
pub fn check(town: &Town) -> Result<Report, Error> {
    let mut report = Report::default();
    for id in find::ids(town)? {
        match check_one(town, &id, &mut report) {
            Ok(()) => {}
            Err(Error::Store(store::Error::Problem(problem))) => report.problems.push(problem),
            Err(error) => report.errors.push(error),
        }
    }
    Ok(report)
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

/// Convoys with the beads of this store that they name, and that are not there.
pub fn absent(town: &Town) -> Result<Vec<(Id, Id)>, Error> {
    let mut absent = Vec::new();
    for id in find::ids(town)? {
        let Ok(Some(convoy)) = town.store.read::<Convoy>(&id) else {
            continue;
        };
        for bead in convoy.beads.into_iter().map(|entry| entry.id) {
            if bead.prefix() == town.config().prefix && !town.store.has_bead(&bead)? {
                absent.push((id.clone(), bead));
            }
        }
    }
    Ok(absent)
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
