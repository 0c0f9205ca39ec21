//! What waits to be merged, in order.

use crate::Town;
use crate::error::Error;
use crate::queue;
use git::{BranchName, Oid, refs, remote};
use model::{Bead, Id, Kind, MergeRequest, RigConfig, Status};
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
    /// The host whose refinery merges it: `refinery.host` of the store's
    /// configuration, else the one that filed it.
    pub fn host<'a>(&'a self, config: &'a RigConfig) -> &'a str {
        config.refinery_host().unwrap_or(&self.merge.host)
    }

    /// The commit to merge, if its name is one and it is in this clone.
    pub(crate) fn head_here(&self, town: &Town) -> Result<Option<Oid>, Error> {
        let Ok(head) = Oid::parse(&self.merge.head) else {
            return Ok(None);
        };
        Ok(refs::resolve(&town.git(), &format!("{head}^{{commit}}"))?)
    }

    /// The same, fetched from where the work was pushed to if it is not here.
    pub(crate) fn head(&self, town: &Town) -> Result<Option<Oid>, Error> {
        if let Some(head) = self.head_here(town)? {
            return Ok(Some(head));
        }
        let (git, remote) = (town.git(), &town.config().remote);
        let branch = self.bead.branch.as_deref().map(BranchName::parse);
        if let Some(Ok(branch)) = branch
            && remote::has(&git, remote)?
        {
            remote::fetch(&git, remote, &branch)?;
        }
        self.head_here(town)
    }

    /// The parts of a merge request; `None` if its ID is not that of an attempt
    /// at its source.
    pub(crate) fn of(bead: Bead) -> Option<Self> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Time, Value};

    fn bead(id: &str) -> Bead {
        let now = Time::parse("2026-01-15T10:30:00Z").unwrap();
        let mut bead = Bead::new(Id::parse(id).unwrap(), "Work", now, "overseer");
        bead.merge_request = Some(MergeRequest {
            source: Id::parse("gt-abc12").unwrap(),
            head: "a".repeat(40),
            target: "main".to_owned(),
            worker: "overseer".to_owned(),
            host: "h-one".to_owned(),
            merge_commit: None,
            outcome: None,
            gates: Vec::new(),
        });
        bead
    }

    #[test]
    fn an_id_that_is_not_of_its_source_is_refused() {
        assert_eq!(Request::of(bead("gt-mr-abc12.7")).unwrap().attempt, 7);
        for id in [
            "gt-mr-abc13.7",
            "gt-mr-abc12",
            "gt-mr-abc12.x7",
            "hq-mr-abc12.7",
        ] {
            assert_eq!(Request::of(bead(id)), None, "{id}");
        }
    }

    #[test]
    fn the_configuration_names_another_host() {
        let request = Request::of(bead("gt-mr-abc12.1")).unwrap();
        let mut config = RigConfig::new("app", "gt", "main");
        assert_eq!(request.host(&config), "h-one");
        let host = ("host".to_owned(), Value::Str("h-two".to_owned()));
        config
            .extra
            .push(("refinery".to_owned(), Value::Map(vec![host])));
        assert_eq!(request.host(&config), "h-two");
    }
}
