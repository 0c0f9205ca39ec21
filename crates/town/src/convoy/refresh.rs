//! Convoys that name a bead are brought up to date after the bead changed.

use super::find;
use super::recompute::{Sights, recomputed, seems_over};
use crate::Town;
use crate::error::Error;
use model::{Convoy, Id};
use store::{Lock, Locked, Problem};

/// What a refresh did.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// The convoys that changed, as they are now.
    pub changed: Vec<Convoy>,
    /// Convoys and beads that could not be read. The others were refreshed;
    /// these are for [`check`](super::check) once they are mended.
    pub problems: Vec<Problem>,
}

/// Brings every convoy that names one of `beads` up to date, and closes or
/// reopens it by what its beads say.
///
/// Each bead is read anew under the convoy's lock, so whoever refreshes last
/// has seen the last change. A convoy that cannot be read stops no other, and
/// is warned of.
pub fn refresh(town: &Town, beads: &[Id]) -> Result<Refreshed, Error> {
    let mut refreshed = Refreshed::default();
    let mut first = None;
    for id in find::mentioning(town, beads)? {
        match refresh_one(town, &id, beads, &mut refreshed.problems) {
            Ok(changed) => refreshed.changed.extend(changed),
            Err(Error::Store(store::Error::Problem(problem))) => refreshed.problems.push(problem),
            Err(error) => first = first.or(Some(error)),
        }
    }
    for problem in &refreshed.problems {
        (town.setup().warn)(&format!("{problem}; {}", problem.remedy));
    }
    first.map_or(Ok(refreshed), Err)
}

fn refresh_one(
    town: &Town,
    id: &Id,
    beads: &[Id],
    problems: &mut Vec<Problem>,
) -> Result<Option<Convoy>, Error> {
    let locked = town.store.lock(&[Lock::convoy(id)])?;
    let Some(before) = find::whole(town, id)? else {
        return Ok(None);
    };
    let mut sights = Sights::default();
    sights.look(town, beads.iter().filter(|bead| before.names(bead)))?;
    if seems_over(&recomputed(&before, &sights, &town.now())) {
        sights.look(town, before.beads.iter().map(|entry| &entry.id))?;
    }
    problems.extend(sights.problems(town, &before));
    let convoy = recomputed(&before, &sights, &town.now());
    Ok(locked.save(&convoy)?.then_some(convoy))
}

/// Looks at all beads of a convoy and writes what they say. Its lock is held.
pub(super) fn rewrite(
    town: &Town,
    locked: &Locked<'_>,
    convoy: &Convoy,
) -> Result<(Convoy, Sights), Error> {
    let mut sights = Sights::default();
    sights.look(town, convoy.beads.iter().map(|entry| &entry.id))?;
    let convoy = recomputed(convoy, &sights, &town.now());
    locked.save(&convoy)?;
    Ok((convoy, sights))
}
