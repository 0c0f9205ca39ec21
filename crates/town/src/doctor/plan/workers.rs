//! Processes that work on what is not theirs, and what is remembered of those
//! that ended.

use super::super::facts::Remembered;
use super::super::processes::Stray;
use super::super::{Facts, Fix, Item};
use crate::escalation::Record;
use jiff::{SignedDuration, Timestamp};
use model::{Bead, Id, Status};

/// How long a worker that has ended its work may take to say goodbye.
const GOODBYE: SignedDuration = SignedDuration::from_mins(10);

/// How long the session of ended work is remembered: its log is of use.
const MEMORY: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) fn items(facts: &Facts) -> Vec<Item> {
    let mut items = Vec::new();
    let mut stopped = Vec::new();
    for it in &facts.sessions {
        if let Some(why) = must_stop(facts, it) {
            let agent = &it.session.agent;
            let what = format!("{agent}: stop its worker, {why}");
            items.push(Item::fix(what, Fix::StopWorker(agent.clone())));
            stopped.push((agent, it.session.attempt));
        } else if is_handed_off(facts, it) {
            let agent = it.session.agent.clone();
            let what = format!("{agent}: start the fresh session that it has handed off to");
            items.push(Item::fix(what, Fix::HandOff(agent)));
        } else if is_forgotten(facts, it) {
            let agent = it.session.agent.clone();
            let what = format!("{agent}: forget its session, which ended long ago");
            items.push(Item::fix(what, Fix::RemoveSession(agent)));
        }
    }
    let strays = facts
        .strays
        .iter()
        .filter(|it| is_left_behind(facts, it) && !stopped.contains(&(&it.agent, it.attempt)));
    items.extend(strays.map(|it| {
        let what = format!(
            "{}: stop process {}, which attempt {} at {} left behind",
            it.agent, it.process.pid, it.attempt, it.bead
        );
        Item::fix(what, Fix::StopProcess(it.process.clone()))
    }));
    items
}

fn must_stop(facts: &Facts, it: &Remembered) -> Option<String> {
    let session = &it.session;
    if !it.is_running {
        return None;
    }
    let ticket = facts.ticket(&session.agent);
    if ticket.is_none_or(|ticket| ticket.nonce != session.nonce) {
        let taken = was_taken(facts, &session.bead, session.attempt);
        return taken.then(|| format!("{} was taken away", session.bead));
    }
    let bead = facts.bead(&session.bead)?;
    let record = Record::of(bead).filter(|_| bead.status == Status::Escalated)?;
    (record.by != session.agent.to_string())
        .then(|| format!("{} was escalated by {}", bead.id, record.by))
}

/// Whether a bead went to somebody else, or back. One that its worker ended
/// by itself was not taken away.
fn was_taken(facts: &Facts, bead: &Id, attempt: u32) -> bool {
    let bead = facts.bead(bead);
    bead.is_some_and(|bead| bead.status == Status::Open || bead.attempt > attempt)
}

fn is_left_behind(facts: &Facts, stray: &Stray) -> bool {
    let is_worker = facts.sessions.iter().any(|it| {
        it.is_running && it.session.agent == stray.agent && it.session.attempt == stray.attempt
    });
    let had_time = ended_at(facts, stray).is_some_and(|end| is_older(facts, end, GOODBYE));
    stray.is_orphan && !is_worker || was_taken(facts, &stray.bead, stray.attempt) || had_time
}

/// When an attempt ended: its bead was closed, or its merge request filed.
fn ended_at(facts: &Facts, stray: &Stray) -> Option<Timestamp> {
    let bead = facts.bead(&stray.bead);
    let closed = |bead: &Bead| bead.closed_at.as_ref().map(model::Time::timestamp);
    let filed = facts.bead(&stray.bead.merge_request(stray.attempt));
    let filed = filed.map(|request| request.created_at.timestamp());
    filed.or_else(|| bead.and_then(closed))
}

fn is_older(facts: &Facts, time: Timestamp, age: SignedDuration) -> bool {
    facts.now.duration_since(time) >= age
}

/// Whether a fresh session is due. A hook that waits is started when it goes on.
fn is_handed_off(facts: &Facts, it: &Remembered) -> bool {
    let session = &it.session;
    let hook = facts.hooks.iter().find(|hook| hook.agent == session.agent);
    let is_same = |nonce: &str| nonce == session.nonce;
    session.handoff.is_some()
        && facts
            .ticket(&session.agent)
            .is_some_and(|it| is_same(&it.nonce))
        && hook.is_some_and(|hook| is_same(&hook.nonce) && hook.parked.is_none())
}

fn is_forgotten(facts: &Facts, it: &Remembered) -> bool {
    let session = &it.session;
    !it.is_running
        && facts.ticket(&session.agent).is_none()
        && is_older(facts, session.started_at.timestamp(), MEMORY)
}
