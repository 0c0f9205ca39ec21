//! What is to be done. Pure: from a snapshot, the policy and the time.
//!
//! Every agent gets a verdict: where it stands, why it waits and what would
//! help, which is what people see, and the one step that is due, which is what
//! the watcher does. The same verdict serves both, so that they never differ.

pub(crate) mod obstacle;
mod stray;
mod unticketed;
mod verdict;
mod worker;

use crate::snapshot::{Agent, Hook, Policy, Snapshot, Waits, Worker};
use jiff::Timestamp;
use model::{Address, Id, Status, Ticket};
use std::time::Duration;
use town::supervision::Supervision;
use town::unticketed::Says;
use town::work::{Outlived, Standing, standing};
use town::worker::Limit;

pub use verdict::{State, Verdict};
pub(crate) use worker::{Crash, crashed};

/// For how long the files of an attempt that is over are left to whoever is
/// about to remove them.
const SETTLING: Duration = Duration::from_secs(2);

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Start the worker of a hook.
    Start(Address),
    /// Complete what a killed command left half done.
    Settle(Address, Id),
    /// See to it that an escalation is whole.
    Follow(Address, Id),
    /// Start the fresh session of a worker that has handed off.
    HandOff(Address),
    /// Remember trouble.
    Note(Supervision),
    /// Remember that a worker has stalled, and say so to its agent.
    Nudge(Supervision, String),
    /// Stop the worker of the attempt with this random word, which is over.
    Stop(Address, String),
    /// Let a parked hook go on: what it waits for is there.
    Unpark(Address, Id),
    /// Escalate the bead of a ticket, with this reason, and stop its worker.
    Escalate(Box<Ticket>, String),
}

impl Action {
    /// Whom it is about.
    pub fn agent(&self) -> &Address {
        match self {
            Self::Start(agent)
            | Self::HandOff(agent)
            | Self::Settle(agent, _)
            | Self::Follow(agent, _)
            | Self::Stop(agent, _)
            | Self::Unpark(agent, _) => agent,
            Self::Note(trouble) | Self::Nudge(trouble, _) => &trouble.agent,
            Self::Escalate(ticket, _) => &ticket.agent,
        }
    }
}

/// What was decided.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// One for each agent, in the order of the snapshot.
    pub verdicts: Vec<Verdict>,
    /// The steps that are due.
    pub actions: Vec<Action>,
    /// When the next one may be due although nothing happens.
    pub wake: Option<Duration>,
}

/// Decides about everybody. Those who were slung first are started first.
pub fn decide(snapshot: &Snapshot, policy: &Policy, now: Timestamp) -> Decision {
    let mut order: Vec<&Agent> = snapshot.agents.iter().collect();
    order.sort_by_key(|agent| agent.ticket.as_ref().map(|it| it.minted_at.timestamp()));
    let mut running = order.iter().filter(|agent| agent.occupies()).count();
    let mut decision = Decision::default();
    for agent in order {
        let room = Room {
            running,
            limit: policy.limit,
        };
        let verdict = judge(agent, snapshot, policy, room, now);
        if matches!(verdict.action, Some(Action::Start(_))) {
            running += 1;
        }
        decision.wake = [decision.wake, verdict.wake].into_iter().flatten().min();
        decision.actions.extend(verdict.action.clone());
        decision.verdicts.push(verdict);
    }
    decision
}

/// How many workers run, and how many may.
#[derive(Debug, Clone, Copy)]
struct Room {
    running: usize,
    limit: Limit,
}

impl Agent {
    /// Whether it counts against the number of workers that may run.
    fn occupies(&self) -> bool {
        let is_worker = self.ticket.as_ref().is_some_and(|ticket| ticket.spawn);
        is_worker
            && self.waits().is_none()
            && (self.is_busy || matches!(self.worker, Worker::Running { .. } | Worker::HandingOff))
    }
}

fn judge(
    agent: &Agent,
    snapshot: &Snapshot,
    policy: &Policy,
    room: Room,
    now: Timestamp,
) -> Verdict {
    let verdict = |state| Verdict::new(agent, state);
    if let Some((what, remedy)) = &agent.problem {
        return verdict(State::Unreadable).because(what).remedy(remedy);
    }
    if let Some(stray) = &agent.stray {
        return stray::judge(agent, stray);
    }
    let Some(ticket) = &agent.ticket else {
        return unticketed::judge(agent, snapshot);
    };
    if agent.is_busy {
        return verdict(State::Spawning).because("something is being done about it right now");
    }
    let stands = standing(ticket, agent.bead.as_ref().map(Says::lend));
    match &stands {
        Standing::Outlived(outlived) => return told(agent, outlived),
        Standing::Over => return over(agent, ticket),
        Standing::Ending => {
            let what = "a command is about to end its attempt, or was cut short";
            return settling(agent, ticket, verdict(State::Waiting).because(what));
        }
        Standing::UnderWay | Standing::Behind => {}
    }
    let is_covered = match &agent.hook {
        Hook::Missing => return hook_missing(agent),
        Hook::Unreadable(what, remedy) => {
            return verdict(State::Unreadable)
                .because(what)
                .remedy(format!("{}; or {remedy}", write_again(agent)));
        }
        Hook::There { is_covered, .. } => *is_covered,
    };
    if !is_covered {
        let verdict = verdict(State::Changed)
            .because("its hook is not the one that was slung here")
            .remedy(format!(
                "{}; `gt doctor` shows what differs",
                write_again(agent)
            ));
        return if agent.has_older_hook(ticket) {
            settling(agent, ticket, verdict)
        } else {
            verdict
        };
    }
    if stands == Standing::Behind {
        return verdict(State::Broken)
            .because(format!(
                "{} has not heard of attempt {}, which was slung: git brought an older one back, or a sling was cut short",
                ticket.bead, ticket.attempt
            ))
            .remedy("`gt doctor --fix` brings it forward");
    }
    let status = agent.bead.as_ref().map(|says| &says.status);
    if let Some(waits) = agent.waits() {
        return parked(agent, ticket, waits, status, now);
    }
    if status == Some(&Status::Escalated) {
        return settling(
            agent,
            ticket,
            verdict(State::Parked).because("it is escalated"),
        );
    }
    if !ticket.spawn {
        return verdict(State::ByHand);
    }
    worker::judge(agent, ticket, policy, room, now)
}

fn write_again(agent: &Agent) -> String {
    town::unticketed::unreadable_remedy(&agent.file(), true)
}

impl Agent {
    /// Whether the hook is of an earlier attempt at the same bead: who took the
    /// bead over was killed before the new one was written.
    fn has_older_hook(&self, ticket: &Ticket) -> bool {
        matches!(&self.hook, Hook::There { bead, attempt, .. }
            if *bead == ticket.bead && *attempt < ticket.attempt)
    }

    fn waits(&self) -> Option<&Waits> {
        match &self.hook {
            Hook::There { waits, .. } => waits.as_deref(),
            _ => None,
        }
    }
}

/// While the ticket is young a sling may be under way.
fn hook_missing(agent: &Agent) -> Verdict {
    let verdict = Verdict::new(agent, State::HookMissing)
        .because("its hook file is gone while its ticket stands; what runs goes on")
        .remedy("`gt doctor --fix` writes it again, or bring it back with git");
    when_still(agent, verdict)
}

/// What a command of this clone has ended, and left before all was done, is completed.
fn over(agent: &Agent, ticket: &Ticket) -> Verdict {
    let what = format!("attempt {} at {} was ended", ticket.attempt, ticket.bead);
    let verdict = Verdict::new(agent, State::Over)
        .because(what)
        .remedy("`gt doctor --fix` tidies it up");
    if matches!(agent.worker, Worker::Running { .. }) {
        return verdict;
    }
    settling(agent, ticket, verdict)
}

/// Nothing is done: git, which has brought what the bead says, may bring it back.
fn told(agent: &Agent, outlived: &Outlived) -> Verdict {
    let state = match outlived.says {
        Some(_) => State::Over,
        None => State::Broken,
    };
    let verdict = Verdict::new(agent, state).because(outlived.describe());
    when_still(agent, verdict.remedy(outlived.remedy()))
}

/// Told once nobody is about to change it.
fn when_still(agent: &Agent, verdict: Verdict) -> Verdict {
    if agent.quiet < SETTLING {
        return verdict.wake(SETTLING - agent.quiet);
    }
    verdict.notable()
}

fn settling(agent: &Agent, ticket: &Ticket, verdict: Verdict) -> Verdict {
    let settle = Action::Settle(agent.address.clone(), ticket.bead.clone());
    when_quiet(agent, verdict, settle)
}

pub(super) fn when_quiet(agent: &Agent, verdict: Verdict, action: Action) -> Verdict {
    if agent.quiet < SETTLING {
        return verdict.wake(SETTLING - agent.quiet);
    }
    verdict.action(action)
}

fn parked(
    agent: &Agent,
    ticket: &Ticket,
    waits: &Waits,
    status: Option<&Status>,
    now: Timestamp,
) -> Verdict {
    let parked = &waits.parked;
    let verdict = Verdict::new(agent, State::Parked);
    if parked.reason == "escalated" {
        if status == Some(&Status::InProgress) {
            return settling(agent, ticket, verdict.because("it was answered"));
        }
        let note = parked.note.as_deref().unwrap_or("no reason was given");
        let verdict = verdict
            .because(format!("it is escalated: {note}"))
            .remedy(format!(
                "`gt escalate resolve {} -m ANSWER` answers, and it goes on",
                ticket.bead
            ));
        return if agent.is_told {
            verdict
        } else {
            // Whoever escalates it sends the mail after it parked the hook.
            let follow = Action::Follow(agent.address.clone(), ticket.bead.clone());
            when_quiet(agent, verdict, follow)
        };
    }
    if waits.is_over || waits.opens_at.is_some_and(|at| at <= now) {
        let unpark = Action::Unpark(agent.address.clone(), ticket.bead.clone());
        return verdict
            .because(format!("{} is open now", parked.on))
            .action(unpark);
    }
    match waits.opens_at {
        Some(at) => verdict
            .because(format!("it waits for {} until {at}", parked.on))
            .wake(until(now, at)),
        None => verdict.because(format!("it waits for {}", parked.on)),
    }
    .remedy(goes_on(ticket, waits))
}

/// What lets a hook go on that waits: a gate is opened by whoever says so, any other
/// bead by its end.
fn goes_on(ticket: &Ticket, waits: &Waits) -> String {
    let (bead, on) = (&ticket.bead, &waits.parked.on);
    match waits.is_gate {
        Some(true) => format!("`gt resume {bead}` lets it go on"),
        Some(false) => {
            format!("it goes on when {on} is closed; `gt release {bead}` takes it off the hook")
        }
        None => format!(
            "{on} is not there: bring it back with git, or `gt release {bead}` takes it off the hook"
        ),
    }
}

fn until(now: Timestamp, at: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests;
