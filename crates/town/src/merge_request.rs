//! Merge requests: filed by `gt done`, one for each attempt.

use crate::Town;
use crate::error::Error;
use model::{Bead, Id, Kind, MergeRequest, Outcome, Status, Ticket};
use store::attempts::Filed;
use store::{Lock, Locked};

/// Files the merge request of an attempt, under the locks of its ID and of its
/// bead, and remembers out of git's reach that this clone did. One that a killed
/// command filed before is left as it is.
pub fn file(
    town: &Town,
    locked: &Locked<'_>,
    source: &Bead,
    ticket: &Ticket,
    head: &str,
    target: &str,
) -> Result<Id, Error> {
    let filed = Filed {
        head: head.to_owned(),
        target: target.to_owned(),
    };
    locked.note_filed(source, &filed, &town.now())?;
    let worker = ticket.agent.to_string();
    let request = request(town, source, ticket.branch.clone(), worker, filed)?;
    locked.create(&request)?;
    Ok(request.id)
}

/// Files the merge request of a completed bead whose own was lost, under the
/// lock of its ID, as this clone filed it before.
pub(crate) fn file_again(
    town: &Town,
    locked: &Locked<'_>,
    source: &Bead,
    filed: Filed,
) -> Result<(), Error> {
    let worker = source.assignee.clone();
    let worker = worker.unwrap_or_else(|| "unknown".to_owned());
    locked.create(&request(
        town,
        source,
        source.branch.clone(),
        worker,
        filed,
    )?)?;
    Ok(())
}

/// What this clone filed for an attempt at a bead: by `gt done`, or when a
/// person accepted what came by git.
pub fn filed_here(town: &Town, source: &Id, attempt: u32) -> Result<Option<Filed>, Error> {
    let last = town.store.last_attempt(source)?;
    Ok(last
        .filter(|last| last.number == attempt)
        .and_then(|last| last.filed))
}

fn request(
    town: &Town,
    source: &Bead,
    branch: Option<String>,
    worker: String,
    filed: Filed,
) -> Result<Bead, Error> {
    let id = source.id.merge_request(source.attempt);
    let title = source.title.clone();
    let mut bead = Bead::new(id, title, town.now(), town.actor.name());
    bead.kind = Kind::merge_request();
    bead.priority = source.priority;
    bead.branch = branch;
    bead.attempt = source.attempt;
    bead.merge_request = Some(MergeRequest {
        source: source.id.clone(),
        head: filed.head,
        target: filed.target,
        worker,
        host: town.host()?,
        merge_commit: None,
        outcome: None,
        gates: Vec::new(),
    });
    Ok(bead)
}

/// That a merge request, where it is filed already, holds this commit. One that a
/// killed command filed does not hold what was committed since, and nobody is
/// told that it does.
pub fn check_head(town: &Town, id: &Id, head: &str) -> Result<(), Error> {
    let filed = town.store.read::<Bead>(id)?.and_then(|it| it.merge_request);
    match filed.filter(|request| request.head != head) {
        None => Ok(()),
        Some(request) => Err(Error::refused(
            format!(
                "{id} was filed with {:.12} already, and the branch is at {head:.12}",
                request.head
            ),
            format!(
                "`gt sling {} {} --force` takes it out of the queue and goes on from the branch",
                request.source,
                town.rig()
            ),
        )),
    }
}

/// Takes the merge request of an attempt out of the queue: a newer attempt, or
/// a close, took its place.
pub fn supersede(town: &Town, source: &Id, attempt: u32) -> Result<(), Error> {
    let id = source.merge_request(attempt);
    let locked = town.store.lock(&[Lock::bead(&id)])?;
    let Some(mut bead) = town.store.read::<Bead>(&id)? else {
        return Ok(());
    };
    if bead.status.is_closed() {
        return Ok(());
    }
    bead.move_to(Status::Closed, &town.now());
    bead.close_reason = Some("superseded".to_owned());
    if let Some(request) = &mut bead.merge_request {
        request.outcome = Some(Outcome::Superseded);
    }
    locked.save(&bead)?;
    Ok(())
}
