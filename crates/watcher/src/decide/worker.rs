//! A hook that is to be worked on: its worker runs, crashed, hangs, or is yet
//! to be started.

use super::verdict::{State, Verdict};
use super::{Action, Room, until, when_quiet};
use crate::snapshot::{Agent, Policy, Worker};
use jiff::{SignedDuration, Timestamp};
use model::{Id, Ticket, Time};
use std::time::Duration;
use town::supervision::{Settings, Supervision};

pub(super) fn judge(
    agent: &Agent,
    ticket: &Ticket,
    policy: &Policy,
    room: Room,
    now: Timestamp,
) -> Verdict {
    match &agent.worker {
        Worker::Running { process, idle } => {
            running(agent, ticket, &policy.settings, process, *idle, now)
        }
        Worker::HandingOff => {
            let verdict = Verdict::new(agent, State::Spawning)
                .because("it has handed off, and a fresh session takes its place")
                .remedy(format!(
                    "`gt sling {} {}` starts it, if nobody does",
                    ticket.bead, agent.address
                ));
            // Whoever asked for it is about to do it.
            when_quiet(agent, verdict, Action::HandOff(agent.address.clone()))
        }
        Worker::None => start(agent, ticket, &policy.settings, room, now),
        // Starting finds one that runs already by its environment.
        Worker::Spawning => {
            Verdict::new(agent, State::Spawning).action(Action::Start(agent.address.clone()))
        }
        Worker::Ended {
            is_of_earlier_boot: true,
            ..
        } => start(agent, ticket, &policy.settings, room, now),
        Worker::Ended {
            process, how, ran, ..
        } if !is_counted(agent, process) => {
            let why = match how {
                Some(how) => format!("its worker ended: {how}"),
                None => "its worker ended without `gt done`".to_owned(),
            };
            let how = how.as_deref().unwrap_or("it ended without `gt done`");
            let crash = Crash { how, ran: *ran };
            let trouble = crashed(
                agent.trouble.as_ref(),
                ticket,
                &policy.settings,
                &crash,
                now,
            );
            let trouble = Supervision {
                counted: Some(process.clone()),
                ..trouble
            };
            // Where a watcher is at work nobody gets to see it.
            Verdict::new(agent, State::BackingOff)
                .because(why)
                .remedy(format!(
                    "`gt sling {0} {1}` starts it again, and so does the watcher, once `gt up` has started that; `gt logs {0}` shows what it printed",
                    ticket.bead, agent.address
                ))
                .action(Action::Note(trouble))
        }
        Worker::Ended { .. } => start(agent, ticket, &policy.settings, room, now),
    }
}

fn is_counted(agent: &Agent, process: &str) -> bool {
    let counted = agent.trouble.as_ref().and_then(|it| it.counted.as_deref());
    counted == Some(process)
}

/// How a worker came to its end before its work did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crash<'a> {
    /// In words.
    pub(crate) how: &'a str,
    /// For how long it ran.
    pub(crate) ran: Duration,
}

/// One more crash in a row, or the first after a good run.
pub(crate) fn crashed(
    before: Option<&Supervision>,
    ticket: &Ticket,
    settings: &Settings,
    crash: &Crash<'_>,
    now: Timestamp,
) -> Supervision {
    let before = before.filter(|_| crash.ran < settings.steady_after);
    let crashes = before.map_or(0, |it| it.crashes).saturating_add(1);
    let pause = SignedDuration::try_from(backoff(settings, crashes)).unwrap_or(SignedDuration::MAX);
    Supervision {
        crashes,
        reason: Some(crash.how.to_owned()),
        retry_at: now.checked_add(pause).ok().and_then(exactly),
        ..blank(ticket, now)
    }
}

/// Nothing known against an attempt yet.
fn blank(ticket: &Ticket, now: Timestamp) -> Supervision {
    Supervision {
        agent: ticket.agent.clone(),
        bead: ticket.bead.clone(),
        attempt: ticket.attempt,
        nonce: ticket.nonce.clone(),
        crashes: 0,
        counted: None,
        retry_at: None,
        reason: None,
        stalled: None,
        extra: Vec::new(),
        noted_at: Time::from_timestamp(now),
    }
}

/// To the millisecond: the first pauses are short.
fn exactly(at: Timestamp) -> Option<Time> {
    Time::parse(&at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()).ok()
}

/// Twice as long after each crash.
fn backoff(settings: &Settings, crashes: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(crashes.saturating_sub(1).min(20));
    settings
        .backoff
        .saturating_mul(doubled)
        .min(settings.backoff_max)
}

fn start(
    agent: &Agent,
    ticket: &Ticket,
    settings: &Settings,
    room: Room,
    now: Timestamp,
) -> Verdict {
    let mut why = "its worker is to be started".to_owned();
    if let Some(trouble) = agent.trouble.as_ref().filter(|it| it.crashes > 0) {
        let what = trouble.reason.as_deref().unwrap_or("it crashed");
        if trouble.crashes >= settings.crash_budget {
            let reason = format!(
                "its worker ended {} times in a row: {what}",
                trouble.crashes
            );
            return Verdict::new(agent, State::BackingOff)
                .because(&reason)
                .action(Action::Escalate(Box::new(ticket.clone()), reason));
        }
        if let Some(left) = pause_left(trouble, settings, now) {
            return Verdict::new(agent, State::BackingOff)
                .because(format!(
                    "its worker ended ({what}) and is started again in {} s, {} of {} times",
                    left.as_secs() + 1,
                    trouble.crashes,
                    settings.crash_budget
                ))
                .remedy(format!("`gt logs {}` shows what it printed", ticket.bead))
                .wake(left);
        }
        why = format!("its worker ended ({what}) and is to be started again");
    }
    if room.running >= room.limit.most {
        return Verdict::new(agent, State::Waiting)
            .because(format!(
                "{} of {} workers run",
                room.running, room.limit.most
            ))
            .remedy(format!(
                "it starts when one of them is done; {} says how many may run",
                room.limit.place()
            ));
    }
    Verdict::new(agent, State::Waiting)
        .because(why)
        .remedy("`gt up` starts the watcher, which does it")
        .action(Action::Start(agent.address.clone()))
}

/// How long the pause still is. One that is longer than any pause can be was
/// noted before the clock was set back, and is over.
fn pause_left(trouble: &Supervision, settings: &Settings, now: Timestamp) -> Option<Duration> {
    let left = until(now, trouble.retry_at.as_ref()?.timestamp());
    (!left.is_zero() && left <= settings.backoff_max).then_some(left)
}

fn running(
    agent: &Agent,
    ticket: &Ticket,
    settings: &Settings,
    process: &str,
    idle: Duration,
    now: Timestamp,
) -> Verdict {
    let known = agent.trouble.as_ref();
    let is_told = known.and_then(|it| it.stalled.as_deref()) == Some(process);
    let noted = |stalled: Option<&str>| {
        let trouble = known.cloned().unwrap_or_else(|| blank(ticket, now));
        Supervision {
            stalled: stalled.map(str::to_owned),
            noted_at: Time::from_timestamp(now),
            ..trouble
        }
    };
    if idle < settings.stalled_after {
        let verdict = Verdict::new(agent, State::Working).wake(settings.stalled_after - idle);
        return if is_told {
            verdict.action(Action::Note(noted(None)))
        } else {
            verdict
        };
    }
    let verdict = Verdict::new(agent, State::Stalled)
        .because(format!("it shows no progress for {} s", idle.as_secs()))
        .remedy(format!(
            "`gt logs {}` shows what it printed last",
            ticket.bead
        ));
    if !is_told {
        let text = reminder(&ticket.bead, idle);
        return verdict.action(Action::Nudge(noted(Some(process)), text));
    }
    let limit = settings
        .stalled_after
        .saturating_add(settings.escalate_after);
    if idle < limit {
        return verdict.wake(limit - idle);
    }
    let reason = format!(
        "its worker runs and shows no progress for {} s",
        idle.as_secs()
    );
    verdict.action(Action::Escalate(Box::new(ticket.clone()), reason))
}

/// What an agent is told that shows no progress.
fn reminder(bead: &Id, idle: Duration) -> String {
    format!(
        "No progress on {bead} was seen for {} s. Go on with it: `gt prime` says what is on your hook. \
         If you cannot, say why: `gt done --escalate -m \"why\"`.",
        idle.as_secs()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit() {
        let settings = Settings::default();
        let pauses: Vec<u64> = [1, 2, 3, 9, 10, 1000]
            .map(|crashes| backoff(&settings, crashes).as_secs())
            .to_vec();
        assert_eq!(pauses, [1, 2, 4, 256, 300, 300]);
    }
}
