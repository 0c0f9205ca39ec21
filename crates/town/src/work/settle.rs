//! What a killed command left half done, and how to complete it.
//!
//! [`settle`] is pure: from a bead, the hook and ticket of one agent and the
//! merge request of the attempt it says what is missing. The order in which
//! operations write makes every crash point one of the cases below.

use crate::Town;
use crate::error::Error;
use crate::escalation::Record;
use model::{Address, Bead, Event, Hook, Id, Parked, Status, Ticket, Time, transition};
use std::cmp::Ordering;
use store::Locked;
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
    /// The merge request of the ticket's attempt.
    pub merge_request: Option<Bead>,
    /// Whether the ticket is being ended in favour of a later attempt at the bead,
    /// which has a ticket here.
    pub is_followed: bool,
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

/// A ticket that stands although its bead says that the attempt is over, or is
/// not there, and no command of this clone has ended it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlived {
    /// Whose ticket.
    pub agent: Address,
    /// The bead.
    pub bead: Id,
    /// The attempt that the ticket is for.
    pub attempt: u32,
    /// What the bead says, with its attempt; none if it is not there.
    pub says: Option<(Status, u32)>,
}

impl Outlived {
    /// That of a ticket, whose bead may be there.
    pub fn of(ticket: &Ticket, bead: Option<&Bead>) -> Self {
        Self {
            agent: ticket.agent.clone(),
            bead: ticket.bead.clone(),
            attempt: ticket.attempt,
            says: bead.map(|bead| (bead.status.clone(), bead.attempt)),
        }
    }

    /// What is wrong, in one sentence.
    pub fn describe(&self) -> String {
        let Self {
            agent,
            bead,
            attempt,
            says,
        } = self;
        match says {
            None => format!("{bead} is on {agent}'s hook, and there is no such bead"),
            Some((status, at)) => format!(
                "{bead} is {status} at attempt {at}, and no command here has ended attempt {attempt}, which {agent} has"
            ),
        }
    }

    /// What helps.
    pub fn remedy(&self) -> String {
        let Self { agent, bead, .. } = self;
        format!(
            "`gt release {bead}` takes it off that hook here; or bring the bead back with git, and {agent} goes on"
        )
    }

    /// Both, for who wanted to change it.
    pub fn error(&self) -> Error {
        Error::refused(self.describe(), self.remedy())
    }
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
    /// Reads it from the store.
    pub fn read(town: &Town, bead: &Id, agent: &Address) -> Result<Self, Error> {
        let ticket = town.store.read::<Ticket>(agent)?;
        let merge_request = match &ticket {
            Some(ticket) => town
                .store
                .read::<Bead>(&ticket.bead.merge_request(ticket.attempt))?,
            None => None,
        };
        let bead = ticket.as_ref().map_or(bead, |ticket| &ticket.bead);
        let ending = ticket.as_ref().filter(|it| it.ended_at.is_some());
        Ok(Self {
            agent: agent.clone(),
            is_followed: ending.map_or(Ok(false), |it| is_followed(town, it))?,
            bead: town.store.read::<Bead>(bead)?,
            hook: town.store.read::<Hook>(agent)?,
            ticket,
            merge_request,
        })
    }
}

/// Whether whoever got the bead of a ticket after it has a ticket for it.
fn is_followed(town: &Town, ticket: &Ticket) -> Result<bool, Error> {
    let last = town.store.last_attempt(&ticket.bead)?;
    let later = last.filter(|last| last.number > ticket.attempt);
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
    match (stance(ticket, bead), ticket.ended_at.is_some()) {
        (Stance::UnderWay, false) => current(situation, bead, hook),
        (Stance::UnderWay, true) => ending(situation, bead, hook),
        (Stance::Behind | Stance::Over, true) => over(hook),
        (Stance::Behind, false) => unwritten(hook),
        (Stance::Over, false) => vec![Finding::Outlived(Outlived::of(ticket, Some(bead)))],
    }
}

/// Where a bead stands to the attempt of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stance {
    /// The attempt is under way.
    UnderWay,
    /// The bead has not heard of it.
    Behind,
    /// It is over.
    Over,
}

pub(crate) fn stance(ticket: &Ticket, bead: &Bead) -> Stance {
    let is_its = bead.status.is_on_a_hook() && bead.agent().as_ref() == Some(&ticket.agent);
    match bead.attempt.cmp(&ticket.attempt) {
        Ordering::Equal if is_its => Stance::UnderWay,
        Ordering::Less if !bead.status.is_closed() => Stance::Behind,
        _ => Stance::Over,
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
            Self::KeepTicket => Ok(locked
                .save(&Ticket {
                    ended_at: None,
                    ..ticket.clone()
                })
                .map(drop)?),
            Self::RemoveHook => Ok(locked.remove::<Hook>(&ticket.agent).map(drop)?),
            Self::RetireTicket => Ok(locked.remove::<Ticket>(&ticket.agent).map(drop)?),
        }
    }
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
