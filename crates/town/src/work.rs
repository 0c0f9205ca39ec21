//! A bead together with what holds it, locked, and brought forward from
//! whatever a killed process left half done.

pub mod settle;

use crate::Town;
use crate::error::Error;
use model::{Address, Bead, Hook, Id, Parked, Ticket};
use store::{Lock, Locked};

pub use settle::{Finding, Fix, Situation, settle};

/// A bead with the hook and ticket of the agent that has it, all locked.
#[derive(Debug)]
pub struct Work<'t> {
    /// The locks, and the way to write.
    pub locked: Locked<'t>,
    /// The bead as it is now.
    pub bead: Bead,
    /// The agent whose hook is locked: the bead's, or the one asked for.
    pub agent: Option<Address>,
    /// What is on that agent's hook.
    pub hook: Option<Hook>,
    /// This clone's ticket for it.
    pub ticket: Option<Ticket>,
}

impl Work<'_> {
    /// Whether the agent's hook holds this bead, at this attempt.
    pub fn is_held(&self) -> bool {
        let held = |hook: &Hook| hook.bead == self.bead.id && hook.attempt == self.bead.attempt;
        self.bead.status.is_on_a_hook() && self.hook.as_ref().is_some_and(held)
    }

    /// What the hook that holds this bead waits for.
    pub fn waits(&self) -> Option<&Parked> {
        let hook = self.hook.as_ref().filter(|hook| hook.bead == self.bead.id);
        hook.and_then(|hook| hook.parked.as_ref())
    }
}

/// Locks a bead and the hook of the agent that has it, and of `also`, and
/// completes what was left half done before anything else looks at it. A worker
/// whose attempt is over is refused.
pub fn lock<'t>(town: &'t Town, id: &Id, also: Option<&Address>) -> Result<Work<'t>, Error> {
    let work = lock_to_end(town, id, also, &[])?;
    town.check_attempt_at(id)?;
    Ok(work)
}

/// The same, with more locks taken in the same call, for the end of an attempt,
/// and for what acts for none: whether it is over, or was ended so before, is for
/// the caller to tell.
pub fn lock_to_end<'t>(
    town: &'t Town,
    id: &Id,
    also: Option<&Address>,
    more: &[Lock],
) -> Result<Work<'t>, Error> {
    loop {
        let before = holder(town, &town.store.bead(id)?)?;
        let own = [
            Some(Lock::bead(id)),
            before.as_ref().map(Lock::hook),
            also.map(Lock::hook),
        ];
        let locks: Vec<Lock> = own
            .into_iter()
            .flatten()
            .chain(more.iter().cloned())
            .collect();
        let locked = town.store.lock(&locks)?;
        let bead = town.store.bead(id)?;
        // It changed hands before it was locked: lock what it is now.
        if holder(town, &bead)? != before {
            continue;
        }
        let agent = before.or_else(|| also.cloned());
        if let Some(agent) = &agent {
            repair(town, &locked, &bead.id, agent)?;
        }
        let bead = town.store.bead(id)?;
        let agent = bead.agent().or(agent);
        let hook = agent
            .as_ref()
            .map(|agent| town.store.read::<Hook>(agent))
            .transpose()?
            .flatten();
        let ticket = agent
            .as_ref()
            .map(|agent| town.store.read::<Ticket>(agent))
            .transpose()?
            .flatten();
        return Ok(Work {
            locked,
            bead,
            agent,
            hook,
            ticket,
        });
    }
}

/// Who has a bead: its assignee, or the one that a sling which was killed
/// before it wrote the bead was for.
fn holder(town: &Town, bead: &Bead) -> Result<Option<Address>, Error> {
    let last = town
        .store
        .last_attempt(&bead.id)?
        .filter(|last| last.number > bead.attempt);
    let unfinished = last.and_then(|last| Address::parse(&last.holder).ok());
    if let Some(agent) = unfinished
        && town
            .store
            .read::<Ticket>(&agent)?
            .is_some_and(|ticket| ticket.bead == bead.id)
    {
        return Ok(Some(agent));
    }
    Ok(bead.agent())
}

/// Completes what a killed process left half done with one bead and agent,
/// whose locks are held. Returns what was done.
pub fn repair(
    town: &Town,
    locked: &Locked<'_>,
    bead: &Id,
    agent: &Address,
) -> Result<Vec<Fix>, Error> {
    let situation = Situation::read(town, bead, agent)?;
    // The agent may have gone on to another bead, whose lock is not held.
    if situation
        .ticket
        .as_ref()
        .is_some_and(|ticket| ticket.bead != *bead)
    {
        return Ok(Vec::new());
    }
    let fixes: Vec<Fix> = settle(&situation)
        .into_iter()
        .filter_map(Finding::fix)
        .collect();
    for fix in &fixes {
        fix.apply(town, locked, &situation)?;
    }
    Ok(fixes)
}
