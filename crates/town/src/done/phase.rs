//! What a hook waits for between two phases.

use crate::error::Error;
use crate::work::Work;
use crate::{Town, sling};
use model::{Bead, Hook, Id, Kind, Parked, Ticket, Value};
use std::collections::BTreeSet;
use store::Lock;

/// Parks the hook of locked work on a gate.
pub(super) fn park(
    town: &Town,
    work: &Work<'_>,
    gate: &Id,
    note: Option<String>,
) -> Result<(), Error> {
    let hook = match &work.agent {
        Some(agent) => town.store.read::<Hook>(agent)?,
        None => None,
    };
    let Some(mut hook) = hook else {
        return Ok(());
    };
    hook.parked = Some(Parked {
        on: gate.clone(),
        reason: "gate".to_owned(),
        note,
        since: town.now(),
    });
    work.locked.save(&hook)?;
    Ok(())
}

/// The bead that the next phase is to wait for. One that waits for this work itself
/// would never be closed.
pub(super) fn checked_gate(town: &Town, ticket: &Ticket, gate: &Id) -> Result<Id, Error> {
    let gate = town.store.bead(gate)?;
    let own = &ticket.bead;
    if gate.id == *own || waits_for(town, &gate, own)? {
        return Err(Error::refused(
            format!(
                "{} is not closed before {own} is, so that it cannot be its gate",
                gate.id
            ),
            "name another with --gate, or none: then a person opens it with `gt resume`",
        ));
    }
    Ok(gate.id)
}

/// Whether a bead is blocked by another, also by way of others.
fn waits_for(town: &Town, bead: &Bead, other: &Id) -> Result<bool, Error> {
    let mut seen = BTreeSet::from([bead.id.clone()]);
    let mut next = vec![bead.clone()];
    while let Some(bead) = next.pop() {
        for blocker in sling::blockers(town, &bead)? {
            if blocker == *other {
                return Ok(true);
            }
            if seen.insert(blocker.clone()) {
                next.extend(town.store.read::<Bead>(&blocker)?);
            }
        }
    }
    Ok(false)
}

/// A gate that a person opens with `gt resume`. One that a killed command made
/// for this attempt, and nobody opened, is used again.
pub(super) fn human_gate(town: &Town, ticket: &Ticket) -> Result<Id, Error> {
    for number in 1.. {
        let id = gate_id(ticket, number)?;
        let locked = town.lock(&[Lock::bead(&id)])?;
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

/// What the IDs of a bead's own gates begin with; the attempt follows.
fn gates_of(bead: &Id) -> String {
    let tail = bead.tail().replace('.', "_");
    format!("{}-gate-{tail}.", bead.prefix())
}

/// Whether an open gate is one of a bead's own, of an attempt that is over: no
/// hook will ever wait for it again.
pub(crate) fn is_left_behind(gate: &Bead, bead: &Bead) -> bool {
    let own = gate.id.as_str().strip_prefix(&gates_of(&bead.id));
    let attempt = own.and_then(|rest| rest.split_once('_')?.0.parse::<u32>().ok());
    let is_over = |attempt| attempt < bead.attempt || !bead.status.is_on_a_hook();
    !gate.status.is_closed() && attempt.is_some_and(is_over)
}

fn gate_id(ticket: &Ticket, number: u32) -> Result<Id, Error> {
    let text = format!("{}{}_{number}", gates_of(&ticket.bead), ticket.attempt);
    Id::parse(&text).map_err(|error| Error::usage(error.to_string(), "name a gate with --gate"))
}
