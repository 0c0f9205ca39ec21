//! Convoys that name a bead are brought up to date after the bead changed.

use crate::Town;
use crate::error::Error;
use model::{Bead, Convoy, Id};
use store::{Lock, layout, tree::Content};

/// Brings every convoy that names one of `beads` up to date, and closes or
/// reopens it by what its beads say. Returns those that changed.
///
/// Each bead is read anew under the convoy's lock, so whoever refreshes last
/// has seen the last change.
pub fn refresh(town: &Town, beads: &[Id]) -> Result<Vec<Convoy>, Error> {
    let mut changed = Vec::new();
    for id in naming(town, beads)? {
        changed.extend(refresh_one(town, &id, beads)?);
    }
    Ok(changed)
}

fn refresh_one(town: &Town, id: &Id, beads: &[Id]) -> Result<Option<Convoy>, Error> {
    let locked = town.store.lock(&[Lock::convoy(id)])?;
    let Some(mut convoy) = town.store.read::<Convoy>(id)? else {
        return Ok(None);
    };
    let named: Vec<Id> = convoy
        .beads
        .iter()
        .map(|it| it.id.clone())
        .filter(|it| beads.contains(it))
        .collect();
    for id in named {
        if let Some(bead) = town.store.read::<Bead>(&id)? {
            convoy.see(&bead.id, &bead.title, &bead.status);
        }
    }
    convoy.settle(&town.now());
    Ok(locked.save(&convoy)?.then_some(convoy))
}

/// The convoys whose text names one of `beads`. Looking at the text is enough:
/// which of them really does is seen under the lock.
fn naming(town: &Town, beads: &[Id]) -> Result<Vec<Id>, Error> {
    let mut ids = Vec::new();
    let Some(dir) = town.store.tracked().dir(layout::CONVOYS)? else {
        return Ok(ids);
    };
    for name in dir.names()? {
        let Some(id) = name
            .strip_suffix(".yaml")
            .and_then(|stem| Id::parse(stem).ok())
        else {
            continue;
        };
        let Content::Bytes(bytes) = dir.read(&name, store::store::FILE_LIMIT)? else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes);
        if beads.iter().any(|bead| text.contains(bead.as_str())) {
            ids.push(id);
        }
    }
    ids.sort();
    Ok(ids)
}
