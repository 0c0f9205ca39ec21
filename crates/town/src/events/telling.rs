//! From a change to what is told of it. Pure.

use super::{BeadView, ConvoyView, Event, HookView, SessionView};
use crate::supervision::Supervision;
use model::{Address, ConvoyStatus, Id};

/// What is told of a bead.
pub fn bead(id: &Id, before: Option<&BeadView>, after: Option<&BeadView>) -> Vec<Event> {
    let status = |view: Option<&BeadView>| view.map(|it| it.status.to_string());
    let (from, to) = (status(before), status(after));
    let mut events = Vec::new();
    if from != to {
        let bead = id.to_string();
        events.push(Event::BeadChanged { bead, from, to });
    }
    events.extend(merge(id, before, after));
    events
}

fn merge(id: &Id, before: Option<&BeadView>, after: Option<&BeadView>) -> Option<Event> {
    let now = after?.merge.as_ref()?;
    let outcome = now.outcome?;
    let known = before.and_then(|it| it.merge.as_ref()?.outcome);
    if known == Some(outcome) || before.is_none() {
        return None;
    }
    let (merge_request, bead) = (id.to_string(), now.source.to_string());
    Some(if outcome == "merged" {
        Event::MergeDone {
            merge_request,
            bead,
            commit: now.commit.clone(),
        }
    } else {
        Event::MergeRefused {
            merge_request,
            bead,
            outcome: outcome.to_owned(),
        }
    })
}

/// What is told of a hook.
pub fn hook(agent: &Address, before: Option<&HookView>, after: Option<&HookView>) -> Vec<Event> {
    let is_other = |a: &HookView, b: &HookView| (&a.bead, &a.nonce) != (&b.bead, &b.nonce);
    match (before, after) {
        (None, Some(after)) => vec![appeared(agent, after)],
        (Some(before), None) => vec![removed(agent, before)],
        (Some(before), Some(after)) if is_other(before, after) => {
            vec![removed(agent, before), appeared(agent, after)]
        }
        (Some(before), Some(after)) => same_hook(agent, before, after),
        (None, None) => Vec::new(),
    }
}

fn same_hook(agent: &Address, before: &HookView, after: &HookView) -> Vec<Event> {
    let mut events = vec![Event::HookChanged {
        agent: agent.to_string(),
        bead: after.bead.to_string(),
        attempt: after.attempt,
        step: after.step.clone(),
        waits_for: after.parked.as_ref().map(|it| it.on.to_string()),
    }];
    match (&before.parked, &after.parked) {
        (None, Some(parked)) if parked.reason == "escalated" => {
            events.push(Event::AgentEscalated {
                agent: agent.to_string(),
                bead: after.bead.to_string(),
                reason: parked.note.clone(),
            });
        }
        (Some(parked), None) if parked.reason != "escalated" => events.push(Event::GateOpened {
            gate: parked.on.to_string(),
            agent: agent.to_string(),
        }),
        _ => {}
    }
    events
}

fn appeared(agent: &Address, hook: &HookView) -> Event {
    Event::HookAppeared {
        agent: agent.to_string(),
        bead: hook.bead.to_string(),
        attempt: hook.attempt,
    }
}

fn removed(agent: &Address, hook: &HookView) -> Event {
    Event::HookRemoved {
        agent: agent.to_string(),
        bead: hook.bead.to_string(),
        attempt: hook.attempt,
    }
}

/// What is told of a session.
pub fn session(
    agent: &Address,
    before: Option<&SessionView>,
    after: Option<&SessionView>,
) -> Vec<Event> {
    let Some(now) = after.filter(|it| it.process.is_some()) else {
        return Vec::new();
    };
    if before.is_some_and(|it| it.process == now.process) {
        return Vec::new();
    }
    let (agent, bead) = (agent.to_string(), now.bead.to_string());
    let pid = now.process.as_ref().map(|it| it.pid);
    let attempt = now.attempt;
    vec![if now.is_again {
        Event::AgentRestarted {
            agent,
            bead,
            attempt,
            pid,
        }
    } else {
        Event::AgentStarted {
            agent,
            bead,
            attempt,
            pid,
        }
    }]
}

/// What is told of what is noted of a worker's trouble.
pub fn trouble(
    agent: &Address,
    before: Option<&Supervision>,
    after: Option<&Supervision>,
) -> Vec<Event> {
    let Some(now) = after else {
        return Vec::new();
    };
    let before = before.filter(|it| it.nonce == now.nonce);
    let (agent, bead, attempt) = (agent.to_string(), now.bead.to_string(), now.attempt);
    if now.crashes > before.map_or(0, |it| it.crashes) {
        return vec![Event::AgentCrashed {
            agent,
            bead,
            attempt,
            times: now.crashes,
            how: now.reason.clone(),
        }];
    }
    if now.stalled.is_none() || before.is_some_and(|it| it.stalled == now.stalled) {
        return Vec::new();
    }
    vec![Event::AgentStalled {
        agent,
        bead,
        attempt,
    }]
}

/// What is told of a convoy.
pub fn convoy(id: &Id, before: Option<&ConvoyView>, after: Option<&ConvoyView>) -> Vec<Event> {
    let (Some(before), Some(after)) = (before, after) else {
        return Vec::new();
    };
    let is_done = (before.status, after.status) == (ConvoyStatus::Open, ConvoyStatus::Closed);
    let done = is_done.then(|| Event::ConvoyCompleted {
        convoy: id.to_string(),
        title: after.title.clone(),
    });
    done.into_iter().collect()
}
