//! Who has work, and whether they are at it.

use crate::error::Error;
use crate::session::Session;
use crate::{Town, worker};
use model::{Address, Hook, Id, Ticket, Time};
use std::collections::BTreeMap;
use store::Problem;

/// What an agent is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its process runs.
    Working,
    /// Its hook waits for a gate, or for an answer.
    Parked,
    /// No process was started for it yet.
    Waiting,
    /// Its process has ended, and its hook is still set.
    Stopped,
    /// Somebody works by hand, or in a session of their own.
    ByHand,
    /// Its hook belongs to another host.
    Elsewhere,
    /// Its hook came by git or by hand and waits to be accepted.
    Unaccepted,
    /// Its hook is gone, and its ticket stands.
    HookMissing,
}

/// An agent with work.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Who.
    pub address: Address,
    /// What they are doing.
    pub state: State,
    /// On which bead.
    pub bead: Id,
    /// Its title, where the hook tells it.
    pub title: Option<String>,
    /// The attempt.
    pub attempt: u32,
    /// Since when.
    pub since: Time,
}

/// The agents with a hook or a ticket, and files that could not be read.
#[derive(Debug, Default)]
pub struct Roster {
    /// By address.
    pub agents: Vec<Agent>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// What is known of one agent.
#[derive(Debug, Default)]
struct Traces {
    hook: Option<Hook>,
    ticket: Option<Ticket>,
    session: Option<Session>,
    is_alive: bool,
}

/// Everybody who has a hook in this store, or a ticket in this clone.
pub fn list(town: &Town) -> Result<Roster, Error> {
    let mut roster = Roster::default();
    let mut found: BTreeMap<Address, Traces> = BTreeMap::new();
    let hooks = town.store.hooks()?;
    let tickets = town.store.tickets()?;
    for hook in hooks.records {
        let traces = found.entry(hook.agent.clone()).or_default();
        traces.hook = Some(hook);
    }
    for ticket in tickets.records {
        let traces = found.entry(ticket.agent.clone()).or_default();
        traces.ticket = Some(ticket);
    }
    roster.problems.extend(hooks.problems);
    roster.problems.extend(tickets.problems);
    let host = town.store.host()?;
    for (address, mut traces) in found {
        traces.session = worker::session(town, &address)?;
        traces.is_alive = traces
            .session
            .as_ref()
            .map_or(Ok(false), worker::is_running)?;
        roster
            .agents
            .extend(agent(address, &traces, host.as_deref()));
    }
    Ok(roster)
}

fn agent(address: Address, traces: &Traces, host: Option<&str>) -> Option<Agent> {
    let (hook, ticket) = (traces.hook.as_ref(), traces.ticket.as_ref());
    let (bead, attempt, since) = match (hook, ticket) {
        (Some(hook), _) => (&hook.bead, hook.attempt, &hook.hooked_at),
        (None, Some(ticket)) => (&ticket.bead, ticket.attempt, &ticket.minted_at),
        (None, None) => return None,
    };
    Some(Agent {
        address,
        state: state(traces, host),
        bead: bead.clone(),
        title: hook.map(|hook| hook.title.clone()),
        attempt,
        since: since.clone(),
    })
}

fn state(traces: &Traces, host: Option<&str>) -> State {
    let (hook, ticket) = match (&traces.hook, &traces.ticket) {
        (Some(hook), Some(ticket)) => (hook, ticket),
        (Some(hook), None) if host != Some(hook.host.as_str()) => return State::Elsewhere,
        (_, None) => return State::Unaccepted,
        (None, Some(_)) => return State::HookMissing,
    };
    let covers = hook.attempt == ticket.attempt && hook.nonce == ticket.nonce;
    let began = traces
        .session
        .as_ref()
        .is_some_and(|it| it.attempt == ticket.attempt && it.nonce == ticket.nonce);
    match (covers, hook.parked.is_some(), ticket.spawn) {
        (false, ..) => State::Unaccepted,
        (_, true, _) => State::Parked,
        (_, _, false) => State::ByHand,
        _ if began && traces.is_alive => State::Working,
        _ if began => State::Stopped,
        _ => State::Waiting,
    }
}

impl State {
    /// Its name, for people and programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Parked => "parked",
            Self::Waiting => "waiting",
            Self::Stopped => "stopped",
            Self::ByHand => "by_hand",
            Self::Elsewhere => "elsewhere",
            Self::Unaccepted => "unaccepted",
            Self::HookMissing => "hook_missing",
        }
    }
}

#[cfg(test)]
mod tests;
