//! Escalations: somebody has to decide before the work goes on.
//!
//! One change of state, whoever asks for it: bead, then hook, then the mail.
//! What the escalation is about stands on the bead itself, so that a killed
//! command is completed from there. Nobody's work is touched: the worktree
//! stays as it is, and resolving lets the agent go on in it.

mod list;
mod record;
mod severity;
mod tell;

use crate::error::Error;
use crate::work::{self, Work};
use crate::{Town, comment, convoy, resume};
use model::{Address, Bead, Event, Exit, Hook, Id, Status, Time, transition};
use store::Lock;

pub use list::{Entry, list};
pub use record::Record;
pub use severity::{Severity, SeverityError};
use tell::tell_first;
pub(crate) use tell::{tell, untold};

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalation {
    /// Who asks: the bead's own agent, or anybody else.
    pub by: String,
    /// How urgent it is.
    pub severity: Severity,
    /// What has to be decided.
    pub reason: String,
    /// The attempt, number and nonce, that it is about; none for whatever
    /// attempt is under way.
    pub fence: Option<(u32, String)>,
}

/// What escalating did.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalated {
    /// The bead as it is now.
    pub bead: Bead,
    /// Whose hook is parked.
    pub agent: Address,
    /// Who got mail now.
    pub told: Vec<Address>,
    /// Whether a worker was stopped.
    pub stopped: bool,
}

/// What acknowledging did.
#[derive(Debug, Clone, PartialEq)]
pub struct Acknowledged {
    /// The escalation.
    pub record: Record,
    /// False where somebody has seen it before.
    pub changed: bool,
}

/// Escalates the work on a bead: the bead first, then its hook is parked; then
/// the mail. Where the agent did not ask for it itself its process is stopped.
pub fn escalate(town: &Town, id: &Id, escalation: &Escalation) -> Result<Escalated, Error> {
    check(escalation)?;
    let work = work::lock(town, id, None)?;
    let next = transition(&work.bead.status, &Event::Escalate)
        .map_err(|refusal| Error::refusal(id, refusal))?;
    let agent = holder(&work, escalation)?;
    let mut bead = work.bead.clone();
    check_not_waiting(&work)?;
    let known = Record::of(&bead).filter(|it| next == bead.status && it.is(escalation));
    let is_new = known.is_none();
    if is_new {
        let text = format!("{}: {}", Exit::Escalated, escalation.reason);
        comment::add(town, id, &text)?;
        bead.move_to(next, &town.now());
        Record::new(escalation, &town.now()).write(&mut bead);
        work.locked.save(&bead)?;
    }
    park(town, &work, &bead)?;
    drop(work);
    convoy::refresh(town, std::slice::from_ref(id))?;
    let first = if is_new {
        tell_first(town, &bead)?
    } else {
        Vec::new()
    };
    let (later, stopped) = follow(town, &bead, &agent)?;
    let told = [first, later].concat();
    Ok(Escalated {
        bead,
        agent,
        told,
        stopped,
    })
}

/// What follows once a bead is escalated, or what a killed command left of it:
/// the mail, and the end of a worker that did not ask for it itself.
pub(crate) fn follow(
    town: &Town,
    bead: &Bead,
    agent: &Address,
) -> Result<(Vec<Address>, bool), Error> {
    let Some(record) = Record::of(bead).filter(|_| bead.status == Status::Escalated) else {
        return Ok((Vec::new(), false));
    };
    let told = tell(town, bead)?;
    let by_itself = crate::Actor::named(&record.by).address() == Some(agent);
    let stopped = !by_itself && agent.is_spawned() && stop_parked(town, &bead.id, agent)?;
    Ok((told, stopped))
}

fn stop_parked(town: &Town, bead: &Id, agent: &Address) -> Result<bool, Error> {
    let hook = town.store.read::<Hook>(agent)?;
    let parked = hook.filter(|hook| hook.bead == *bead && hook.parked.is_some());
    parked.map_or(Ok(false), |hook| resume::stop_parked(town, &hook))
}

/// Notes who has seen an escalation; the first keeps it.
pub fn acknowledge(town: &Town, id: &Id) -> Result<Acknowledged, Error> {
    let locked = town.lock(&[Lock::bead(id)])?;
    let mut bead = town.store.bead(id)?;
    expect_escalated(&bead)?;
    let mut record = Record::of(&bead).unwrap_or_else(|| Record::unknown(&bead));
    if record.acknowledged_by.is_some() {
        return Ok(Acknowledged {
            record,
            changed: false,
        });
    }
    record.acknowledge(town.actor.name(), &town.now());
    record.write(&mut bead);
    locked.save(&bead)?;
    Ok(Acknowledged {
        record,
        changed: true,
    })
}

/// Notes on a bead that is escalated no more that its question was answered, or
/// that nobody waits for an answer.
pub(crate) fn withdraw(before: &Bead, bead: &mut Bead, by: &str, now: &Time) {
    let is_over = before.status == Status::Escalated && bead.status != Status::Escalated;
    if let Some(mut record) = Record::of(bead).filter(|_| is_over) {
        record.resolve(by, now);
        record.write(bead);
    }
}

/// Answers an escalation: its agent goes on where it was.
pub fn resolve(town: &Town, id: &Id, answer: Option<&str>) -> Result<resume::Resumed, Error> {
    expect_escalated(&town.store.bead(id)?)?;
    resume::resume(town, id, answer)
}

fn expect_escalated(bead: &Bead) -> Result<(), Error> {
    if bead.status == Status::Escalated {
        return Ok(());
    }
    Err(Error::refused(
        format!("{} is {}, not escalated", bead.id, bead.status),
        "`gt escalate list` shows what waits for an answer",
    ))
}

fn check(escalation: &Escalation) -> Result<(), Error> {
    if escalation.reason.trim().is_empty() {
        return Err(Error::usage(
            "an escalation needs a reason",
            "say with -m what has to be decided",
        ));
    }
    Ok(())
}

/// That the hook waits for nothing else, which the escalation would make it forget.
fn check_not_waiting(work: &Work<'_>) -> Result<(), Error> {
    let waits = work.waits().filter(|parked| parked.reason != "escalated");
    match waits {
        Some(parked) => Err(Error::refused(
            format!(
                "{} waits for {}, and nobody works on it",
                work.bead.id, parked.on
            ),
            format!(
                "`gt show {}` says what it waits for; `gt release {0}` takes it off the hook",
                work.bead.id
            ),
        )),
        None => Ok(()),
    }
}

/// Whose hook holds the bead, at the attempt that is meant.
fn holder(work: &Work<'_>, escalation: &Escalation) -> Result<Address, Error> {
    let id = &work.bead.id;
    if let Some((attempt, nonce)) = &escalation.fence {
        let now = work.ticket.as_ref().map(|ticket| &ticket.nonce);
        if now != Some(nonce) || work.bead.attempt != *attempt {
            return Err(over(&work.bead, *attempt));
        }
    }
    let held = work.is_held() || work.ticket.as_ref().is_some_and(|it| it.bead == *id);
    work.agent.clone().filter(|_| held).ok_or_else(|| {
        Error::refused(
            format!("no hook holds {id}, so there is nobody to park"),
            format!("`gt hook {id}` puts it on yours; `gt mail send mayor -s {id} -m WHY` asks without a hook"),
        )
    })
}

fn over(bead: &Bead, attempt: u32) -> Error {
    Error::refused(
        format!(
            "attempt {attempt} at {} is over: the bead is {} at attempt {}",
            bead.id, bead.status, bead.attempt
        ),
        format!(
            "`bd show {}` says where it stands; what you committed stays on your branch",
            bead.id
        ),
    )
}

/// Parks the hook, which may have been restored a moment ago.
fn park(town: &Town, work: &Work<'_>, bead: &Bead) -> Result<(), Error> {
    let hook = work.agent.as_ref().map(|it| town.store.read::<Hook>(it));
    let Some(mut hook) = hook.transpose()?.flatten() else {
        return Ok(());
    };
    let parked = work::settle::escalated(bead, &town.now());
    let is_parked = |it: &model::Parked| it.reason == parked.reason && it.note == parked.note;
    if hook.bead == bead.id && !hook.parked.as_ref().is_some_and(is_parked) {
        hook.parked = Some(parked);
        work.locked.save(&hook)?;
    }
    Ok(())
}
