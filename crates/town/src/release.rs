//! Taking work away from whoever has it.

use crate::Town;
use crate::error::Error;
use crate::life::{self, Changed};
use crate::work::{self, Outlived};
use crate::{attempt, resume, sling, worker};
use git::BranchName;
use model::{Bead, Class, Event, Fault, Hook, Id, Status, Ticket, transition};
use store::Lock;

/// Gives a bead back: bead first, then hook and ticket; then its worker is
/// asked to stop, and killed after a grace time. Its worktree and branch stay.
/// Where the bead went on without the ticket that stands here, only that goes, with
/// its hook and worker, and the bead stays as it is.
pub fn release(town: &Town, id: &Id) -> Result<Released, Error> {
    take_off(town, id, |_| true, "")
}

/// The same for a bead that is on a hook; a deferred one is left alone.
pub fn unsling(town: &Town, id: &Id) -> Result<Released, Error> {
    take_off(
        town,
        id,
        Status::is_on_a_hook,
        "it is on no hook: `gt release` gives back what was put down",
    )
}

/// What was given back.
#[derive(Debug)]
pub enum Released {
    /// A bead.
    Bead(Box<Changed>),
    /// A hook of this clone, whose bead is not there or stays as it is.
    Hook(Outlived),
}

/// The same by the bead's name. One whose file is gone is taken off the hook
/// that it is on.
pub fn release_named(town: &Town, text: &str) -> Result<Released, Error> {
    let error = match town.store.resolve_exact(text) {
        Ok(id) => return release(town, &id),
        Err(error) => Error::from(error),
    };
    let id = Id::parse(text)
        .ok()
        .filter(|_| error.class() == Class::NotFound);
    let outlived = id.map(|id| end_here(town, &id)).transpose()?.flatten();
    outlived.map(Released::Hook).ok_or(error)
}

/// Ends here, for good, what has outlived its bead, which is left as it is. Of
/// several, one.
fn end_here(town: &Town, id: &Id) -> Result<Option<Outlived>, Error> {
    let tickets = town.store.tickets()?.records.into_iter();
    for ticket in tickets.filter(|it| it.bead == *id) {
        if let Some(outlived) = end_ticket(town, &ticket)? {
            return Ok(Some(outlived));
        }
    }
    Ok(None)
}

/// Ticket, then hook: what is cut short starts nothing. Then the worker is stopped,
/// and the gate that it waited for closed.
fn end_ticket(town: &Town, ticket: &Ticket) -> Result<Option<Outlived>, Error> {
    let (bead, agent) = (&ticket.bead, &ticket.agent);
    let locked = town.lock(&[Lock::bead(bead), Lock::hook(agent)])?;
    let Some(outlived) = work::repair(town, &locked, bead, agent)? else {
        return Ok(None);
    };
    if attempt::is_worker(town, agent) {
        return Err(outlived.error(town));
    }
    // Under the lock: what is started once it is free is another attempt's.
    let session = worker::of(town, agent)?;
    let hook = town.store.read::<Hook>(agent)?;
    let hook = hook.filter(|hook| hook.bead == *bead);
    locked.remove::<Ticket>(agent)?;
    if hook.is_some() {
        locked.remove::<Hook>(agent)?;
    }
    drop(locked);
    if let Some(session) = session {
        worker::stop(town, &session)?;
    }
    if let Some(parked) = hook.and_then(|hook| hook.parked) {
        resume::withdraw(town, bead, &parked.on)?;
    }
    Ok(Some(outlived))
}

/// The branch that keeps the work so far on a bead; none where it is not there, or
/// cannot be looked for: the bead was given back all the same.
pub fn kept_branch(town: &Town, bead: &Bead) -> Option<BranchName> {
    let branch = BranchName::parse(bead.branch.as_deref()?).ok()?;
    let tip = sling::branch_tip(town, &branch).ok().flatten();
    tip.map(|_| branch)
}

/// The bead on the acting agent's own hook.
pub fn own_bead(town: &Town) -> Result<Id, Error> {
    crate::ticket::of_actor(town).map(|(_, ticket)| ticket.bead)
}

fn take_off(
    town: &Town,
    id: &Id,
    allowed: fn(&Status) -> bool,
    hint: &str,
) -> Result<Released, Error> {
    if let Some(outlived) = end_here(town, id)? {
        return Ok(Released::Hook(outlived));
    }
    let work = work::lock(town, id, None)?;
    let mut bead = work.bead.clone();
    if !allowed(&bead.status) {
        return Err(Error::refused(format!("{id} is {}", bead.status), hint));
    }
    let next =
        transition(&bead.status, &Event::Release).map_err(|refusal| Error::refusal(id, refusal))?;
    let holder = work.is_held().then(|| work.agent.clone()).flatten();
    bead.assignee = None;
    bead.defer_until = None;
    bead.move_to(next, &town.now());
    let changed = life::finish(town, work, &bead, holder)?;
    if let Some(session) = &changed.orphan {
        worker::stop(town, session)?;
    }
    Ok(Released::Bead(Box::new(changed)))
}
