//! The four exits, one function each.

use super::check;
use super::{Ended, Request};
use crate::error::Error;
use crate::escalation::{self, Escalation};
use crate::work::{self, Work};
use crate::{Town, comment, convoy, merge_request};
use model::{
    Address, Bead, Event, Exit, Hook, Id, Kind, Parked, Status, Ticket, Value, transition,
};
use store::Lock;

/// The work is done: branch pushed, merge request filed with its head.
pub(super) fn complete(
    town: &Town,
    agent: &Address,
    ticket: &Ticket,
    request: &Request,
) -> Result<Ended, Error> {
    let git = check::place(town, ticket)?;
    let bead = town.store.bead(&ticket.bead)?;
    check::committed(&git, &bead, ticket, request.commit_all)?;
    let head = check::commits(town, &git, ticket)?;
    let pushed_to = check::push(town, ticket, &head)?;
    let filed = ticket.bead.merge_request(ticket.attempt);
    let work = work::lock_with(town, &ticket.bead, Some(agent), &[Lock::bead(&filed)])?;
    if is_complete(&work, ticket) {
        // A `gt done` that was killed after it filed the request is complete now.
        let bead = work.bead.clone();
        drop(work);
        convoy::refresh(town, std::slice::from_ref(&bead.id))?;
        merge_request::check_head(town, &filed, head.as_str())?;
        return Ok(Ended {
            merge_request: Some(filed),
            pushed_to,
            ..ended(bead, Exit::Completed, ticket)
        });
    }
    let work = checked(work, ticket)?;
    let next = step(&work, &Event::Complete)?;
    note(town, ticket, request)?;
    merge_request::file(
        town,
        &work.locked,
        &work.bead,
        ticket,
        head.as_str(),
        &town.config().target,
    )?;
    let bead = end(town, work, agent, next, |_| {})?;
    Ok(Ended {
        merge_request: Some(filed),
        pushed_to,
        ..ended(bead, Exit::Completed, ticket)
    })
}

/// The work is done and there is nothing to merge.
pub(super) fn finish(
    town: &Town,
    agent: &Address,
    ticket: &Ticket,
    request: &Request,
) -> Result<Ended, Error> {
    let git = check::place(town, ticket)?;
    check::committed(
        &git,
        &town.store.bead(&ticket.bead)?,
        ticket,
        request.commit_all,
    )?;
    let work = lock(town, agent, ticket)?;
    let next = step(&work, &Event::Finish)?;
    let reason = request
        .message
        .clone()
        .unwrap_or_else(|| "done, nothing to merge".to_owned());
    let bead = end(town, work, agent, next, |bead| {
        bead.close_reason = Some(reason)
    })?;
    Ok(ended(bead, Exit::Completed, ticket))
}

/// The work is put down; its branch is kept and named on the bead.
pub(super) fn defer(
    town: &Town,
    agent: &Address,
    ticket: &Ticket,
    request: &Request,
) -> Result<Ended, Error> {
    let git = check::place(town, ticket)?;
    check::committed(
        &git,
        &town.store.bead(&ticket.bead)?,
        ticket,
        request.commit_all,
    )?;
    let work = lock(town, agent, ticket)?;
    let next = step(&work, &Event::Defer { held: false })?;
    note(town, ticket, request)?;
    let bead = end(town, work, agent, next, |bead| bead.assignee = None)?;
    Ok(ended(bead, Exit::Deferred, ticket))
}

/// Somebody has to decide something: bead, then hook; the worktree as it is.
pub(super) fn escalate(
    town: &Town,
    agent: &Address,
    ticket: &Ticket,
    request: &Request,
) -> Result<Ended, Error> {
    let escalation = Escalation {
        by: agent.to_string(),
        severity: request.severity.unwrap_or_default(),
        reason: request.message.clone().unwrap_or_default(),
        fence: Some((ticket.attempt, ticket.nonce.clone())),
    };
    let escalated = escalation::escalate(town, &ticket.bead, &escalation)?;
    Ok(ended(escalated.bead, Exit::Escalated, ticket))
}

/// A phase is done: the hook waits for a gate.
pub(super) fn phase(
    town: &Town,
    agent: &Address,
    ticket: &Ticket,
    request: &Request,
) -> Result<Ended, Error> {
    let git = check::place(town, ticket)?;
    check::committed(
        &git,
        &town.store.bead(&ticket.bead)?,
        ticket,
        request.commit_all,
    )?;
    let gate = match &request.gate {
        Some(gate) => town.store.bead(gate)?.id,
        None => human_gate(town, ticket)?,
    };
    let work = lock(town, agent, ticket)?;
    let next = step(&work, &Event::PickUp)?;
    note(town, ticket, request)?;
    let mut bead = work.bead.clone();
    bead.move_to(next, &town.now());
    work.locked.save(&bead)?;
    let parked = Parked {
        on: gate.clone(),
        reason: "gate".to_owned(),
        note: request.message.clone(),
        since: town.now(),
    };
    park(town, &work, parked)?;
    drop(work);
    convoy::refresh(town, std::slice::from_ref(&bead.id))?;
    Ok(Ended {
        gate: Some(gate),
        ..ended(bead, Exit::PhaseComplete, ticket)
    })
}

fn ended(bead: Bead, exit: Exit, ticket: &Ticket) -> Ended {
    Ended {
        bead,
        exit,
        merge_request: None,
        branch: ticket.branch.clone(),
        pushed_to: None,
        gate: None,
    }
}

/// Locks the work, and checks that the attempt is still the ticket's.
fn lock<'t>(town: &'t Town, agent: &Address, ticket: &Ticket) -> Result<Work<'t>, Error> {
    checked(work::lock(town, &ticket.bead, Some(agent))?, ticket)
}

fn checked<'t>(work: Work<'t>, ticket: &Ticket) -> Result<Work<'t>, Error> {
    let now = work.ticket.as_ref().map(|now| &now.nonce);
    if now == Some(&ticket.nonce) && work.bead.attempt == ticket.attempt {
        return Ok(work);
    }
    Err(Error::refused(
        format!(
            "attempt {} at {} is over: the bead is {} at attempt {}",
            ticket.attempt, ticket.bead, work.bead.status, work.bead.attempt
        ),
        format!(
            "`bd show {}` says where it stands; what you committed stays on your branch",
            ticket.bead
        ),
    ))
}

fn is_complete(work: &Work<'_>, ticket: &Ticket) -> bool {
    work.bead.status == Status::Completed
        && work.bead.attempt == ticket.attempt
        && work.ticket.is_none()
}

fn step(work: &Work<'_>, event: &Event) -> Result<Status, Error> {
    transition(&work.bead.status, event).map_err(|refusal| Error::refusal(&work.bead.id, refusal))
}

/// Bead, hook, ticket, in this order; the convoys once the locks are free.
fn end(
    town: &Town,
    work: Work<'_>,
    agent: &Address,
    next: Status,
    also: impl FnOnce(&mut Bead),
) -> Result<Bead, Error> {
    let now = town.now();
    let mut bead = work.bead.clone();
    // A bead that was never picked up was begun all the same.
    bead.move_to(Status::InProgress, &now);
    bead.move_to(next, &now);
    also(&mut bead);
    crate::life::finish(town, work, &bead, Some(agent.clone()))?;
    Ok(bead)
}

/// What the agent wants whoever comes next to know.
fn note(town: &Town, ticket: &Ticket, request: &Request) -> Result<(), Error> {
    match request
        .message
        .as_deref()
        .filter(|text| !text.trim().is_empty())
    {
        Some(text) => {
            comment::add(town, &ticket.bead, &format!("{}: {text}", request.exit)).map(drop)
        }
        None => Ok(()),
    }
}

fn park(town: &Town, work: &Work<'_>, parked: Parked) -> Result<(), Error> {
    let Some(mut hook) = work
        .agent
        .as_ref()
        .map(|agent| town.store.read::<Hook>(agent))
        .transpose()?
        .flatten()
    else {
        return Ok(());
    };
    hook.parked = Some(parked);
    work.locked.save(&hook)?;
    Ok(())
}

/// A gate that a person opens with `gt resume`. One that a killed command made
/// for this attempt, and nobody opened, is used again.
fn human_gate(town: &Town, ticket: &Ticket) -> Result<Id, Error> {
    for number in 1.. {
        let id = gate_id(ticket, number)?;
        let locked = town.store.lock(&[Lock::bead(&id)])?;
        match town.store.read::<Bead>(&id)? {
            Some(gate) if gate.status.is_closed() => {}
            Some(gate) => return Ok(gate.id),
            None => {
                let title = format!("Next phase of {}", ticket.bead);
                let mut gate = Bead::new(id.clone(), title, town.now(), town.actor.name());
                gate.kind = Kind::parse("gate").unwrap_or_default();
                gate.set_extra("await_type", Value::Str("human".to_owned()));
                gate.set_extra("await_id", Value::Str(ticket.bead.to_string()));
                locked.create(&gate)?;
                return Ok(id);
            }
        }
    }
    unreachable!("some number is free")
}

fn gate_id(ticket: &Ticket, number: u32) -> Result<Id, Error> {
    let bead = &ticket.bead;
    let text = format!(
        "{}-gate-{}.{}_{number}",
        bead.prefix(),
        bead.tail().replace('.', "_"),
        ticket.attempt
    );
    Id::parse(&text).map_err(|error| Error::usage(error.to_string(), "name a gate with --gate"))
}
