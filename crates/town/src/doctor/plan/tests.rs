//! The plan as a table: facts in, sentences and repairs out.

use super::super::clone::Branch;
use super::super::facts::{Held, Remembered};
use super::super::processes::Carrier;
use super::super::trees::{State, Tree};
use super::super::{Facts, Fix, Item};
use super::plan;
use crate::fixture;
use crate::session::Session;
use crate::work::Situation;
use agent::process::Identity;
use jiff::Timestamp;
use model::{Address, Bead, Id, Status, Time};
use std::collections::{BTreeMap, BTreeSet};

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn bead(status: Status) -> Bead {
    let id = Id::parse("gt-abc12").unwrap();
    let made = Time::parse("2026-01-15T10:00:00Z").unwrap();
    let mut bead = Bead::new(id, "Work", made.clone(), "overseer");
    bead.attempt = 1;
    bead.branch = Some("polecat/toast/gt-abc12".to_owned());
    bead.assignee = Some("app/polecats/toast".to_owned());
    bead.move_to(status, &made);
    bead
}

fn facts(bead: Bead) -> Facts {
    Facts {
        doubtful: Vec::new(),
        unclear: Vec::new(),
        starting: BTreeSet::new(),
        changed: Vec::new(),
        now: at("2026-01-15T10:05:00Z"),
        rig: "app".to_owned(),
        tracked: "/r/.beads".into(),
        host: Some("h-one".to_owned()),
        problems: Vec::new(),
        beads: vec![bead],
        dangling: Vec::new(),
        cycles: Vec::new(),
        hooks: Vec::new(),
        tickets: Vec::new(),
        sessions: Vec::new(),
        carriers: Vec::new(),
        temporary: Vec::new(),
        convoys: Vec::new(),
        absent: Vec::new(),
        lost: Vec::new(),
        due: Vec::new(),
        untold: Vec::new(),
        clone: super::super::clone::Clone::default(),
    }
}

/// What is found, each with whether it is repaired.
fn said(facts: &Facts) -> Vec<(String, bool)> {
    let say = |item: Item| (item.what.clone(), item.can_fix());
    plan(facts).into_iter().map(say).collect()
}

fn stray(is_orphan: bool) -> Carrier {
    Carrier {
        process: Identity {
            boot: "b".to_owned(),
            pid: 7,
            start: 9,
        },
        agent: Address::parse("app/polecats/toast").unwrap(),
        bead: Id::parse("gt-abc12").unwrap(),
        attempt: 1,
        nonce: "k3x9".to_owned(),
        is_orphan,
    }
}

#[test]
fn nothing_wrong_is_nothing_to_do() {
    for status in [Status::Open, Status::Closed, Status::Deferred] {
        assert_eq!(plan(&facts(bead(status))), []);
    }
}

#[test]
fn a_worker_may_say_goodbye_but_not_for_ever() {
    let stops = |status: Status, is_orphan: bool, now: &str| {
        let mut facts = facts(bead(status));
        facts.carriers = vec![stray(is_orphan)];
        facts.now = at(now);
        let is_stop = |item: &Item| matches!(item.fix, Some(Fix::StopProcess(_)));
        plan(&facts).iter().any(is_stop)
    };
    let (soon, late) = ("2026-01-15T10:05:00Z", "2026-01-15T10:11:00Z");
    assert!(!stops(Status::Closed, false, soon), "it ended its work");
    assert!(stops(Status::Closed, false, late));
    assert!(stops(Status::Closed, true, soon), "its session is gone");
    assert!(stops(Status::Open, false, soon), "its bead was taken away");
    assert!(
        !stops(Status::Deferred, false, late),
        "nobody knows since when"
    );
}

/// A session of the bead's attempt that runs, with the agent's ticket or not.
fn running(facts: &mut Facts, has_ticket: bool) -> Session {
    let bead = facts.beads[0].clone();
    let session = fixture::session();
    facts.sessions = vec![Remembered {
        session: session.clone(),
        is_running: true,
    }];
    let ticket = fixture::ticket();
    facts.tickets.extend(has_ticket.then(|| Held {
        situation: Situation {
            agent: ticket.agent.clone(),
            bead: Some(bead),
            hook: None,
            ticket: Some(ticket.clone()),
            merge_request: None,
            is_followed: false,
            is_elsewhere: false,
        },
        ticket,
    }));
    session
}

/// Whose attempt a command of this clone has begun to end.
fn ending(facts: &mut Facts, ends_as: Status) {
    let Held { ticket, situation } = &mut facts.tickets[0];
    ticket.ends_as = Some(ends_as);
    situation.ticket = Some(ticket.clone());
}

#[test]
fn a_ticket_that_outlived_its_bead_is_told_of_and_nothing_is_stopped() {
    for is_running in [true, false] {
        let mut facts = facts(bead(Status::Closed));
        running(&mut facts, true);
        facts.sessions[0].is_running = is_running;
        let items = plan(&facts);
        assert!(items.iter().all(|it| it.fix.is_none()), "{items:?}");
        let remedy = items[0].remedy.as_deref().unwrap_or_default();
        assert!(remedy.starts_with("`gt release gt-abc12`"), "{remedy}");
    }
}

#[test]
fn a_worker_is_stopped_before_its_ticket_is_retired() {
    for status in [Status::Closed, Status::Deferred] {
        let mut facts = facts(bead(status.clone()));
        facts.beads[0].closed_at = None;
        let session = running(&mut facts, true);
        ending(&mut facts, status.clone());
        let items = plan(&facts);
        let fixes: Vec<Fix> = items.iter().filter_map(|it| it.fix.clone()).collect();
        assert_eq!(fixes, [Fix::StopWorker(Box::new(session))]);
        let why = format!("gt-abc12 is {status}, and not by its own `gt done`");
        assert!(items[0].what.ends_with(&why), "{}", items[0].what);
        facts.sessions[0].is_running = false;
        let is_settled = |it: &Item| matches!(it.fix, Some(Fix::Settle { .. }));
        assert!(plan(&facts).iter().all(is_settled), "then its ticket");
    }
}

#[test]
fn an_agent_whose_files_cannot_be_read_is_left_alone() {
    let mut facts = facts(bead(Status::Open));
    running(&mut facts, false);
    facts.carriers = vec![stray(true)];
    assert_eq!(plan(&facts).len(), 1);
    facts.unclear = vec![facts.sessions[0].session.agent.clone()];
    assert_eq!(plan(&facts), []);
    facts.sessions[0].is_running = false;
    assert_eq!(plan(&facts), []);
}

#[test]
fn a_request_that_is_gone_is_filed_only_where_the_work_was_done() {
    let with = |tip: Option<&str>, is_ours: bool| {
        let mut facts = facts(bead(Status::Completed));
        let branch = Branch {
            tip: tip.map(str::to_owned),
            head: Some("0123456789".to_owned()),
            has_head: true,
            holds_head: false,
            has_landed: false,
            is_ours,
        };
        facts.clone.branches = BTreeMap::from([(facts.beads[0].id.clone(), branch)]);
        said(&facts)
    };
    assert_eq!(
        with(Some("0123456789"), true),
        [(
            "gt-abc12: file gt-mr-abc12.1 anew, with 0123456 of polecat/toast/gt-abc12".to_owned(),
            true
        )]
    );
    assert_eq!(with(Some("0123456789"), false), []);
    assert!(matches!(&with(None, true)[..], [(_, false)]));
}

#[test]
fn only_worktrees_with_nothing_to_lose_are_taken_away() {
    let held = Id::parse("gt-abc12").ok();
    for (state, bead_on_hook, fix) in [
        (State::Moved, None, true),
        (State::Copied, None, true),
        (State::HalfMade, None, true),
        (State::Unindexed, None, false),
        (State::Gone, None, true),
        (State::Gone, held, false),
        (State::GoneDetached, None, false),
        (State::Unlinked, None, false),
    ] {
        let mut facts = facts(bead(Status::Open));
        facts.clone.trees = vec![Tree {
            name: "toast".to_owned(),
            path: "/somewhere/toast".into(),
            state,
            bead: bead_on_hook,
        }];
        let found = said(&facts);
        assert!(
            matches!(&found[..], [(_, can)] if *can == fix),
            "{state:?}: {found:?}"
        );
    }
}
