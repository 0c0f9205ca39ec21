//! Making a convoy.

use crate::Town;
use crate::error::Error;
use model::{Bead, Convoy, Id, Priority};
use store::Lock;

/// What a new convoy is made of.
#[derive(Debug, Clone, Default)]
pub struct New {
    /// What the batch is for.
    pub title: String,
    /// Its beads, in order; each has to be there.
    pub beads: Vec<Id>,
    /// Who asked for it; the actor where nobody is named.
    pub owner: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// What it is about.
    pub description: Option<String>,
}

impl New {
    /// The convoy of a batch that is slung.
    pub fn batch(title: &str, beads: &[Id]) -> Self {
        Self {
            title: title.to_owned(),
            beads: beads.to_vec(),
            ..Self::default()
        }
    }
}

/// Makes a convoy that nobody has an ID of yet.
pub fn create(town: &Town, new: &New) -> Result<Convoy, Error> {
    model::text::check_title(&new.title)
        .map_err(|error| Error::usage(error.to_string(), "give the convoy a title of one line"))?;
    let now = town.now();
    let beads = new
        .beads
        .iter()
        .map(|id| Ok(town.store.bead(id)?))
        .collect::<Result<Vec<Bead>, Error>>()?;
    loop {
        let id = town.fresh_convoy_id();
        let mut convoy = Convoy::new(id.clone(), new.title.clone(), now.clone());
        convoy.owner = Some(
            new.owner
                .clone()
                .unwrap_or_else(|| town.actor.name().to_owned()),
        );
        convoy.priority = new.priority;
        convoy.description.clone_from(&new.description);
        for bead in &beads {
            convoy.see(&bead.id, &bead.title, &bead.status);
        }
        convoy.settle(&now);
        if town.store.lock(&[Lock::convoy(&id)])?.create(&convoy)? {
            // A bead may have changed between the look and the write.
            super::refresh(town, &new.beads)?;
            return Ok(town.store.read::<Convoy>(&id)?.unwrap_or(convoy));
        }
    }
}
