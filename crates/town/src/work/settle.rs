//! What a killed command left half done, and how to complete it.
//!
//! [`settle`] is pure: from a bead, the hook and ticket of one agent and the
//! merge request of the attempt it says what is missing. The order in which
//! operations write makes every crash point one of the cases below.

use super::standing::{Outlived, Standing, of_bead};
use crate::Town;
use crate::error::Error;
use crate::escalation::Record;
use crate::session::Session;
use model::{
    Address, Bead, Event, Hook, Id, MergeRequest, Parked, Status, Ticket, Time, transition,
};
use store::Locked;
use store::attempts::LastAttempt;
use store::look;
use store::yaml::Document;

/// Everything that one attempt has left in files.
#[derive(Debug, Clone)]
pub struct Situation {
    /// The agent.
    pub agent: Address,
    /// The bead, if it is there.
    pub bead: Option<Bead>,
    /// What is on the agent's hook.
    pub hook: Option<Hook>,
    /// This clone's ticket for the agent.
    pub ticket: Option<Ticket>,
    /// The merge request of the ticket's attempt, where `gt done` is under way and
    /// this clone has filed it.
    pub merge_request: Option<Bead>,
    /// Whether the ticket is being ended in favour of a later attempt at the bead,
    /// which has a ticket here.
    pub is_followed: bool,
    /// Whether the attempt is one of another store of this clone, whose bead is not
    /// this one.
    pub is_elsewhere: bool,
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// It can be completed.
    Half(Fix),
    /// The ticket stands, and the bead went on without it: git or a hand has
    /// changed it, and may change it back. Only a person can tell.
    Outlived(Outlived),
    /// It needs a person.
    Report(String),
}

/// One step that completes what was left half done. Each is idempotent.
#[derive(Debug, Clone, PartialEq)]
pub enum Fix {
    /// The sling stopped before it wrote the bead: hook it.
    HookBead,
    /// The sling stopped before it wrote the hook, or git took it away or
    /// brought an older one back: write it from the ticket.
    RestoreHook,
    /// `gt done` stopped after it filed the merge request: complete the bead.
    CompleteBead,
    /// An escalation stopped before it parked the hook.
    ParkHook,
    /// An escalation was answered, and the hook is still parked.
    UnparkHook,
    /// The command that was to end the attempt stopped before it said so anywhere
    /// else: the attempt goes on.
    KeepTicket,
    /// The attempt is over: remove its hook.
    RemoveHook,
    /// The attempt is over and its hook is gone: retire its ticket.
    RetireTicket,
}

impl Finding {
    /// The ticket that has outlived its bead, if it is one.
    pub fn outlived(self) -> Option<Outlived> {
        match self {
            Self::Outlived(outlived) => Some(outlived),
            Self::Half(_) | Self::Report(_) => None,
        }
    }
}

impl Situation {
    /// Reads it from the store. The bead comes before its ticket: whoever ends an
    /// attempt writes them the other way round, so that no end is seen without its
    /// announcement.
    pub fn read(town: &Town, bead: &Id, agent: &Address) -> Result<Self, Error> {
        let asked = town.store.read::<Bead>(bead)?;
        let ticket = town.store.read::<Ticket>(agent)?;
        let bead = match &ticket {
            Some(ticket) if ticket.bead != *bead => town.store.read::<Bead>(&ticket.bead)?,
            _ => asked,
        };
        let last = match &ticket {
            Some(ticket) => town.store.last_attempt(&ticket.bead)?,
            None => None,
        };
        let known = ticket.as_ref().zip(last.as_ref());
        let ending = known.filter(|(ticket, _)| ticket.ends_as.is_some());
        Ok(Self {
            agent: agent.clone(),
            bead,
            hook: town.store.read::<Hook>(agent)?,
            is_followed: ending.map_or(Ok(false), |(it, last)| is_followed(town, it, last))?,
            is_elsewhere: match known {
                Some((ticket, last)) if ticket.attempt == last.number => is_elsewhere(town, last)?,
                _ => false,
            },
            merge_request: match ending {
                Some((ticket, last)) => filed(town, ticket, last)?,
                None => None,
            },
            ticket,
        })
    }
}

/// The merge request of an attempt, as this clone has filed it.
fn filed(town: &Town, ticket: &Ticket, last: &LastAttempt) -> Result<Option<Bead>, Error> {
    let id = ticket.bead.merge_request(ticket.attempt);
    let filed = last.filed.as_ref();
    let head = filed.filter(|_| last.number == ticket.attempt);
    let found = town.store.read::<Bead>(&id)?;
    let is_it = |it: &MergeRequest| Some(&it.head) == head.map(|it| &it.head);
    Ok(found.filter(|it| it.merge_request.as_ref().is_some_and(is_it)))
}

/// Whether an attempt was made in another store of this clone, which is still there.
pub(super) fn is_elsewhere(town: &Town, last: &LastAttempt) -> Result<bool, Error> {
    let own = &town.store.located().beads;
    Ok(last.store != *own && look::is_there(&last.store)?)
}

/// Whether whoever got the bead of a ticket after it has a ticket for it.
fn is_followed(town: &Town, ticket: &Ticket, last: &LastAttempt) -> Result<bool, Error> {
    let later = Some(last).filter(|last| last.number > ticket.attempt);
    let Some(agent) = later.and_then(|last| Address::parse(&last.holder).ok()) else {
        return Ok(false);
    };
    let next = town.store.read::<Ticket>(&agent)?;
    Ok(next.is_some_and(|next| next.bead == ticket.bead && next.attempt > ticket.attempt))
}

/// What is to be done so that bead, hook and ticket agree. A ticket is retired
/// only where a command of this clone has begun to end its attempt.
pub fn settle(situation: &Situation) -> Vec<Finding> {
    let Some(ticket) = &situation.ticket else {
        return without_ticket(situation);
    };
    if situation.is_elsewhere {
        return Vec::new();
    }
    let Some(bead) = &situation.bead else {
        return vec![Finding::Outlived(Outlived::of(ticket, None))];
    };
    let is_hook_of_ticket = |hook: &Hook| {
        hook.bead == ticket.bead && hook.attempt == ticket.attempt && hook.nonce == ticket.nonce
    };
    let hook = situation
        .hook
        .as_ref()
        .filter(|hook| is_hook_of_ticket(hook));
    match of_bead(ticket, Some(bead)) {
        Standing::UnderWay => current(situation, bead, hook),
        Standing::Ending => ending(situation, bead, hook),
        Standing::Behind => unwritten(hook),
        Standing::Over => over(hook),
        Standing::Outlived(outlived) => vec![Finding::Outlived(outlived)],
    }
}

/// The command that ends the attempt stopped before it wrote the bead. One that
/// has filed the merge request is completed, and so is, by the ticket that it
/// minted, one that gave the bead to another; any other is taken for not given.
fn ending(situation: &Situation, bead: &Bead, hook: Option<&Hook>) -> Vec<Finding> {
    let is_filed = situation
        .merge_request
        .as_ref()
        .is_some_and(|mr| !mr.status.is_closed());
    if is_filed && transition(&bead.status, &Event::Complete).is_ok() {
        let mut findings = vec![Finding::Half(Fix::CompleteBead)];
        findings.extend(over(hook));
        return findings;
    }
    if situation.is_followed {
        return Vec::new();
    }
    let mut findings = vec![Finding::Half(Fix::KeepTicket)];
    findings.extend(current(situation, bead, hook));
    findings
}

/// The bead says that this attempt is under way.
fn current(situation: &Situation, bead: &Bead, hook: Option<&Hook>) -> Vec<Finding> {
    match hook {
        None if situation.hook.as_ref().is_some_and(|it| is_older(it, bead)) => {
            vec![Finding::Half(Fix::RestoreHook)]
        }
        None if situation.hook.is_some() => {
            vec![Finding::Report(format!(
                "the hook of {} is not the one that was slung",
                situation.agent
            ))]
        }
        None => vec![Finding::Half(Fix::RestoreHook)],
        Some(hook) if bead.status == Status::Escalated && hook.parked.is_none() => {
            vec![Finding::Half(Fix::ParkHook)]
        }
        Some(hook) if bead.status == Status::InProgress && waits_for_an_answer(hook) => {
            vec![Finding::Half(Fix::UnparkHook)]
        }
        Some(_) => Vec::new(),
    }
}

/// Left by an earlier attempt: who took the bead over stopped before its own
/// hook was written, or git brought the old one back.
fn is_older(hook: &Hook, bead: &Bead) -> bool {
    hook.bead == bead.id && hook.attempt < bead.attempt
}

fn waits_for_an_answer(hook: &Hook) -> bool {
    hook.parked
        .as_ref()
        .is_some_and(|parked| parked.reason == "escalated")
}

/// The ticket is newer than the bead: the sling stopped before it wrote the
/// bead, or git brought an older one back.
fn unwritten(hook: Option<&Hook>) -> Vec<Finding> {
    let restored = hook.is_none().then_some(Finding::Half(Fix::RestoreHook));
    [Finding::Half(Fix::HookBead)]
        .into_iter()
        .chain(restored)
        .collect()
}

fn over(hook: Option<&Hook>) -> Vec<Finding> {
    let removed = hook.map(|_| Finding::Half(Fix::RemoveHook));
    let retired = Finding::Half(Fix::RetireTicket);
    removed.into_iter().chain([retired]).collect()
}

/// A hook that this clone has no ticket for: it came by git or by hand.
fn without_ticket(situation: &Situation) -> Vec<Finding> {
    let Some(hook) = &situation.hook else {
        return Vec::new();
    };
    vec![Finding::Report(format!(
        "the hook of {} (bead {}, attempt {}) has no ticket in this clone: it came by git or by hand, and nothing runs for it",
        hook.agent, hook.bead, hook.attempt
    ))]
}

impl Fix {
    /// What the step does, for a person.
    pub fn describe(&self, agent: &Address, bead: &Id) -> String {
        match self {
            Self::HookBead => format!("{bead}: hook it for {agent}, as was begun"),
            Self::RestoreHook => format!("{agent}: write the hook with {bead} from its ticket"),
            Self::CompleteBead => format!("{bead}: complete it, its merge request is filed"),
            Self::ParkHook => format!("{agent}: park the hook, {bead} is escalated"),
            Self::UnparkHook => format!("{agent}: let the hook go on, {bead} was answered"),
            Self::KeepTicket => format!(
                "{agent}: keep {bead}, the command that was to take it off the hook was cut short"
            ),
            Self::RemoveHook => format!("{agent}: remove the hook, the attempt at {bead} is over"),
            Self::RetireTicket => {
                format!("{agent}: retire the ticket, the attempt at {bead} is over")
            }
        }
    }

    /// Does the step. The locks of the bead and the agent's hook are held.
    pub fn apply(
        &self,
        town: &Town,
        locked: &Locked<'_>,
        situation: &Situation,
    ) -> Result<(), Error> {
        let Some(ticket) = &situation.ticket else {
            return Ok(());
        };
        match self {
            Self::HookBead => change_bead(town, locked, ticket, |bead| {
                bead.attempt = ticket.attempt;
                bead.assignee = Some(ticket.agent.to_string());
                bead.branch.clone_from(&ticket.branch);
                bead.move_to(Status::Hooked, &town.now());
            }),
            Self::CompleteBead => change_bead(town, locked, ticket, |bead| {
                bead.move_to(Status::Completed, &town.now())
            }),
            Self::RestoreHook => {
                Ok(locked.write_text::<Hook>(&ticket.agent, &restored(town, ticket)?)?)
            }
            Self::ParkHook => {
                let bead = town.store.bead(&ticket.bead)?;
                park(town, locked, ticket, Some(escalated(&bead, &town.now())))
            }
            Self::UnparkHook => park(town, locked, ticket, None),
            Self::KeepTicket => keep(town, locked, ticket),
            Self::RemoveHook => Ok(locked.remove::<Hook>(&ticket.agent).map(drop)?),
            Self::RetireTicket => Ok(locked.remove::<Ticket>(&ticket.agent).map(drop)?),
        }
    }
}

/// What was to end goes on: its ticket and its worker's session say so.
pub(super) fn keep(town: &Town, locked: &Locked<'_>, ticket: &Ticket) -> Result<(), Error> {
    let session = town.store.read::<Session>(&ticket.agent)?;
    let is_done = |it: &Session| it.nonce == ticket.nonce && it.done_at.is_some();
    if let Some(session) = session.filter(is_done) {
        locked.save(&Session {
            done_at: None,
            ..session
        })?;
    }
    locked.save(&Ticket {
        ends_as: None,
        ..ticket.clone()
    })?;
    Ok(())
}

fn change_bead(
    town: &Town,
    locked: &Locked<'_>,
    ticket: &Ticket,
    change: impl FnOnce(&mut Bead),
) -> Result<(), Error> {
    let mut bead = town.store.bead(&ticket.bead)?;
    change(&mut bead);
    locked.save(&bead)?;
    Ok(())
}

fn park(
    town: &Town,
    locked: &Locked<'_>,
    ticket: &Ticket,
    parked: Option<Parked>,
) -> Result<(), Error> {
    if let Some(mut hook) = town.store.read::<Hook>(&ticket.agent)? {
        hook.parked = parked;
        locked.save(&hook)?;
    }
    Ok(())
}

/// The hook's text as minted, parked again if its bead is escalated.
fn restored(town: &Town, ticket: &Ticket) -> Result<String, Error> {
    let bead = town.store.read::<Bead>(&ticket.bead)?;
    let Some(bead) = bead.filter(|bead| bead.status == Status::Escalated) else {
        return Ok(ticket.hook.clone());
    };
    let broken = |_| {
        Error::refused(
            format!("the ticket of {} holds no hook", ticket.agent),
            "release the bead and sling it again",
        )
    };
    let document = Document::<Hook>::parse(&ticket.hook).map_err(broken)?;
    let mut hook = document.record.clone();
    hook.parked = Some(escalated(&bead, &town.now()));
    document.with(&hook).map_err(broken)
}

/// What the hook of an escalated bead waits for, and why, as the bead says.
pub fn escalated(bead: &Bead, now: &Time) -> Parked {
    Parked {
        on: bead.id.clone(),
        reason: "escalated".to_owned(),
        note: Record::of(bead).map(|it| it.reason),
        since: now.clone(),
    }
}

#[cfg(test)]
mod tests;
