//! Taking work away from whoever has it.

use crate::Town;
use crate::error::Error;
use crate::life::{self, Changed};
use crate::work::{self, Outlived, Work};
use crate::{resume, sling, worker};
use git::BranchName;
use model::{Address, Bead, Class, Event, Fault, Hook, Id, Status, Ticket, transition};
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
    let id = Id::parse(text).ok();
    let tickets = town.store.tickets()?.records;
    let ticket = tickets.into_iter().find(|it| Some(&it.bead) == id.as_ref());
    match ticket {
        Some(ticket) if error.class() == Class::NotFound => {
            take_off_lost(town, &ticket)?;
            Ok(Released::Hook(Outlived {
                agent: ticket.agent,
                bead: ticket.bead,
                attempt: ticket.attempt,
                says: None,
            }))
        }
        _ => Err(error),
    }
}

/// Hook, then ticket; then the worker is stopped.
fn take_off_lost(town: &Town, ticket: &Ticket) -> Result<(), Error> {
    let (bead, agent) = (&ticket.bead, &ticket.agent);
    let locked = town.lock(&[Lock::bead(bead), Lock::hook(agent)])?;
    let now = town.store.read::<Ticket>(agent)?;
    if now.is_none_or(|now| now.nonce != ticket.nonce) || town.store.has_bead(bead)? {
        return Err(Error::refused(
            format!("{bead} changed meanwhile"),
            "repeat the command",
        ));
    }
    let session = worker::of(town, agent)?;
    let hook = town.store.read::<Hook>(agent)?;
    if hook.is_some_and(|hook| hook.bead == *bead) {
        locked.remove::<Hook>(agent)?;
    }
    locked.remove::<Ticket>(agent)?;
    drop(locked);
    session.map_or(Ok(()), |it| worker::stop(town, &it).map(drop))
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
    let work = work::lock_as_it_is(town, id, None)?;
    if let Some(outlived) = work.outlived.clone() {
        take_off_here(town, work, &outlived.agent)?;
        return Ok(Released::Hook(outlived));
    }
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

/// Hook, then ticket; then the worker is stopped, and the gate that it waited for
/// closed. The bead is left as it is.
fn take_off_here(town: &Town, work: Work<'_>, agent: &Address) -> Result<(), Error> {
    // Under the lock: what is started once it is free is another attempt's.
    let session = worker::of(town, agent)?;
    let (bead, waited) = (work.bead.id.clone(), work.waits().cloned());
    work.retire(agent)?;
    drop(work);
    if let Some(session) = session {
        worker::stop(town, &session)?;
    }
    waited.map_or(Ok(()), |parked| resume::withdraw(town, &bead, &parked.on))
}
