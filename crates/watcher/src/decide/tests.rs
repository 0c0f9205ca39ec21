use super::*;
use crate::snapshot::Stray;
use model::{Parked, Time};
use std::path::Path;
use std::sync::Arc;
use store::yaml::Document;
use town::supervision::Settings;
use town::unticketed::Says;
use town::worker::{Astray, SetBy};

const HOST: &str = "h-here";
const NOW: &str = "2026-01-15T12:00:00Z";
const LONG: Duration = Duration::from_secs(3600);

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn policy() -> Policy {
    Policy {
        settings: Settings::default(),
        limit: Limit {
            most: 2,
            set_by: SetBy::Rig,
        },
    }
}

fn address(name: &str) -> Address {
    Address::parse(&format!("app/polecats/{name}")).unwrap()
}

/// Read from a file's text, so that a key which is added changes no test.
fn ticket(name: &str) -> Ticket {
    let text = format!(
        r#"format: 1
agent: app/polecats/{name}
bead: gt-abc12
attempt: 2
nonce: k3x9
hash: ""
spawn: true
hook: ""
minted_at: 2026-01-15T10:00:00Z
minted_by: overseer
"#
    );
    Document::read(&text).unwrap()
}

fn there() -> Hook {
    Hook::There {
        bead: id("gt-abc12"),
        attempt: 2,
        host: HOST.to_owned(),
        is_covered: true,
        waits: None,
        says: says(),
    }
}

fn says() -> Option<Says> {
    said(Status::Hooked, 2)
}

/// On the hook of `toast`, if on one.
fn said(status: Status, attempt: u32) -> Option<Says> {
    let agent = status.is_on_a_hook().then(|| address("toast"));
    Some(Says {
        status,
        attempt,
        agent,
    })
}

fn waiting(reason: &str, is_over: bool, opens_at: Option<&str>) -> Hook {
    Hook::There {
        bead: id("gt-abc12"),
        attempt: 2,
        host: HOST.to_owned(),
        is_covered: true,
        waits: Some(Box::new(Waits {
            parked: Parked {
                on: id("gt-gate1"),
                reason: reason.to_owned(),
                note: None,
                since: time("2026-01-15T10:00:00Z"),
            },
            is_over,
            is_gate: Some(true),
            opens_at: opens_at.map(|text| text.parse().unwrap()),
        })),
        says: says(),
    }
}

/// One that was slung, and nothing started yet.
fn toast() -> Agent {
    Agent {
        address: address("toast"),
        hook: there(),
        tracked: Path::new(".beads").into(),
        problem: None,
        ticket: Some(ticket("toast").into()),
        bead: says(),
        worker: Worker::None,
        stray: None,
        trouble: None,
        is_busy: false,
        quiet: LONG,
        is_told: true,
    }
}

fn running(idle: u64) -> Worker {
    Worker::Running {
        process: "b:7:9".to_owned(),
        idle: Duration::from_secs(idle),
    }
}

fn ended(ran: u64) -> Worker {
    Worker::Ended {
        process: "b:7:9".to_owned(),
        how: Some("exit status: 1".to_owned()),
        ran: Duration::from_secs(ran),
        is_of_earlier_boot: false,
    }
}

fn trouble(crashes: u32, counted: Option<&str>, retry_at: Option<&str>) -> Option<Supervision> {
    Some(Supervision {
        agent: address("toast"),
        bead: id("gt-abc12"),
        attempt: 2,
        nonce: "k3x9".to_owned(),
        crashes,
        counted: counted.map(str::to_owned),
        retry_at: retry_at.map(time),
        reason: Some("exit status: 1".to_owned()),
        stalled: None,
        extra: Vec::new(),
        noted_at: time("2026-01-15T11:59:00Z"),
    })
}

fn decided(agents: Vec<Agent>) -> Decision {
    let snapshot = Snapshot {
        rig: "app".to_owned(),
        host: Some(HOST.to_owned()),
        agents,
    };
    decide(&snapshot, &policy(), now())
}

fn verdict(agent: Agent) -> Verdict {
    decided(vec![agent]).verdicts.remove(0)
}

/// A short word for what is due.
fn due(verdict: &Verdict) -> &'static str {
    match &verdict.action {
        None => "",
        Some(Action::Start(_)) => "start",
        Some(Action::Settle(..)) => "settle",
        Some(Action::Follow(..)) => "follow",
        Some(Action::HandOff(_)) => "hand off",
        Some(Action::Stop(..)) => "stop",
        Some(Action::Note(_)) => "note",
        Some(Action::Nudge(..)) => "nudge",
        Some(Action::Unpark(..)) => "unpark",
        Some(Action::Escalate(..)) => "escalate",
    }
}

type Change = fn(&mut Agent);

/// A command of this clone has ended the attempt.
fn over(agent: &mut Agent, status: Status, attempt: u32) {
    let ends_as = match attempt {
        2 => status.clone(),
        _ => Status::Hooked,
    };
    agent.bead = said(status, attempt);
    Arc::make_mut(agent.ticket.as_mut().unwrap()).ends_as = Some(ends_as);
}

#[test]
fn where_each_stands_and_what_is_due() {
    let table: &[(&str, Change, State, &str)] = &[
        ("new", |_| (), State::Waiting, "start"),
        (
            "by hand",
            |a| Arc::make_mut(a.ticket.as_mut().unwrap()).spawn = false,
            State::ByHand,
            "",
        ),
        ("came by git", |a| a.ticket = None, State::Unaccepted, ""),
        ("busy", |a| a.is_busy = true, State::Spawning, ""),
        (
            "cut short",
            |a| a.worker = Worker::Spawning,
            State::Spawning,
            "start",
        ),
        ("at work", |a| a.worker = running(3), State::Working, ""),
        (
            "hook gone",
            |a| a.hook = Hook::Missing,
            State::HookMissing,
            "",
        ),
        (
            "hook broken",
            |a| a.hook = Hook::Unreadable("line 3".into(), "mend it".into()),
            State::Unreadable,
            "",
        ),
        ("bead gone", |a| a.bead = None, State::Broken, ""),
        (
            "rewound",
            |a| a.bead = said(Status::Open, 1),
            State::Broken,
            "",
        ),
        (
            "taken away",
            |a| over(a, Status::Hooked, 3),
            State::Over,
            "settle",
        ),
        (
            "closed",
            |a| over(a, Status::Closed, 2),
            State::Over,
            "settle",
        ),
        (
            "closed, and its hook gone",
            |a| {
                over(a, Status::Closed, 2);
                a.hook = Hook::Missing;
            },
            State::Over,
            "settle",
        ),
        (
            "closed, and its worker lives",
            |a| {
                over(a, Status::Closed, 2);
                a.worker = running(3);
            },
            State::Over,
            "",
        ),
        (
            "just closed",
            |a| {
                over(a, Status::Closed, 2);
                a.quiet = Duration::ZERO;
            },
            State::Over,
            "",
        ),
        (
            "taken away by git",
            |a| a.bead = said(Status::Hooked, 3),
            State::Over,
            "",
        ),
        (
            "closed by git",
            |a| a.bead = said(Status::Closed, 2),
            State::Over,
            "",
        ),
        (
            "closed by git at an earlier attempt",
            |a| a.bead = said(Status::Closed, 1),
            State::Over,
            "",
        ),
        (
            "given to another by git",
            |a| a.bead.as_mut().unwrap().agent = Some(address("nux")),
            State::Over,
            "",
        ),
        (
            "closed by git, and its hook gone",
            |a| {
                a.bead = said(Status::Closed, 1);
                a.hook = Hook::Missing;
            },
            State::Over,
            "",
        ),
        (
            "no bead and no hook",
            |a| {
                a.bead = None;
                a.hook = Hook::Missing;
            },
            State::Broken,
            "",
        ),
        (
            "ended as closed, and deferred by git",
            |a| {
                over(a, Status::Closed, 2);
                a.bead = said(Status::Deferred, 2);
            },
            State::Over,
            "",
        ),
        (
            "an end that was cut short",
            |a| Arc::make_mut(a.ticket.as_mut().unwrap()).ends_as = Some(Status::Open),
            State::Waiting,
            "settle",
        ),
        (
            "crashed",
            |a| a.worker = ended(5),
            State::BackingOff,
            "note",
        ),
        (
            "crashed before a reboot",
            |a| {
                a.worker = Worker::Ended {
                    process: "a:7:9".to_owned(),
                    how: None,
                    ran: Duration::ZERO,
                    is_of_earlier_boot: true,
                };
            },
            State::Waiting,
            "start",
        ),
        (
            "waits for a gate",
            |a| a.hook = waiting("gate", false, None),
            State::Parked,
            "",
        ),
        (
            "gate closed",
            |a| a.hook = waiting("gate", true, None),
            State::Parked,
            "unpark",
        ),
        (
            "timer runs",
            |a| a.hook = waiting("gate", false, Some("2026-01-15T12:00:05Z")),
            State::Parked,
            "",
        ),
        (
            "timer is over",
            |a| a.hook = waiting("gate", false, Some(NOW)),
            State::Parked,
            "unpark",
        ),
        (
            "escalated",
            |a| {
                a.hook = waiting("escalated", false, None);
                a.bead = said(Status::Escalated, 2);
            },
            State::Parked,
            "",
        ),
        (
            "escalated, and who should know may not",
            |a| {
                a.hook = waiting("escalated", false, None);
                a.bead = said(Status::Escalated, 2);
                a.is_told = false;
            },
            State::Parked,
            "follow",
        ),
        (
            "answered, and the hook still parked",
            |a| {
                a.hook = waiting("escalated", false, None);
                a.bead = said(Status::InProgress, 2);
            },
            State::Parked,
            "settle",
        ),
        (
            "escalated, and the hook not parked",
            |a| a.bead = said(Status::Escalated, 2),
            State::Parked,
            "settle",
        ),
    ];
    for (what, change, state, action) in table {
        let mut agent = toast();
        change(&mut agent);
        let verdict = verdict(agent);
        assert_eq!((verdict.state, due(&verdict)), (*state, *action), "{what}");
    }
}

#[test]
fn a_hook_of_another_host_or_another_text_is_never_started() {
    let mut other = toast();
    other.ticket = None;
    other.hook = Hook::There {
        bead: id("gt-abc12"),
        attempt: 2,
        host: "h-there".to_owned(),
        is_covered: false,
        waits: None,
        says: says(),
    };
    let elsewhere = verdict(other.clone());
    assert_eq!((elsewhere.state, due(&elsewhere)), (State::Elsewhere, ""));
    other.ticket = Some(ticket("toast").into());
    let changed = verdict(other.clone());
    assert_eq!((changed.state, due(&changed)), (State::Changed, ""));
    assert!(changed.is_notable);
    if let Hook::There { attempt, .. } = &mut other.hook {
        *attempt = 1;
    }
    let older = verdict(other);
    assert_eq!((older.state, due(&older)), (State::Changed, "settle"));
}

#[test]
fn a_worker_whose_attempt_is_over_is_stopped_once_its_ticket_is_gone() {
    let stray = |why, has_ticket, seen_for| Stray {
        bead: id("gt-abc12"),
        attempt: 2,
        nonce: "k3x9".to_owned(),
        why,
        has_ticket,
        says: Says {
            status: Status::Closed,
            attempt: 2,
            agent: None,
        },
        seen_for,
    };
    let closed = Astray::Over(Status::Closed);
    let short = Duration::from_secs(10);
    // Why, whether its ticket stands, for how long; what is done, whether it is told.
    let table = [
        (closed.clone(), false, LONG, "stop", true),
        (Astray::TakenAway, false, LONG, "stop", true),
        (Astray::TakenAway, false, short, "", false),
        (closed.clone(), true, LONG, "", true),
        (closed, true, Duration::ZERO, "", false),
        (Astray::TakenAway, true, short, "", true),
        (Astray::Lingers, false, LONG, "", false),
    ];
    for (why, has_ticket, seen_for, action, is_told) in table {
        let verdict = verdict(Agent {
            stray: Some(stray(why.clone(), has_ticket, seen_for)),
            hook: Hook::Missing,
            ticket: toast().ticket.filter(|_| has_ticket),
            ..toast()
        });
        assert_eq!((verdict.state, due(&verdict)), (State::Over, action));
        assert_eq!(verdict.bead, Some(id("gt-abc12")));
        assert_eq!(verdict.is_notable, is_told, "{why:?} {seen_for:?}");
        let is_settled = is_told || why == Astray::Lingers;
        assert_eq!(verdict.wake.is_none(), is_settled, "{why:?} {seen_for:?}");
    }
}

#[test]
fn no_more_than_may_run_are_started_and_the_oldest_first() {
    let mut agents = Vec::new();
    for (name, minted) in [("c", "03"), ("a", "01"), ("b", "02")] {
        let mut ticket = ticket(name);
        ticket.minted_at = time(&format!("2026-01-15T10:00:{minted}Z"));
        let mut bead = says();
        bead.as_mut().unwrap().agent = Some(address(name));
        agents.push(Agent {
            address: address(name),
            bead,
            ticket: Some(ticket.into()),
            ..toast()
        });
    }
    let decision = decided(agents.clone());
    let started: Vec<&str> = decision
        .actions
        .iter()
        .map(|it| it.agent().name())
        .collect();
    assert_eq!(started, ["a", "b"]);
    let waits = &decision.verdicts[2];
    assert_eq!(waits.why.as_deref(), Some("2 of 2 workers run"));
    agents[0].worker = running(1);
    agents[1].worker = running(1);
    assert_eq!(decided(agents).actions, []);
}

#[test]
fn a_crash_is_counted_once_waits_and_is_started_again() {
    let crashed = Agent {
        worker: ended(5),
        ..toast()
    };
    let Some(Action::Note(first)) = verdict(crashed.clone()).action else {
        panic!("a crash is noted");
    };
    assert_eq!(
        (first.crashes, first.counted.as_deref()),
        (1, Some("b:7:9"))
    );
    let retry_at = first.retry_at.as_ref().map(Time::as_str);
    assert_eq!(retry_at, Some("2026-01-15T12:00:01.000Z"));
    let noted = Agent {
        trouble: Some(first),
        ..crashed.clone()
    };
    let waits = verdict(noted);
    assert_eq!((waits.state, due(&waits)), (State::BackingOff, ""));
    assert_eq!(waits.wake, Some(Duration::from_secs(1)));
    let later = Agent {
        trouble: trouble(1, Some("b:7:9"), Some("2026-01-15T11:59:59Z")),
        ..crashed
    };
    assert_eq!(due(&verdict(later)), "start");
}

#[test]
fn every_pause_ends_also_after_the_clock_was_set_back() {
    let agent = Agent {
        worker: ended(5),
        trouble: trouble(4, Some("b:7:9"), Some("2026-02-14T12:00:00Z")),
        ..toast()
    };
    assert_eq!(due(&verdict(agent)), "start");
}

#[test]
fn a_good_run_wipes_the_slate() {
    let agent = |ran| Agent {
        worker: ended(ran),
        trouble: trouble(4, Some("b:1:1"), None),
        ..toast()
    };
    let crashes = |agent| match verdict(agent).action {
        Some(Action::Note(trouble)) => trouble.crashes,
        other => panic!("{other:?}"),
    };
    assert_eq!(crashes(agent(599)), 5);
    assert_eq!(crashes(agent(600)), 1);
}

#[test]
fn at_the_end_of_its_budget_the_bead_is_escalated() {
    let agent = Agent {
        worker: ended(5),
        trouble: trouble(5, Some("b:7:9"), Some("2026-01-15T12:04:00Z")),
        ..toast()
    };
    match verdict(agent).action {
        Some(Action::Escalate(ticket, reason)) => {
            assert_eq!(ticket.bead, id("gt-abc12"));
            assert_eq!(reason, "its worker ended 5 times in a row: exit status: 1");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stall_is_told_once_then_escalated_and_progress_ends_it() {
    let agent = |idle, stalled: Option<&str>| {
        let mut known = trouble(0, None, None);
        known.as_mut().unwrap().stalled = stalled.map(str::to_owned);
        Agent {
            worker: running(idle),
            trouble: known,
            ..toast()
        }
    };
    let table = [
        (599, None, State::Working, ""),
        (600, None, State::Stalled, "nudge"),
        (601, Some("b:7:9"), State::Stalled, ""),
        (601, Some("b:1:1"), State::Stalled, "nudge"),
        (3, Some("b:7:9"), State::Working, "note"),
        (1800, Some("b:7:9"), State::Stalled, "escalate"),
    ];
    for (idle, stalled, state, action) in table {
        let verdict = verdict(agent(idle, stalled));
        assert_eq!(
            (verdict.state, due(&verdict)),
            (state, action),
            "{idle} {stalled:?}"
        );
    }
}

#[test]
fn a_handoff_is_completed_if_whoever_asked_for_it_does_not() {
    for (quiet, action) in [(LONG, "hand off"), (Duration::ZERO, "")] {
        let verdict = verdict(Agent {
            worker: Worker::HandingOff,
            trouble: trouble(5, None, None),
            quiet,
            ..toast()
        });
        assert_eq!((verdict.state, due(&verdict)), (State::Spawning, action));
        assert_eq!(verdict.wake.is_some(), action.is_empty());
    }
}
