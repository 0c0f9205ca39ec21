//! A worker that runs on although its attempt is over: its bead was closed, put
//! down or given to another, by git, by hand, or by a command that was killed.
//!
//! Never: takes one for it whose bead cannot be read.

use crate::ends::Ends;
use crate::facts::Running;
use crate::snapshot::Stray;
use crate::world::World;
use jiff::Timestamp;
use model::Address;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use town::unticketed::Says;
use town::work::standing::stands;
use town::worker::{self, Astray, Attempt};

/// Since when each was seen to be one, by its attempt's random word.
pub(crate) type Seen = BTreeMap<Address, (String, Instant)>;

/// Every worker that is one now. Remembers since when.
pub(crate) fn all(
    world: &World,
    running: &mut Running,
    now: Timestamp,
) -> BTreeMap<Address, Stray> {
    let mut found = BTreeMap::new();
    for agent in world.sessions.keys() {
        let Some(mut stray) = find(world, &mut running.ends, agent, now) else {
            continue;
        };
        let seen = running.strays.get(agent);
        match seen.filter(|(nonce, _)| *nonce == stray.nonce) {
            Some((_, since)) => stray.seen_for = since.elapsed(),
            None => {
                let since = (stray.nonce.clone(), Instant::now());
                running.strays.insert(agent.clone(), since);
            }
        }
        found.insert(agent.clone(), stray);
    }
    running.strays.retain(|agent, _| found.contains_key(agent));
    found
}

/// What an agent's worker is, if it is one.
fn find(world: &World, ends: &mut Ends, agent: &Address, now: Timestamp) -> Option<Stray> {
    let session = world.sessions.get(agent)?;
    let process = session.process.as_ref()?;
    let bead = world.beads.get(&session.bead)?;
    if world.beads.problem(&session.bead).is_some() {
        return None;
    }
    let says = worker::Says {
        status: &bead.status,
        attempt: bead.attempt,
        holder: bead.holder.as_deref(),
    };
    let ticket = world.tickets.get(agent);
    let attempt = Attempt {
        agent,
        number: session.attempt,
        done_at: session.done_at,
        has_ticket: ticket.is_some_and(|it| stands(it, &session.nonce, Some(says))),
    };
    let why = Astray::of(attempt, says, now)?;
    ends.is_running(agent, process).then(|| Stray {
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
