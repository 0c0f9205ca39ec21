//! What was told of each thing, to find out what was not.
//!
//! Whoever changes a record tells it before the change can be seen. So what a
//! watcher sees and nobody told came by git or by hand, or happened to a worker;
//! and what was there when it began, and is not what was told last, changed
//! while nobody watched. Pure.

use model::{Address, Id};
use std::collections::{BTreeMap, VecDeque};
use town::events::Event;

/// So many things may be told of one thing before they are seen.
const UNSEEN: usize = 16;

/// The states of each thing that were told, from the one that was seen last on.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    told: BTreeMap<String, VecDeque<String>>,
}

impl Ledger {
    /// An event was told.
    pub(crate) fn learn(&mut self, event: &Event) {
        let Some((thing, state)) = state(event) else {
            return;
        };
        let states = self.told.entry(thing).or_default();
        if states.len() == UNSEEN {
            states.pop_front();
        }
        states.push_back(state);
    }

    /// Nobody has seen what was told before.
    pub(crate) fn begin(&mut self) {
        for states in self.told.values_mut() {
            states.drain(..states.len().saturating_sub(1));
        }
    }

    /// Of events that were just seen at one thing, those that nobody told.
    pub(crate) fn untold(&mut self, seen: Vec<Event>) -> Vec<Event> {
        // Between two looks a thing may go through several states: the last is
        // what counts.
        let mut known = Vec::new();
        for event in seen.iter().rev() {
            if let Some((thing, state)) = state(event)
                && !known.iter().any(|(it, _)| *it == thing)
            {
                let was_told = self.see(&thing, &state);
                known.push((thing, was_told));
            }
        }
        let was_told = |event: &Event| {
            // Nobody else tells it, and each is noticed once.
            if matches!(event, Event::AgentExited { .. }) {
                return false;
            }
            let about = state(event).map(|(thing, _)| thing);
            let about = known.iter().find(|(it, _)| Some(it) == about.as_ref());
            about.is_some_and(|(_, was_told)| *was_told)
        };
        let untold = seen.into_iter().filter(|event| !was_told(event));
        untold.map(|event| self.continued(event)).collect()
    }

    /// A bead that was told of before it was seen first changed from there.
    fn continued(&self, event: Event) -> Event {
        match event {
            Event::BeadChanged {
                bead,
                from: None,
                to,
            } => Event::BeadChanged {
                from: self.last(&format!("bead {bead}")),
                bead,
                to,
            },
            other => other,
        }
    }

    /// The last state of a thing that was told; none of one that is gone.
    fn last(&self, thing: &str) -> Option<String> {
        let last = self.told.get(thing)?.back()?;
        Some(last.clone()).filter(|it| it != GONE)
    }

    /// Of an event that says how a thing stood when the watcher began: what has
    /// happened to it since it was told of last.
    pub(crate) fn missed(&mut self, event: Event) -> Option<Event> {
        let (thing, state) = state(&event)?;
        self.told.get(&thing)?.back()?;
        let from = self.last(&thing);
        if self.see(&thing, &state) {
            return None;
        }
        Some(match event {
            Event::BeadChanged { bead, to, .. } => Event::BeadChanged { bead, from, to },
            other => other,
        })
    }

    /// The beads and hooks that were there when they were told of last, and are
    /// not any more: each as the event of its end.
    pub(crate) fn vanished(&self, mut is_gone: impl FnMut(&Thing) -> bool) -> Vec<Event> {
        let last = |states: &VecDeque<String>| states.back().filter(|it| *it != GONE).cloned();
        let told = self.told.iter();
        let there = told.filter_map(|(about, states)| Some((Thing::parse(about)?, last(states)?)));
        there
            .filter(|(thing, _)| is_gone(thing))
            .filter_map(|(thing, last)| thing.end(&last))
            .collect()
    }

    /// Whether this state of a thing was told; what was told before it is past.
    fn see(&mut self, thing: &str, state: &str) -> bool {
        let Some(states) = self.told.get_mut(thing) else {
            return false;
        };
        match states.iter().position(|it| it == state) {
            Some(at) => {
                states.drain(..at);
                true
            }
            None => false,
        }
    }
}

/// What has a file of its own, which somebody may remove.
#[derive(Debug, PartialEq)]
pub(crate) enum Thing {
    Bead(Id),
    Hook(Address),
}

impl Thing {
    fn parse(about: &str) -> Option<Self> {
        match about.split_once(' ')? {
            ("bead", id) => Id::parse(id).ok().map(Self::Bead),
            ("hook", agent) => Address::parse(agent).ok().map(Self::Hook),
            _ => None,
        }
    }

    /// That it is gone, where it stood so last.
    fn end(&self, last: &str) -> Option<Event> {
        Some(match self {
            Self::Bead(id) => Event::BeadChanged {
                bead: id.to_string(),
                from: Some(last.to_owned()),
                to: None,
            },
            Self::Hook(agent) => {
                let (bead, attempt) = last.split_once(' ')?;
                Event::HookRemoved {
                    agent: agent.to_string(),
                    bead: bead.to_owned(),
                    attempt: attempt.parse().ok()?,
                }
            }
        })
    }
}

const GONE: &str = "gone";

/// What an event is about, and how that stands now; none of what is told each
/// time that it is noticed.
fn state(event: &Event) -> Option<(String, String)> {
    let or_gone = |text: &Option<String>| text.clone().unwrap_or_else(|| GONE.to_owned());
    Some(match event {
        Event::BeadChanged { bead, to, .. } => (format!("bead {bead}"), or_gone(to)),
        Event::HookAppeared {
            agent,
            bead,
            attempt,
        } => (format!("hook {agent}"), format!("{bead} {attempt}")),
        Event::HookRemoved { agent, .. } => (format!("hook {agent}"), GONE.to_owned()),
        Event::HookChanged {
            agent,
            bead,
            attempt,
            step,
            waits_for,
        } => (
            format!("line {agent}"),
            format!("{bead} {attempt} {step:?} {waits_for:?}"),
        ),
        Event::AgentStarted {
            agent,
            bead,
            attempt,
            pid,
        }
        | Event::AgentRestarted {
            agent,
            bead,
            attempt,
            pid,
        } => (worker(agent, bead, *attempt), format!("{pid:?}")),
        Event::AgentExited {
            agent,
            bead,
            attempt,
            ..
        } => (worker(agent, bead, *attempt), GONE.to_owned()),
        Event::AgentCrashed {
            agent,
            attempt,
            times,
            ..
        } => (format!("crash {agent}"), format!("{attempt} {times}")),
        Event::AgentStalled { agent, attempt, .. } => {
            (format!("stalled {agent}"), attempt.to_string())
        }
        Event::AgentEscalated { agent, bead, .. } => (format!("stuck {agent}"), bead.clone()),
        Event::ConvoyCompleted { convoy, .. } => (convoy.clone(), String::new()),
        Event::GateOpened { gate, agent } => (format!("gate {agent}"), gate.clone()),
        Event::MergeDone { merge_request, .. } => (merge_request.clone(), "merged".to_owned()),
        Event::MergeRefused {
            merge_request,
            outcome,
            ..
        } => (merge_request.clone(), outcome.clone()),
        Event::Problem { .. } => return None,
    })
}

/// Names are used again: of an earlier attempt's worker nothing is told twice.
fn worker(agent: &str, bead: &str, attempt: u32) -> String {
    format!("worker {agent} {bead} {attempt}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: &str, to: &str) -> Event {
        Event::BeadChanged {
            bead: "gt-one".to_owned(),
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
        }
    }

    fn told(events: &[Event]) -> Ledger {
        let mut ledger = Ledger::default();
        events.iter().for_each(|event| ledger.learn(event));
        ledger
    }

    #[test]
    fn what_was_told_is_seen_in_silence_also_late_or_at_once() {
        let steps = [change("open", "hooked"), change("hooked", "in_progress")];
        let mut ledger = told(&steps);
        assert!(ledger.untold(vec![change("open", "hooked")]).is_empty());
        assert!(ledger.untold(vec![steps[1].clone()]).is_empty());
        let mut ledger = told(&steps);
        let both = vec![change("open", "in_progress")];
        assert!(ledger.untold(both).is_empty());
    }

    #[test]
    fn what_nobody_told_is_told() {
        let mut ledger = told(&[change("open", "hooked")]);
        assert!(ledger.untold(vec![change("open", "hooked")]).is_empty());
        let by_hand = vec![change("hooked", "open")];
        assert_eq!(ledger.untold(by_hand.clone()), by_hand);
    }

    #[test]
    fn what_was_told_before_it_was_seen_is_where_it_comes_from() {
        let made = Event::BeadChanged {
            bead: "gt-one".to_owned(),
            from: None,
            to: Some("open".to_owned()),
        };
        let mut ledger = told(&[made]);
        let seen = Event::BeadChanged {
            bead: "gt-one".to_owned(),
            from: None,
            to: Some("deferred".to_owned()),
        };
        assert_eq!(ledger.untold(vec![seen]), [change("open", "deferred")]);
    }

    #[test]
    fn at_the_beginning_the_last_that_was_told_counts() {
        let steps = [change("open", "hooked"), change("hooked", "in_progress")];
        let mut ledger = told(&steps);
        ledger.begin();
        let seen = ledger.missed(change("", "open")).unwrap();
        assert_eq!(seen, change("in_progress", "open"));
        assert_eq!(ledger.missed(change("", "in_progress")), None);
        let other = Event::BeadChanged {
            bead: "gt-two".to_owned(),
            from: None,
            to: Some("open".to_owned()),
        };
        assert_eq!(ledger.missed(other), None, "nothing was ever told of it");
    }

    #[test]
    fn a_hook_that_went_and_came_is_told_by_where_it_is_now() {
        let hook = |bead: &str| Event::HookAppeared {
            agent: "app/polecats/toast".to_owned(),
            bead: bead.to_owned(),
            attempt: 1,
        };
        let gone = |bead: &str| Event::HookRemoved {
            agent: "app/polecats/toast".to_owned(),
            bead: bead.to_owned(),
            attempt: 1,
        };
        let mut ledger = told(&[hook("gt-one"), gone("gt-one"), hook("gt-two")]);
        let seen = vec![gone("gt-one"), hook("gt-two")];
        assert!(ledger.untold(seen).is_empty());
        let seen = vec![gone("gt-two"), hook("gt-three")];
        assert_eq!(ledger.untold(seen.clone()), seen);
    }

    #[test]
    fn what_vanished_is_told_once() {
        let hook = Event::HookAppeared {
            agent: "app/polecats/toast".to_owned(),
            bead: "gt-one".to_owned(),
            attempt: 2,
        };
        let mut ledger = told(&[hook, change("open", "hooked")]);
        assert!(ledger.vanished(|_| false).is_empty());
        let gone = ledger.vanished(|_| true);
        let bead = Event::BeadChanged {
            bead: "gt-one".to_owned(),
            from: Some("hooked".to_owned()),
            to: None,
        };
        let hook = Event::HookRemoved {
            agent: "app/polecats/toast".to_owned(),
            bead: "gt-one".to_owned(),
            attempt: 2,
        };
        assert_eq!(gone, [bead, hook]);
        gone.iter().for_each(|event| ledger.learn(event));
        assert!(ledger.vanished(|_| true).is_empty());
    }

    fn started(attempt: u32, pid: u32) -> Event {
        Event::AgentStarted {
            agent: "app/polecats/toast".to_owned(),
            bead: "gt-one".to_owned(),
            attempt,
            pid: Some(pid),
        }
    }

    fn exited(attempt: u32) -> Event {
        Event::AgentExited {
            agent: "app/polecats/toast".to_owned(),
            bead: "gt-one".to_owned(),
            attempt,
            how: None,
        }
    }

    #[test]
    fn every_end_is_told_although_another_came_late() {
        let mut ledger = told(&[started(1, 10), started(2, 20), exited(1)]);
        assert!(ledger.untold(vec![started(2, 20)]).is_empty());
        assert_eq!(ledger.untold(vec![exited(2)]), [exited(2)]);
        let mut ledger = told(&[started(1, 10), exited(1), started(1, 20)]);
        assert_eq!(ledger.untold(vec![exited(1)]), [exited(1)]);
    }

    #[test]
    fn the_end_of_an_attempt_that_was_told_is_not_missed_again() {
        let mut ledger = told(&[started(1, 10), exited(1), started(2, 20)]);
        ledger.begin();
        assert_eq!(ledger.missed(exited(1)), None);
        assert_eq!(ledger.missed(exited(2)), Some(exited(2)));
        assert_eq!(ledger.missed(exited(3)), None, "it was never told to begin");
    }
}
