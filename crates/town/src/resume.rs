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
use model::{Address, Bead, Event, Hook, Id, Parked, Status, transition};
use store::Lock;

pub(crate) use due::kept_by;
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
    let (hook, parked) = parked(town, id)?;
    if parked.reason == "gate" {
        open(town, &parked.on)?;
    }
    if let Some(text) = answer.filter(|text| !text.trim().is_empty()) {
        comment::add(town, id, text)?;
    }
    // The process that parked it may still be saying goodbye; it was told to
    // stop, and does not go on.
    if hook.agent.is_spawned() {
        stop_parked(town, &hook)?;
    }
    let (bead, agent) = unpark(town, &hook)?;
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
fn parked(town: &Town, id: &Id) -> Result<(Hook, Parked), Error> {
    let work = work::lock(town, id, None)?;
    let (bead, hook) = (work.bead, work.hook);
    hook.filter(|hook| hook.bead == *id)
        .and_then(|hook| hook.parked.clone().map(|parked| (hook, parked)))
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
pub(crate) fn withdraw(town: &Town, bead: &Id, on: &Id) -> Result<(), Error> {
    let locked = town.store.lock(&[Lock::bead(on)])?;
    let gate = town.store.read::<Bead>(on)?;
    let Some(mut gate) =
        gate.filter(|it| !it.status.is_closed() && kept_by(it).as_ref() == Some(bead))
    else {
        return Ok(());
    };
    gate.move_to(Status::Closed, &town.now());
    gate.close_reason = Some(format!("{bead} was taken off the hook that waited"));
    locked.save(&gate)?;
    Ok(())
}

/// Whether a hook still waits for what it waited for when this was decided.
fn waits(hook: &Hook, decided: &Hook) -> bool {
    let on = |hook: &Hook| {
        let parked = hook.parked.as_ref()?;
        Some((parked.on.clone(), parked.reason.clone()))
    };
    hook.nonce == decided.nonce && hook.parked.is_some() && on(hook) == on(decided)
}

/// Stops the worker of a hook that waits. Whoever lets it go on meanwhile may start
/// one afresh, which holds the same attempt: the lock keeps that one away until the
/// old one is stopped.
pub(crate) fn stop_parked(town: &Town, decided: &Hook) -> Result<bool, Error> {
    let agent = &decided.agent;
    let _locked = town.store.lock(&[Lock::hook(agent)])?;
    let hook = town.store.read::<Hook>(agent)?;
    let session = worker::of(town, agent)?.filter(|it| it.nonce == decided.nonce);
    match session.filter(|_| hook.is_some_and(|hook| waits(&hook, decided))) {
        Some(session) => worker::stop(town, &session),
        None => Ok(false),
    }
}

/// Bead, then hook: one that was killed in between is completed from the bead. One
/// that somebody let go on meanwhile is left as it is; one that waits for something
/// else by now goes on waiting.
pub(crate) fn unpark(town: &Town, decided: &Hook) -> Result<(Bead, Address), Error> {
    let id = &decided.bead;
    let work = work::lock(town, id, None)?;
    let mut bead = work.bead.clone();
    let hook = work.hook.clone().filter(|it| it.nonce == decided.nonce);
    let (Some(agent), Some(mut hook)) = (work.agent.clone(), hook) else {
        return Err(Error::refused(
            format!("no hook holds {id}"),
            format!("`gt sling {id} {}` hands it out again", town.rig()),
        ));
    };
    if hook.parked.is_none() {
        return Ok((bead, agent));
    }
    if !waits(&hook, decided) {
        return Err(Error::refused(
            format!("the hook of {agent} waits for something else by now"),
            format!("`gt show {id}` says for what"),
        ));
    }
    if bead.status == Status::Escalated {
        let next = transition(&bead.status, &Event::Resolve)
            .map_err(|refusal| Error::refusal(id, refusal))?;
        bead.move_to(next, &town.now());
        escalation::withdraw(&work.bead, &mut bead, town.actor.name(), &town.now());
        work.locked.save(&bead)?;
    }
    hook.parked = None;
    work.locked.save(&hook)?;
    Ok((bead, agent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Time;
    use store::yaml::Document;

    fn hook(nonce: &str, parked: Option<(&str, &str)>) -> Hook {
        let at = "2026-01-15T10:00:00Z";
        let text = format!(
            "format: 1\nagent: app/polecats/toast\nbead: gt-one\ntitle: One\nattempt: 1\nnonce: {nonce}\nhost: h-one\nhooked_at: {at}\nhooked_by: overseer\n"
        );
        let parked = parked.map(|(on, reason)| Parked {
            on: Id::parse(on).unwrap(),
            reason: reason.to_owned(),
            note: None,
            since: Time::parse(at).unwrap(),
        });
        Hook {
            parked,
            ..Document::<Hook>::read(&text).unwrap()
        }
    }

    #[test]
    fn only_what_was_decided_about_goes_on() {
        let gate = Some(("gt-gate1", "gate"));
        let decided = hook("k3x9", gate);
        assert!(waits(&hook("k3x9", gate), &decided));
        for other in [
            hook("k3x9", Some(("gt-gate2", "gate"))),
            hook("k3x9", Some(("gt-gate1", "escalated"))),
            hook("k3x9", None),
            hook("new1", gate),
        ] {
            assert!(!waits(&other, &decided), "{other:?}");
        }
    }
}
