//! Merge requests: filed by `gt done`, one for each attempt.

use crate::Town;
use crate::error::Error;
use model::{Bead, Id, Kind, MergeRequest, Outcome, Status, Ticket};
use store::{Lock, Locked};

/// Files the merge request of an attempt, under the lock of its ID. One that
/// a killed command filed before is left as it is.
pub fn file(
    town: &Town,
    locked: &Locked<'_>,
    source: &Bead,
    ticket: &Ticket,
    head: &str,
    target: &str,
) -> Result<Id, Error> {
    let id = source.id.merge_request(ticket.attempt);
    let mut bead = Bead::new(
        id.clone(),
        source.title.clone(),
        town.now(),
        town.actor.name(),
    );
    bead.kind = Kind::merge_request();
    bead.priority = source.priority;
    bead.branch.clone_from(&ticket.branch);
    bead.attempt = ticket.attempt;
    bead.merge_request = Some(MergeRequest {
        source: source.id.clone(),
        head: head.to_owned(),
        target: target.to_owned(),
        worker: ticket.agent.to_string(),
        host: town.host()?,
        merge_commit: None,
        outcome: None,
        gates: Vec::new(),
    });
    locked.create(&bead)?;
    Ok(id)
}

/// That a merge request which is filed already holds this commit. One that a
/// killed command filed does not hold what was committed since, and nobody is
/// told that it does.
pub fn check_head(town: &Town, id: &Id, head: &str) -> Result<(), Error> {
    let filed = town.store.bead(id)?.merge_request;
    match filed.filter(|request| request.head != head) {
        None => Ok(()),
        Some(request) => Err(Error::refused(
            format!(
                "{id} was filed with {:.12} already, and the branch is at {head:.12}",
                request.head
            ),
            format!(
                "`gt sling {} --force` takes it out of the queue and goes on from the branch",
                request.source
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
