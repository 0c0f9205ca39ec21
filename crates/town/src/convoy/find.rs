//! Finding convoys and showing them as they are, writing nothing.

use super::recompute::{Sights, recomputed};
use crate::Town;
use crate::error::Error;
use model::{Convoy, ConvoyStatus, Id};
use store::listing::Listing;
use store::tree::Content;
use store::{Problem, layout};

/// A convoy as its beads are now, and those of them that could not be read.
#[derive(Debug)]
pub struct Found {
    /// The convoy, recomputed.
    pub convoy: Convoy,
    /// Beads that are missing or cannot be read.
    pub problems: Vec<Problem>,
}

/// The convoys, oldest first: those that are open, or all.
pub fn list(town: &Town, all: bool) -> Result<Listing<Convoy>, Error> {
    let mut listing = town.store.convoys()?;
    let mut sights = Sights::default();
    for convoy in &mut listing.records {
        sights.look(town, convoy.beads.iter().map(|entry| &entry.id))?;
        *convoy = recomputed(convoy, &sights, &town.now());
        if all || convoy.status == ConvoyStatus::Open {
            listing.problems.extend(sights.problems(town, convoy));
        }
    }
    listing
        .records
        .retain(|convoy| all || convoy.status == ConvoyStatus::Open);
    listing
        .records
        .sort_by(|a, b| (&a.created_at, &a.id).cmp(&(&b.created_at, &b.id)));
    Ok(listing)
}

/// One convoy.
pub fn get(town: &Town, id: &Id) -> Result<Found, Error> {
    let convoy = read(town, id)?;
    let mut sights = Sights::default();
    sights.look(town, convoy.beads.iter().map(|entry| &entry.id))?;
    Ok(Found {
        convoy: recomputed(&convoy, &sights, &town.now()),
        problems: sights.problems(town, &convoy),
    })
}

/// The convoys that name a bead, and files that could not be read.
pub fn naming(town: &Town, bead: &Id) -> Result<Listing<Convoy>, Error> {
    let mut listing = Listing {
        records: Vec::new(),
        problems: Vec::new(),
    };
    for id in mentioning(town, std::slice::from_ref(bead))? {
        match town.store.read::<Convoy>(&id) {
            Ok(convoy) => listing.records.extend(convoy.filter(|it| it.names(bead))),
            Err(store::Error::Problem(problem)) => listing.problems.push(problem),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(listing)
}

/// A convoy, if it is there. One whose file cannot be read is a problem, as one
/// that cannot be understood.
pub(super) fn whole(town: &Town, id: &Id) -> Result<Option<Convoy>, Error> {
    let read = town.store.read::<Convoy>(id);
    read.or_else(|error| Err(error.of_file()?.into()))
}

/// The convoy that a text names, for commands that write: its whole ID, or its
/// whole suffix.
pub fn resolve_exact(town: &Town, text: &str) -> Result<Id, Error> {
    let fits = |id: &Id| id.as_str() == text || id.tail() == text;
    only(town, text, fits)?.ok_or_else(|| not_found(text))
}

/// The convoy that a text names, for commands that only read: also the
/// beginning of an ID or suffix, where it fits one convoy only.
pub fn resolve_partial(town: &Town, text: &str) -> Result<Id, Error> {
    let is_whole = |id: &Id| id.as_str() == text || id.tail() == text;
    if let Some(id) = only(town, text, is_whole)? {
        return Ok(id);
    }
    let begins = |id: &Id| id.as_str().starts_with(text) || id.tail().starts_with(text);
    only(town, text, |id| !text.is_empty() && begins(id))?.ok_or_else(|| not_found(text))
}

/// The one convoy that fits, if any does.
fn only(town: &Town, text: &str, fits: impl Fn(&Id) -> bool) -> Result<Option<Id>, Error> {
    let mut found = ids(town)?;
    found.retain(fits);
    if found.len() > 1 {
        return Err(store::Error::Ambiguous {
            what: text.to_owned(),
            candidates: found.iter().take(10).map(Id::to_string).collect(),
        }
        .into());
    }
    Ok(found.pop())
}

/// A convoy that has to be there, as its file has it.
pub(super) fn read(town: &Town, id: &Id) -> Result<Convoy, Error> {
    town.store
        .read::<Convoy>(id)?
        .ok_or_else(|| not_found(id.as_str()))
}

fn not_found(text: &str) -> Error {
    Error::not_found(
        format!("no convoy found matching \"{}\"", text.escape_debug()),
        "`gt convoy list --all` lists them",
    )
}

/// The IDs of all convoys, by the names of their files, sorted.
pub(super) fn ids(town: &Town) -> Result<Vec<Id>, Error> {
    let Some(dir) = town.store.tracked().dir(layout::CONVOYS)? else {
        return Ok(Vec::new());
    };
    let mut ids: Vec<Id> = dir
        .names()?
        .iter()
        .filter_map(|name| Id::parse(name.strip_suffix(".yaml")?).ok())
        .collect();
    ids.sort();
    Ok(ids)
}

/// The convoys whose text mentions one of `beads`. Looking at the text is
/// quick, and finds those whose file is broken, too; which of them really
/// names one is seen when it is read.
pub(super) fn mentioning(town: &Town, beads: &[Id]) -> Result<Vec<Id>, Error> {
    let mut found = ids(town)?;
    let Some(dir) = town.store.tracked().dir(layout::CONVOYS)? else {
        return Ok(Vec::new());
    };
    let limit = town.store.options().file_limit;
    let mut failure = None;
    found.retain(|id| match dir.read(&format!("{id}.yaml"), limit) {
        Ok(Content::Bytes(bytes)) => {
            let text = String::from_utf8_lossy(&bytes);
            beads.iter().any(|bead| text.contains(bead.as_str()))
        }
        // What it mentions cannot be told: reading it says why.
        Ok(_) => true,
        Err(error) => {
            failure.get_or_insert(error);
            false
        }
    });
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(found),
    }
}
