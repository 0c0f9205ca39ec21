//! The merge queue as it is to be seen: what waits, in which order, and why.
//!
//! Merge requests are told by the names of their files, so that a listing
//! reads them and not the whole store. Nothing here merges or writes.

pub mod accept;
mod waiting;

use crate::Town;
use crate::error::Error;
use model::{Bead, Id, Kind};
use std::path::PathBuf;
use store::layout;
use store::listing::Listing;

pub use waiting::Standing;

/// One merge request and what it waits for.
#[derive(Debug)]
pub struct Status {
    /// The merge request's own bead.
    pub bead: Bead,
    /// Its place in the queue, from 1; none when it is over.
    pub position: Option<usize>,
    /// What it waits for; each completes "it …".
    pub why: Vec<String>,
    /// The logs of its gates on this machine, in the order of its gates.
    pub logs: Vec<Option<PathBuf>>,
}

/// What waits to be merged, the next first, and files that cannot be read.
pub fn pending(town: &Town) -> Result<Listing<Bead>, Error> {
    let mut listing = all(town)?;
    listing.records.retain(is_pending);
    Ok(listing)
}

/// All merge requests that there are, oldest first.
pub fn all(town: &Town) -> Result<Listing<Bead>, Error> {
    let mut ids = Vec::new();
    for shard in model::id::shards() {
        ids.extend(named(town, shard)?);
    }
    let mut listing = read_all(town, ids)?;
    listing
        .records
        .sort_by(|a, b| (&a.created_at, &a.id).cmp(&(&b.created_at, &b.id)));
    Ok(listing)
}

/// The merge requests of all attempts at a bead, oldest first.
pub fn of_source(town: &Town, source: &Id) -> Result<Listing<Bead>, Error> {
    let mut attempts: Vec<(u32, Id)> = named(town, source.shard())?
        .into_iter()
        .filter_map(|it| Some((attempt_of(&it, source)?, it)))
        .collect();
    attempts.sort();
    read_all(town, attempts.into_iter().map(|(_, id)| id))
}

/// Whether a merge request waits to be merged.
pub fn is_pending(bead: &Bead) -> bool {
    let is_undecided = |bead: &Bead| {
        bead.merge_request
            .as_ref()
            .is_some_and(|it| it.outcome.is_none())
    };
    !bead.status.is_closed() && is_undecided(bead)
}

/// The merge request that a text names: its own ID, or that of the bead whose
/// work it is, which stands for its last attempt.
pub fn resolve(town: &Town, text: &str) -> Result<Id, Error> {
    let id = town.store.resolve_partial(text)?;
    let named = named(town, id.shard())?;
    if named.contains(&id) {
        return Ok(id);
    }
    let last = named
        .into_iter()
        .filter_map(|it| Some((attempt_of(&it, &id)?, it)))
        .max();
    last.map(|(_, it)| it).ok_or_else(|| {
        Error::not_found(
            format!("{id} has no merge request"),
            format!(
                "`gt done` files one when the work is done; `bd show {id}` says where it stands"
            ),
        )
    })
}

/// Where a merge request stands. Says also which files could not be read.
pub fn status(town: &Town, id: &Id) -> Result<(Status, Vec<store::Problem>), Error> {
    let bead = town.store.bead(id)?;
    let queue = pending(town)?;
    let ahead = queue.records.iter().position(|it| it.id == *id);
    let source = match &bead.merge_request {
        Some(it) => town.store.read::<Bead>(&it.source)?,
        None => return Err(not_one(id)),
    };
    let host = town.store.host()?;
    let noted = crate::refinery::waiting_reason(town, id)?;
    let standing = Standing {
        noted: noted.as_deref(),
        bead: &bead,
        source: source.as_ref(),
        host: host.as_deref(),
        merger: town.config().refinery_host(),
        ahead: &queue.records[..ahead.unwrap_or(0)],
    };
    let status = Status {
        why: if ahead.is_some() {
            standing.why()
        } else {
            Vec::new()
        },
        position: ahead.map(|ahead| ahead + 1),
        logs: logs(town, &bead),
        bead,
    };
    Ok((status, queue.problems))
}

fn not_one(id: &Id) -> Error {
    Error::usage(
        format!("{id} is no merge request"),
        "`gt mq list --all` lists them",
    )
}

/// The logs of a merge request's gates that are on this machine.
fn logs(town: &Town, bead: &Bead) -> Vec<Option<PathBuf>> {
    let folder = town.store.private_path().join("logs");
    let gates = bead.merge_request.iter().flat_map(|it| &it.gates);
    gates
        .map(|gate| gate.log.as_ref().map(|log| folder.join(log)))
        .map(|path| path.filter(|path| path.is_file()))
        .collect()
}

fn read_all(town: &Town, ids: impl IntoIterator<Item = Id>) -> Result<Listing<Bead>, Error> {
    let mut listing = Listing {
        records: Vec::new(),
        problems: Vec::new(),
    };
    for id in ids {
        match town.store.read::<Bead>(&id) {
            Ok(bead) => listing.records.extend(bead.filter(is_merge_request)),
            Err(store::Error::Problem(problem)) => listing.problems.push(problem),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(listing)
}

/// The IDs of one shard whose form is that of a merge request's.
fn named(town: &Town, shard: &str) -> Result<Vec<Id>, Error> {
    let folder = format!("{}/{shard}", layout::BEADS);
    let Some(dir) = town.store.tracked().dir(&folder)? else {
        return Ok(Vec::new());
    };
    let ids = dir.names()?;
    Ok(ids
        .iter()
        .filter_map(|name| Id::parse(name.strip_suffix(".yaml")?).ok())
        .filter(|id| id.prefix().ends_with("-mr"))
        .collect())
}

/// The attempt at `source` that a merge request is for.
fn attempt_of(merge_request: &Id, source: &Id) -> Option<u32> {
    let attempt = merge_request.as_str().rsplit('.').next()?.parse().ok()?;
    (source.merge_request(attempt) == *merge_request).then_some(attempt)
}

fn is_merge_request(bead: &Bead) -> bool {
    bead.kind == Kind::merge_request() && bead.merge_request.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_of_a_source() {
        let id = |text: &str| Id::parse(text).unwrap();
        assert_eq!(attempt_of(&id("gt-mr-abc12.12"), &id("gt-abc12")), Some(12));
        assert_eq!(
            attempt_of(&id("gt-mr-abc12_k3x.1"), &id("gt-abc12.k3x")),
            Some(1)
        );
        assert_eq!(attempt_of(&id("gt-mr-abc12.x"), &id("gt-abc12")), None);
        assert_eq!(attempt_of(&id("gt-mr-abc13.1"), &id("gt-abc12")), None);
    }
}
