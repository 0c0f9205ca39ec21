//! A worker that runs on although its attempt is over: its bead was closed, put
//! down or given to another, by git, by hand, or by a command that was killed.
//!
//! Never: takes one for it whose bead cannot be read.

use crate::facts::Running;
use crate::snapshot::Stray;
use crate::world::World;
use jiff::Timestamp;
use model::{Address, Ticket};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use town::unticketed::Says;
use town::worker::{self, Astray, Attempt};

/// Since when each was seen to be one, by its attempt's random word.
pub(crate) type Seen = BTreeMap<Address, (String, Instant)>;

/// What an agent's worker is, if it is one now. Remembers since when.
pub(crate) fn look(
    world: &World,
    running: &mut Running,
    agent: &Address,
    ticket: Option<&Ticket>,
    now: Timestamp,
) -> Option<Stray> {
    let found = find(world, running, agent, ticket, now);
    let Some(mut stray) = found else {
        running.strays.remove(agent);
        return None;
    };
    let seen = running.strays.get(agent);
    match seen.filter(|(nonce, _)| *nonce == stray.nonce) {
        Some((_, since)) => stray.seen_for = since.elapsed(),
        None => {
            let since = (stray.nonce.clone(), Instant::now());
            running.strays.insert(agent.clone(), since);
        }
    }
    Some(stray)
}

fn find(
    world: &World,
    running: &mut Running,
    agent: &Address,
    ticket: Option<&Ticket>,
    now: Timestamp,
) -> Option<Stray> {
    let session = world.sessions.get(agent)?;
    let process = session.process.as_ref()?;
    let bead = world.beads.get(&session.bead)?;
    if world.beads.problem(&session.bead).is_some() {
        return None;
    }
    let attempt = Attempt {
        agent,
        number: session.attempt,
        done_at: session.done_at,
        has_ticket: ticket.is_some_and(|it| it.nonce == session.nonce),
    };
    let says = worker::Says {
        status: &bead.status,
        attempt: bead.attempt,
        holder: bead.holder.as_deref(),
    };
    let why = Astray::of(attempt, says, now)?;
    running.ends.is_running(agent, process).then(|| Stray {
        bead: session.bead.clone(),
        attempt: session.attempt,
        nonce: session.nonce.clone(),
        why,
        has_ticket: attempt.has_ticket,
        says: Says {
            status: bead.status.clone(),
            attempt: bead.attempt,
            agent: bead.holder.as_deref().cloned(),
        },
        seen_for: Duration::ZERO,
    })
}
