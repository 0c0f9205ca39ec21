//! Letting a parked hook go on: a gate opened, an escalation answered, a time
//! come.
//!
//! What waits may go on when what it waits for is closed, or is a timer whose
//! time has come; [`due`] says so, from files alone. Nothing goes on by itself.

mod due;

use crate::Town;
use crate::error::Error;
use crate::worker::Started;
use crate::{comment, convoy, escalation, sling, work, worker};
use model::{Address, Bead, Event, Id, Parked, Status, transition};
use store::Lock;

pub use due::{due, timer_ends};

/// What resuming did.
#[derive(Debug, Clone)]
pub struct Resumed {
    /// The bead as it is now.
    pub bead: Bead,
    /// Who goes on with it.
    pub agent: Address,
    /// What it waited for.
    pub parked: Parked,
    /// What came of starting its worker; none for people.
    pub worker: Option<Started>,
}

/// Opens what the hook of a bead waits for, and starts its agent where it was.
pub fn resume(town: &Town, id: &Id, answer: Option<&str>) -> Result<Resumed, Error> {
    let parked = parked(town, id)?;
    if parked.reason == "gate" {
        open(town, &parked.on)?;
    }
    if let Some(text) = answer.filter(|text| !text.trim().is_empty()) {
        comment::add(town, id, text)?;
    }
    // The process that parked it may still be saying goodbye; it was told to
    // stop, and does not go on.
    if let Some(agent) = town.store.bead(id)?.agent().filter(Address::is_spawned) {
        worker::stop(town, &agent)?;
    }
    let (bead, agent) = unpark(town, id)?;
    convoy::refresh(town, std::slice::from_ref(id))?;
    let worker = if agent.is_spawned() {
        Some(sling::restart(town, &agent)?)
    } else {
        None
    };
    Ok(Resumed {
        bead,
        agent,
        parked,
        worker,
    })
}

/// What the hook of a bead waits for; an escalation that is under way, or was
/// killed, has parked it by then.
fn parked(town: &Town, id: &Id) -> Result<Parked, Error> {
    let work = work::lock(town, id, None)?;
    let (bead, hook) = (work.bead, work.hook);
    hook.filter(|hook| hook.bead == *id)
        .and_then(|hook| hook.parked)
        .ok_or_else(|| {
            Error::refused(
                format!("{id} is {}, and no parked hook holds it", bead.status),
                format!("`gt show {id}` says where it stands"),
            )
        })
}

/// A human gate is opened by closing it. What is more than a gate is only
/// waited for, never closed from here.
pub(crate) fn open(town: &Town, gate: &Id) -> Result<(), Error> {
    let locked = town.lock(&[Lock::bead(gate)])?;
    let mut bead = town.store.bead(gate)?;
    if bead.status.is_closed() {
        return Ok(());
    }
    if bead.kind.as_str() != "gate" {
        return Err(Error::refused(
            format!("it waits for {gate}, which is {}", bead.status),
            format!("it goes on when {gate} is closed"),
        ));
    }
    let has_come = timer_ends(&bead).is_some_and(|end| end <= town.now().timestamp());
    bead.move_to(Status::Closed, &town.now());
    bead.close_reason = Some(match has_come {
        true => "its time has come".to_owned(),
        false => format!("opened by {}", town.actor),
    });
    locked.save(&bead)?;
    Ok(())
}

/// Closes the gate that the hook of a bead waited for which was taken off it: a
/// human one, made for that bead, is nobody else's.
pub(crate) fn withdraw(town: &Town, bead: &Id, parked: &Parked) -> Result<(), Error> {
    let locked = town.store.lock(&[Lock::bead(&parked.on)])?;
    let gate = town.store.read::<Bead>(&parked.on)?;
    let Some(mut gate) = gate.filter(|it| !it.status.is_closed() && due::is_for(it, bead)) else {
        return Ok(());
    };
    gate.move_to(Status::Closed, &town.now());
    gate.close_reason = Some(format!("{bead} was taken off the hook that waited"));
    locked.save(&gate)?;
    Ok(())
}

/// Bead, then hook: one that was killed in between is completed from the bead.
pub(crate) fn unpark(town: &Town, id: &Id) -> Result<(Bead, Address), Error> {
    let work = work::lock(town, id, None)?;
    let mut bead = work.bead.clone();
    if bead.status == Status::Escalated {
        let next = transition(&bead.status, &Event::Resolve)
            .map_err(|refusal| Error::refusal(id, refusal))?;
        bead.move_to(next, &town.now());
        escalation::withdraw(&work.bead, &mut bead, town.actor.name(), &town.now());
        work.locked.save(&bead)?;
    }
    let (Some(agent), Some(mut hook)) = (work.agent.clone(), work.hook.clone()) else {
        return Err(Error::refused(
            format!("no hook holds {id}"),
            format!("`gt sling {id} {}` hands it out again", town.rig()),
        ));
    };
    hook.parked = None;
    work.locked.save(&hook)?;
    Ok((bead, agent))
}
