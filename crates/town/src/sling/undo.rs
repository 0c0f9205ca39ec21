//! Taking back a sling whose worktree cannot be made: hook, bead, ticket, in reverse.
//!
//! Promises: whoever slings next finds the bead as if nobody had it.
//!
//! Never: gives it back to whom it was taken from, whose worker was stopped; takes
//! it from whoever has got it since.

use crate::error::Error;
use crate::{Town, convoy, work};
use model::{Bead, Hook, Status, Ticket};

/// Takes back what this ticket was minted for, on the bead as it was before.
pub(super) fn undo(town: &Town, before: &Bead, ticket: &Ticket) -> Result<(), Error> {
    // Whatever became of the attempt of the worker that slings.
    let work = work::lock_to_end(town, &before.id, Some(&ticket.agent), &[])?;
    let now = work.ticket.as_ref().map(|now| &now.nonce);
    if now != Some(&ticket.nonce) || work.bead.attempt != ticket.attempt || work.outlived.is_some()
    {
        return Ok(());
    }
    let mut bead = work.bead.clone();
    let (status, assignee) = standing(before);
    work.begin_to_end(&status)?;
    work.locked.remove::<Hook>(&ticket.agent)?;
    bead.assignee = assignee;
    bead.branch.clone_from(&before.branch);
    bead.move_to(status, &town.now());
    work.locked.save(&bead)?;
    work.locked.remove::<Ticket>(&ticket.agent)?;
    drop(work);
    convoy::refresh(town, std::slice::from_ref(&before.id))?;
    Ok(())
}

/// As before, but for what the sling has ended: somebody's work, or the wait for
/// a merge.
fn standing(before: &Bead) -> (Status, Option<String>) {
    match &before.status {
        status if status.is_on_a_hook() => (Status::Open, None),
        Status::Completed => (Status::Open, None),
        status => (status.clone(), before.assignee.clone()),
    }
}
