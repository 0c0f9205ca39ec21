//! What waits to be merged, in order.

use crate::Town;
use crate::error::Error;
use crate::queue;
use model::{Bead, Id, Kind, MergeRequest, Status};
use store::Problem;

/// A merge request whose parts fit together.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The merge request's own bead.
    pub bead: Bead,
    /// What it asks for.
    pub merge: MergeRequest,
    /// The attempt at its source that it belongs to.
    pub attempt: u32,
}

/// The queue.
#[derive(Debug, Default)]
pub struct Pending {
    /// What waits, oldest first.
    pub requests: Vec<Request>,
    /// Files that could not be read. The others go on.
    pub problems: Vec<Problem>,
}

impl Request {
    /// The parts of a merge request; `None` if its ID is not that of an attempt
    /// at its source.
    fn of(bead: Bead) -> Option<Self> {
        let merge = bead.merge_request.clone()?;
        let attempt = bead.id.as_str().rsplit('.').next()?.parse().ok()?;
        let fits = merge.source.merge_request(attempt) == bead.id;
        fits.then_some(Self {
            bead,
            merge,
            attempt,
        })
    }
}

/// The merge requests that are open, those included that a run which was cut
/// short has decided on.
pub fn pending(town: &Town) -> Result<Pending, Error> {
    let all = queue::all(town)?;
    let mut pending = Pending {
        requests: Vec::new(),
        problems: all.problems,
    };
    for bead in all.records.into_iter().filter(is_open) {
        pending.add(town, bead);
    }
    Ok(pending)
}

/// One merge request as it is now; `None` once it is over.
pub(super) fn read(town: &Town, id: &Id) -> Result<Option<Request>, Error> {
    let bead = town.store.read::<Bead>(id)?.filter(is_open);
    Ok(bead.and_then(Request::of))
}

fn is_open(bead: &Bead) -> bool {
    bead.kind == Kind::merge_request()
        && bead.merge_request.is_some()
        && bead.status == Status::Open
}

impl Pending {
    fn add(&mut self, town: &Town, bead: Bead) {
        let path = town.store.path_of::<Bead>(&bead.id);
        match Request::of(bead) {
            Some(request) => self.requests.push(request),
            None => self.problems.push(Problem::new(
                &path,
                "is a merge request whose ID is not that of an attempt at its source",
                "close it; `gt done` files one with the right ID",
            )),
        }
    }
}
