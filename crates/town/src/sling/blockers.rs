//! What a bead still waits for, read bead by bead instead of the whole store.

use crate::Town;
use crate::error::Error;
use model::{Bead, Id};
use std::collections::BTreeSet;

/// The open beads that block this one, itself or through its parents.
/// A dependency on a bead that is not there does not block.
pub fn blockers(town: &Town, bead: &Bead) -> Result<Vec<Id>, Error> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut at = Some(bead.clone());
    while let Some(bead) = at.take().filter(|bead| seen.insert(bead.id.clone())) {
        for dependency in &bead.dependencies {
            if dependency.kind.blocks_start() {
                let target = town.store.read::<Bead>(&dependency.id)?;
                found.extend(target.filter(|it| !it.status.is_closed()).map(|it| it.id));
            } else if dependency.kind.as_str() == "waits-for" {
                found.extend(open_children(town, &dependency.id)?);
            }
        }
        at = bead
            .parent
            .as_ref()
            .map(|parent| town.store.read::<Bead>(parent))
            .transpose()?
            .flatten();
    }
    Ok(found.into_iter().collect())
}

/// Only this rare kind of dependency needs all beads.
fn open_children(town: &Town, parent: &Id) -> Result<Vec<Id>, Error> {
    let beads = town.store.load()?.beads;
    let is_open_child =
        |bead: &&Bead| bead.parent.as_ref() == Some(parent) && !bead.status.is_closed();
    Ok(beads
        .iter()
        .filter(is_open_child)
        .map(|bead| bead.id.clone())
        .collect())
}
