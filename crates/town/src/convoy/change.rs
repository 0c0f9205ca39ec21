//! Making convoys, adding to them, and closing them by hand.

use super::find;
use super::recompute::{Sights, recomputed};
use super::refresh::rewrite;
use crate::Town;
use crate::error::Error;
use crate::life::Closing;
use model::{Bead, Convoy, ConvoyStatus, Id, Priority};
use store::{Lock, Problem};

/// What every convoy's ID begins with.
const PREFIX: &str = "hq-cv";

/// A convoy to be made.
#[derive(Debug, Clone)]
pub struct New {
    /// What the batch is for.
    pub title: String,
    /// Its beads, in order. One that is named twice counts once.
    pub beads: Vec<Id>,
    /// Who asks for it; else the actor.
    pub owner: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// What it is about.
    pub description: Option<String>,
}

/// What adding to a convoy did.
#[derive(Debug)]
pub struct Added {
    /// The convoy as it is now.
    pub convoy: Convoy,
    /// The beads that were not in it before.
    pub added: Vec<Id>,
    /// Whether it had been closed.
    pub reopened: bool,
    /// Beads that are missing or cannot be read.
    pub problems: Vec<Problem>,
}

/// What closing a convoy did.
#[derive(Debug)]
pub struct Closed {
    /// The convoy as it is now.
    pub convoy: Convoy,
    /// False where it was closed already.
    pub changed: bool,
    /// Beads that are missing or cannot be read.
    pub problems: Vec<Problem>,
}

impl New {
    /// A convoy for a batch of beads, in the actor's name.
    pub fn batch(title: impl Into<String>, beads: &[Id]) -> Self {
        Self {
            title: title.into(),
            beads: beads.to_vec(),
            owner: None,
            priority: Priority::default(),
            description: None,
        }
    }
}

/// Makes a convoy. All its beads have to be there.
pub fn create(town: &Town, new: &New) -> Result<Convoy, Error> {
    model::text::check_title(&new.title)
        .map_err(|error| Error::usage(error.to_string(), "say in a line what the batch is for"))?;
    let beads = read_all(town, &new.beads)?;
    loop {
        let id = Id::parse(&format!("{PREFIX}-{}", town.word(5)))
            .expect("a prefix and base-36 characters are an ID");
        let locked = town.lock(&[Lock::convoy(&id)])?;
        let convoy = recomputed(&blank(town, new, id, &beads), &sights(&beads), &town.now());
        if locked.create(&convoy)? {
            // A bead that changed before the file was there could not tell it.
            return Ok(rewrite(town, &locked, &convoy)?.0);
        }
    }
}

/// Adds beads to a convoy, and opens it again if it was closed. All of them
/// have to be there; those that are in it already change nothing.
pub fn add(town: &Town, id: &Id, beads: &[Id]) -> Result<Added, Error> {
    let beads = read_all(town, beads)?;
    let locked = town.lock(&[Lock::convoy(id)])?;
    let before = find::read(town, id)?;
    let mut convoy = before.clone();
    let mut added = Vec::new();
    for bead in beads.iter().filter(|bead| !before.names(&bead.id)) {
        if !convoy.names(&bead.id) {
            convoy.see(&bead.id, &bead.title, &bead.status);
            added.push(bead.id.clone());
        }
    }
    if !added.is_empty() {
        convoy.reopen();
        locked.save(&recomputed(&convoy, &sights(&beads), &town.now()))?;
    }
    // A bead that changed before it was named here could not tell the convoy.
    let (convoy, sights) = rewrite(town, &locked, &convoy)?;
    let reopened = before.status == ConvoyStatus::Closed && convoy.status == ConvoyStatus::Open;
    Ok(Added {
        problems: sights.problems(town, &convoy),
        convoy,
        added,
        reopened,
    })
}

/// Closes a convoy by hand. While beads are open it takes a reason, or force;
/// then it stays closed whatever they do.
pub fn close(town: &Town, id: &Id, closing: &Closing) -> Result<Closed, Error> {
    let locked = town.lock(&[Lock::convoy(id)])?;
    let before = find::read(town, id)?;
    let (mut convoy, sights) = rewrite(town, &locked, &before)?;
    let reason = closing
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    if convoy.status == ConvoyStatus::Open {
        if reason.is_none() && !closing.forced {
            return Err(unfinished(&convoy, &sights.problems(town, &convoy)));
        }
        convoy.status = ConvoyStatus::Closed;
        convoy.closed_at = Some(town.now());
        let by = || format!("closed by {}", town.actor);
        convoy.close_reason = Some(reason.map_or_else(by, str::to_owned));
        locked.save(&convoy)?;
    }
    Ok(Closed {
        changed: before.status != convoy.status,
        problems: sights.problems(town, &convoy),
        convoy,
    })
}

fn unfinished(convoy: &Convoy, problems: &[Problem]) -> Error {
    let open: Vec<&str> = convoy
        .beads
        .iter()
        .filter(|entry| !entry.status.is_closed())
        .map(|entry| entry.id.as_str())
        .take(5)
        .collect();
    let (closed, total) = convoy.progress();
    let why = match (total, open.as_slice(), problems.first()) {
        (0, ..) => "it has no beads".to_owned(),
        (_, [], Some(problem)) => problem.to_string(),
        (_, open, _) => format!(
            "{closed} of {total} beads are closed; open: {}",
            open.join(", ")
        ),
    };
    Error::refused(
        format!("convoy {} is not done: {why}", convoy.id),
        "it closes by itself when all its beads are closed; give a --reason or --force to close it now",
    )
}

fn blank(town: &Town, new: &New, id: Id, beads: &[Bead]) -> Convoy {
    let mut convoy = Convoy::new(id, new.title.as_str(), town.now());
    let named = new.owner.as_deref().map(str::trim);
    let owner = named.filter(|owner| !owner.is_empty());
    convoy.owner = Some(owner.unwrap_or(town.actor.name()).to_owned());
    convoy.priority = new.priority;
    convoy.description.clone_from(&new.description);
    for bead in beads {
        convoy.see(&bead.id, &bead.title, &bead.status);
    }
    convoy
}

fn read_all(town: &Town, ids: &[Id]) -> Result<Vec<Bead>, Error> {
    ids.iter().map(|id| Ok(town.store.bead(id)?)).collect()
}

fn sights(beads: &[Bead]) -> Sights {
    let sight = |bead: &Bead| (bead.id.clone(), super::recompute::Sight::of(bead));
    Sights(beads.iter().map(sight).collect())
}
