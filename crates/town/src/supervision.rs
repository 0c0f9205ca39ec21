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
use crate::escalation::{Escalation, Severity};
use crate::work::{self, Work};
use crate::worker::{self, Astray, Says, Started};
use crate::{Town, escalation, nudge, sling};
use agent::process::Identity;
use model::{Address, Bead, Hook, Id, Ticket};
use std::path::Path;
use store::Lock;

pub use record::{FOLDER, Supervision};
pub use settings::Settings;

/// The address in whose name the watcher acts.
pub fn address(town: &Town) -> Address {
    Address::Witness(town.rig().to_owned())
}

/// Starts the worker of a hook, in the worktree it had or a new one; but not
/// after a process whose end was not counted yet, which somebody else has started
/// meanwhile.
pub fn start(town: &Town, agent: &Address) -> Result<Started, Error> {
    if let Some(ticket) = town.store.read::<Ticket>(agent)? {
        sling::make_worktree(town, &ticket)?;
    }
    worker::start_after(town, agent, |ended| {
        let trouble = recall(town, agent)?;
        let is_counted = trouble.is_some_and(|it| it.counted.as_deref() == Some(ended));
        Ok(is_counted || !is_of_this_boot(ended)?)
    })
}

/// What went with the machine did not crash.
fn is_of_this_boot(process: &str) -> Result<bool, Error> {
    let Ok(process) = process.parse::<Identity>() else {
        return Ok(false);
    };
    let own = Identity::current();
    let own = own.map_err(|error| Error::io("read", Path::new("/proc/self/stat"), &error))?;
    Ok(own.boot == process.boot)
}

/// What is remembered of the trouble with an agent's attempt.
pub fn recall(town: &Town, agent: &Address) -> Result<Option<Supervision>, Error> {
    Ok(town.store.read::<Supervision>(agent)?)
}

/// Remembers trouble, if it is still about the attempt that is under way.
/// False if not: what a killed command left half done has been completed, and
/// the attempt turned out to be over.
pub fn note(town: &Town, trouble: &Supervision) -> Result<bool, Error> {
    let work = work::lock_as_it_is(town, &trouble.bead, Some(&trouble.agent))?;
    if !is_under_way(&work, &trouble.nonce) {
        return Ok(false);
    }
    work.locked.save(trouble)?;
    Ok(true)
}

/// Remembers that a worker has stalled, and says so to its agent. Said once
/// at most: what is remembered first is not said again.
pub fn nudge(town: &Town, trouble: &Supervision, text: &str) -> Result<(), Error> {
    if note(town, trouble)? {
        nudge::nudge(town, &trouble.agent, text)?;
    }
    Ok(())
}

/// Stops the worker of an attempt that is over, if it still runs and still is, and
/// no ticket stands for it. What it did stays in its worktree and on its branch.
pub fn stop(town: &Town, agent: &Address, nonce: &str) -> Result<bool, Error> {
    let _locked = town.store.lock(&[Lock::hook(agent)])?;
    let session = worker::session(town, agent)?.filter(|it| it.nonce == nonce);
    let Some(session) = session else {
        return Ok(false);
    };
    let ticket = town.store.read::<Ticket>(agent)?;
    let Some(bead) = town.store.read::<Bead>(&session.bead)? else {
        return Ok(false);
    };
    let holder = work::standing::holder(&bead);
    let says = Says::of(&bead, holder.as_ref());
    if ticket.is_some_and(|it| work::standing::stands(&it, nonce, Some(says))) {
        return Ok(false);
    }
    let now = town.now().timestamp();
    match Astray::of_session(&session, false, &bead, now) {
        Some(_) => worker::stop(town, &session),
        None => Ok(false),
    }
}

/// Completes what a killed command left half done with an attempt.
pub fn settle(town: &Town, bead: &Id, agent: &Address) -> Result<(), Error> {
    work::lock_as_it_is(town, bead, Some(agent)).map(drop)
}

/// What a killed command left of an escalation: mail that was not sent, a worker
/// that was not stopped, trouble that was not forgiven.
pub fn follow(town: &Town, bead: &Id, agent: &Address) -> Result<(), Error> {
    let work = work::lock_as_it_is(town, bead, Some(agent))?;
    let bead = work.bead.clone();
    let is_its = work.is_held() && work.agent.as_ref() == Some(agent);
    if !is_its {
        return Ok(());
    }
    // As long as it is parked, what ran last is what the escalation is about.
    let is_parked = work.hook.as_ref().is_some_and(|it| it.parked.is_some());
    let parked = work.ticket.clone().filter(|_| is_parked);
    let process = parked.as_ref().map(|it| process_of(town, it)).transpose()?;
    drop(work);
    escalation::follow(town, &bead, agent)?;
    match parked {
        Some(ticket) => forgive(town, &ticket, process.flatten()),
        None => Ok(()),
    }
}

/// Escalates the bead of an attempt and stops its worker. False if the attempt
/// is over.
pub fn escalate(town: &Town, ticket: &Ticket, reason: &str) -> Result<bool, Error> {
    let process = process_of(town, ticket)?;
    let asked = Escalation {
        by: town.actor.name().to_owned(),
        severity: Severity::High,
        reason: reason.to_owned(),
        fence: Some((ticket.attempt, ticket.nonce.clone())),
    };
    match escalation::escalate(town, &ticket.bead, &asked) {
        Ok(_) => {
            // Last: forgiven before, one that was killed here would have the
            // worker started again instead.
            forgive(town, ticket, process)?;
            Ok(true)
        }
        Err(error) => {
            let now = town.store.read::<Ticket>(&ticket.agent)?;
            if now.is_some_and(|now| now.nonce == ticket.nonce) {
                return Err(error);
            }
            Ok(false)
        }
    }
}

/// The process that ran for an attempt last.
fn process_of(town: &Town, ticket: &Ticket) -> Result<Option<String>, Error> {
    let session = worker::session(town, &ticket.agent)?;
    let session = session.filter(|it| it.nonce == ticket.nonce);
    Ok(session.and_then(|it| it.process))
}

/// Forgets the trouble with an attempt, so that whoever answers gives its worker
/// a fresh start; but not that the end of this process was counted: that would be
/// a crash more once the worker may run again.
fn forgive(town: &Town, ticket: &Ticket, process: Option<String>) -> Result<(), Error> {
    let locked = town.store.lock(&[Lock::hook(&ticket.agent)])?;
    let is_its = |nonce: &str| nonce == ticket.nonce;
    let now = town.store.read::<Ticket>(&ticket.agent)?;
    if !now.is_some_and(|it| is_its(&it.nonce)) {
        return Ok(());
    }
    let Some(counted) = process else {
        locked.remove::<Supervision>(&ticket.agent)?;
        return Ok(());
    };
    let known = recall(town, &ticket.agent)?.filter(|it| is_its(&it.nonce));
    let is_forgiven = |it: &Supervision| {
        it.crashes == 0 && it.stalled.is_none() && it.counted.as_ref() == Some(&counted)
    };
    if known.as_ref().is_some_and(is_forgiven) {
        return Ok(());
    }
    locked.save(&Supervision {
        agent: ticket.agent.clone(),
        bead: ticket.bead.clone(),
        attempt: ticket.attempt,
        nonce: ticket.nonce.clone(),
        crashes: 0,
        counted: Some(counted),
        retry_at: None,
        reason: None,
        stalled: None,
        extra: Vec::new(),
        noted_at: town.now(),
    })?;
    Ok(())
}

fn is_under_way(work: &Work<'_>, nonce: &str) -> bool {
    let is_same = |found: Option<&str>| found == Some(nonce);
    let ticket = work.ticket.as_ref().map(|ticket: &Ticket| &*ticket.nonce);
    let hook = work
        .hook
        .as_ref()
        .filter(|hook: &&Hook| hook.parked.is_none());
    work.outlived.is_none()
        && work.is_held()
        && is_same(ticket)
        && is_same(hook.map(|hook| &*hook.nonce))
}
