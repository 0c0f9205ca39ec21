//! What follows once work is on the target: bead, convoys, merge request.
//!
//! Every step looks first, so that a run that was killed in between is
//! completed by taking them all again.

use super::memo;
use super::queue::Request;
use crate::Town;
use crate::convoy;
use crate::error::Error;
use git::Oid;
use model::{Bead, Event, Outcome, Status, transition};
use store::{Lock, Locked};

/// The locks of a merge request and its bead.
pub(super) fn lock<'t>(town: &'t Town, request: &Request) -> Result<Locked<'t>, Error> {
    let locks = [
        Lock::bead(&request.merge.source),
        Lock::bead(&request.bead.id),
    ];
    Ok(town.store.lock(&locks)?)
}

/// The bead, if it still waits for this very merge request.
pub(super) fn waiting_bead(town: &Town, request: &Request) -> Result<Option<Bead>, Error> {
    let bead = town.store.read::<Bead>(&request.merge.source)?;
    Ok(bead.filter(|bead| bead.status == Status::Completed && bead.attempt == request.attempt))
}

/// Closes the bead of work that has landed.
pub(super) fn close_bead(
    town: &Town,
    locked: &Locked<'_>,
    mut bead: Bead,
    commit: &Oid,
) -> Result<(), Error> {
    let next = transition(&bead.status, &Event::Land)
        .map_err(|refusal| Error::refusal(&bead.id, refusal))?;
    bead.move_to(next, &town.now());
    bead.close_reason = Some(format!("merged as {}", commit.short()));
    locked.save(&bead)?;
    Ok(())
}

/// All that follows a landing, whatever of it was done before.
pub(super) fn landed(town: &Town, request: &Request, commit: &Oid) -> Result<(), Error> {
    let locked = lock(town, request)?;
    if let Some(bead) = waiting_bead(town, request)? {
        close_bead(town, &locked, bead, commit)?;
    }
    drop(locked);
    finish(town, request, Outcome::Merged, Some(commit))
}

/// Brings the convoys up to date and closes the merge request, last: while it
/// is open, the next run completes what is missing.
pub(super) fn finish(
    town: &Town,
    request: &Request,
    outcome: Outcome,
    commit: Option<&Oid>,
) -> Result<(), Error> {
    convoy::refresh(town, std::slice::from_ref(&request.merge.source))?;
    let locked = lock(town, request)?;
    let mut bead = town.store.bead(&request.bead.id)?;
    // Somebody else's word on it stands, but for what has happened.
    if bead.status.is_closed() && outcome != Outcome::Merged {
        return Ok(());
    }
    if let Some(merge) = &mut bead.merge_request {
        merge.outcome = Some(outcome);
        merge.merge_commit = commit.map(|commit| commit.to_string());
    }
    bead.move_to(Status::Closed, &town.now());
    bead.close_reason = Some(match commit {
        Some(commit) => format!("merged as {}", commit.short()),
        None => outcome.to_string(),
    });
    locked.save(&bead)?;
    drop(locked);
    memo::forget(town, &request.bead.id)
}
