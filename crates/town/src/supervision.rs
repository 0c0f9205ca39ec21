//! What the watcher does about the worker of one attempt, one step each:
//! starting it, noting that it crashed or stalled, escalating its bead,
//! letting its parked hook go on.
//!
//! Every step is fenced by the attempt's random word: one that comes too late,
//! because the bead was given to somebody else meanwhile, changes nothing.
//! When a step is due is not decided here.

mod record;
mod settings;

use crate::error::Error;
use crate::work::{self, Work};
use crate::worker::Started;
use crate::{Town, convoy, mail, sling};
use model::{Address, Event, Hook, Id, Priority, Ticket, transition};
use store::Lock;

pub use record::{FOLDER, Supervision};
pub use settings::Settings;

/// The address in whose name the watcher acts.
pub fn address(town: &Town) -> Address {
    Address::Witness(town.rig().to_owned())
}

/// Starts the worker of a hook, in the worktree it had or a new one.
pub fn start(town: &Town, agent: &Address) -> Result<Started, Error> {
    sling::restart(town, agent)
}

/// What is remembered of the trouble with an agent's attempt.
pub fn recall(town: &Town, agent: &Address) -> Result<Option<Supervision>, Error> {
    Ok(town.store.read::<Supervision>(agent)?)
}

/// Remembers trouble, if it is still about the attempt that is under way.
/// False if not: what a killed command left half done has been completed, and
/// the attempt turned out to be over.
pub fn note(town: &Town, trouble: &Supervision) -> Result<bool, Error> {
    let work = work::lock(town, &trouble.bead, Some(&trouble.agent))?;
    if !is_under_way(&work, &trouble.nonce) {
        return Ok(false);
    }
    work.locked.save(trouble)?;
    Ok(true)
}

/// Forgets the trouble with an agent.
pub fn forget(town: &Town, agent: &Address) -> Result<(), Error> {
    if recall(town, agent)?.is_none() {
        return Ok(());
    }
    let locked = town.store.lock(&[Lock::hook(agent)])?;
    locked.remove::<Supervision>(agent)?;
    Ok(())
}

/// Completes what a killed command left half done with an attempt.
pub fn settle(town: &Town, bead: &Id, agent: &Address) -> Result<(), Error> {
    work::lock(town, bead, Some(agent)).map(drop)
}

/// Escalates the bead of an attempt: bead, then hook; then mayor and overseer
/// are told. False if the attempt is over.
pub fn escalate(town: &Town, ticket: &Ticket, reason: &str) -> Result<bool, Error> {
    let work = work::lock(town, &ticket.bead, Some(&ticket.agent))?;
    if !is_under_way(&work, &ticket.nonce) {
        return Ok(false);
    }
    let mut bead = work.bead.clone();
    let next = transition(&bead.status, &Event::Escalate)
        .map_err(|refusal| Error::refusal(&bead.id, refusal))?;
    bead.move_to(next, &town.now());
    work.locked.save(&bead)?;
    if let Some(mut hook) = work.hook.clone() {
        let note = Some(reason.to_owned());
        hook.parked = Some(work::settle::escalated(&bead.id, note, &town.now()));
        work.locked.save(&hook)?;
    }
    // Whoever answers gives the worker a fresh start.
    work.locked.remove::<Supervision>(&ticket.agent)?;
    drop(work);
    convoy::refresh(town, std::slice::from_ref(&bead.id))?;
    tell(town, &bead.id, &bead.title, reason)?;
    Ok(true)
}

fn tell(town: &Town, bead: &Id, title: &str, reason: &str) -> Result<(), Error> {
    let subject = format!("Escalated: {title} ({bead})");
    let subject: String = subject.chars().take(300).collect();
    let body = format!(
        "{reason}\n\n`gt logs {bead}` shows what its agent printed; `gt resume {bead}` lets it go on, `gt release {bead}` gives the bead back."
    );
    let priority = Priority::parse("high").unwrap_or_default();
    for to in [Address::Mayor, Address::Overseer] {
        mail::notify(town, &to, &subject, &body, priority)?;
    }
    Ok(())
}

fn is_under_way(work: &Work<'_>, nonce: &str) -> bool {
    let is_same = |found: Option<&str>| found == Some(nonce);
    let ticket = work.ticket.as_ref().map(|ticket: &Ticket| &*ticket.nonce);
    let hook = work
        .hook
        .as_ref()
        .filter(|hook: &&Hook| hook.parked.is_none());
    work.is_held() && is_same(ticket) && is_same(hook.map(|hook| &*hook.nonce))
}
