//! Processes that work on what is not theirs, and what is remembered of those
//! that ended.

use super::super::around::Around;
use super::super::facts::Remembered;
use super::super::processes::Carrier;
use super::super::{Facts, Fix, Item};
use super::hooks::is_outlived;
use crate::escalation::Record;
use crate::work;
use crate::worker::{Astray, GOODBYE, Says};
use jiff::{SignedDuration, Timestamp};
use model::{Address, Status, Time};
use std::collections::{BTreeMap, BTreeSet};

/// How long the session of ended work is remembered: its log is of use.
const MEMORY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Workers that have to be stopped, before anything else is done with their hooks,
/// by their agents.
pub(super) fn stops(facts: &Facts) -> BTreeMap<&Address, Item> {
    let known = facts.sessions.iter();
    let stops = known.map(|it| Some((&it.session.agent, stop(facts, it)?)));
    stops.flatten().collect()
}

fn stop(facts: &Facts, it: &Remembered) -> Option<Item> {
    let session = &it.session;
    let agent = &session.agent;
    let around = Around::of(facts, agent, &session.bead, session.attempt);
    let why = must_stop(&around).filter(|_| !facts.unclear.contains(agent))?;
    let what = format!("{agent}: stop its worker, {why}");
    Some(Item::fix(what, Fix::StopWorker(Box::new(session.clone()))))
}

/// What is left, once the workers of these agents are stopped.
pub(super) fn items(facts: &Facts, stopped: &BTreeSet<&Address>) -> Vec<Item> {
    let is_clear = |agent: &&Address| !facts.unclear.contains(agent) && !stopped.contains(agent);
    let known = facts
        .sessions
        .iter()
        .filter(|it| is_clear(&&it.session.agent));
    let mut items: Vec<Item> = known.filter_map(|it| session(facts, it)).collect();
    let left_behind = facts.carriers.iter().filter(|it| {
        let around = Around::of(facts, &it.agent, &it.bead, it.attempt);
        is_clear(&&it.agent) && is_left_behind(&around, it)
    });
    items.extend(left_behind.map(|it| {
        let what = format!(
            "{}: stop process {}, which attempt {} at {} left behind",
            it.agent, it.process.pid, it.attempt, it.bead
        );
        Item::fix(what, Fix::StopProcess(Box::new(it.clone())))
    }));
    items
}

fn session(facts: &Facts, it: &Remembered) -> Option<Item> {
    let session = &it.session;
    let agent = session.agent.clone();
    if is_handed_off(facts, it) {
        let what = format!("{agent}: start the fresh session that it has handed off to");
        return Some(Item::fix(what, Fix::HandOff(agent)));
    }
    let around = Around::of(facts, &agent, &session.bead, session.attempt);
    is_forgotten(&around).then(|| {
        let what = format!("{agent}: forget its session, which ended long ago");
        Item::fix(what, Fix::RemoveSession(agent))
    })
}

/// Why the worker of a session has to be stopped, if it runs and has to be.
pub(in super::super) fn must_stop(around: &Around) -> Option<String> {
    let session = around.session.as_ref().filter(|it| it.is_running)?;
    let (session, bead) = (&session.session, around.bead.as_ref()?);
    let ticket = around.ticket.as_ref();
    let holder = work::standing::holder(bead);
    let says = Some(Says::of(bead, holder.as_ref()));
    let has_ticket = ticket.is_some_and(|it| work::standing::stands(it, &session.nonce, says));
    let astray = Astray::of_session(session, has_ticket, bead, around.now);
    // Git, which has brought what the bead says, may bring it back.
    if let Some(astray) = astray.filter(|_| !has_ticket) {
        return Some(astray.describe(&bead.id));
    }
    let is_escalated = has_ticket && bead.status == Status::Escalated;
    let record = Record::of(bead).filter(|_| is_escalated)?;
    (record.by != session.agent.to_string())
        .then(|| format!("{} was escalated by {}", bead.id, record.by))
}

/// Whether a process goes on although its attempt, or its worker, has ended.
pub(in super::super) fn is_left_behind(around: &Around, it: &Carrier) -> bool {
    let session = around.session.as_ref();
    let own = session.filter(|known| known.session.nonce == it.nonce);
    let ticket = around.ticket.as_ref();
    match own {
        // It goes when that one goes.
        Some(own) if own.is_running => false,
        // One that a killed command started may run without being remembered.
        _ if ticket.is_some_and(|ticket| ticket.nonce == it.nonce) => {
            own.is_some_and(|own| own.session.process.is_some()) && !around.is_starting
        }
        _ => it.is_orphan || was_taken(around, it, own) || had_time(around, own),
    }
}

fn was_taken(around: &Around, it: &Carrier, own: Option<&Remembered>) -> bool {
    let Some(bead) = &around.bead else {
        return false;
    };
    match own {
        Some(own) => Astray::of_session(&own.session, false, bead, around.now).is_some(),
        None => bead.attempt > it.attempt || bead.status == Status::Open,
    }
}

/// Whether an attempt ended long ago: by its own agent, or its merge request was
/// filed, or its bead closed, or its agent went on to another.
fn had_time(around: &Around, own: Option<&Remembered>) -> bool {
    let done = own.and_then(|own| own.session.done_at.as_ref());
    let filed = around.filed.as_ref().map(|it| &it.created_at);
    let closed = around.bead.as_ref().and_then(|it| it.closed_at.as_ref());
    let next = around.session.as_ref().filter(|_| own.is_none());
    let next = next.map(|it| &it.session.started_at);
    let end = done.or(filed).or(closed).or(next).map(Time::timestamp);
    end.is_some_and(|end| is_older(around, end, GOODBYE))
}

fn is_older(around: &Around, time: Timestamp, age: SignedDuration) -> bool {
    around.now.duration_since(time) >= age
}

/// Whether a fresh session is due. A hook that waits is started when it goes on.
fn is_handed_off(facts: &Facts, it: &Remembered) -> bool {
    let session = &it.session;
    let hook = facts.hooks.iter().find(|hook| hook.agent == session.agent);
    let is_same = |nonce: &str| nonce == session.nonce;
    session.handoff.is_some()
        && !is_outlived(facts, &session.bead)
        && facts
            .ticket(&session.agent)
            .is_some_and(|it| is_same(&it.nonce))
        && hook.is_some_and(|hook| is_same(&hook.nonce) && hook.parked.is_none())
}

/// Whether nobody needs to know any more what ran.
pub(in super::super) fn is_forgotten(around: &Around) -> bool {
    let gone = around.session.as_ref().filter(|it| !it.is_running);
    let began = gone.map(|it| it.session.started_at.timestamp());
    around.ticket.is_none() && began.is_some_and(|it| is_older(around, it, MEMORY))
}
