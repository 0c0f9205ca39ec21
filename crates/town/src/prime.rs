//! `gt prime`: what an agent needs to know when it starts.

use crate::Town;
use crate::error::Error;
use crate::hooking::{self, OnHook};
use crate::life::Changed;
use crate::{handoff, life, work};
use model::{Address, Event, Exit, Hook, Status, transition};
use store::Problem;
use store::comments::Filed;
use store::mailbox::Letter;

/// What to tell an agent.
#[derive(Debug, Clone)]
pub struct Prime {
    /// Who it is.
    pub agent: Option<Address>,
    /// The name it acts under, also where that is no address.
    pub name: String,
    /// What to do.
    pub orders: Orders,
}

/// What to do.
#[derive(Debug, Clone)]
pub enum Orders {
    /// Work is on the hook: begin.
    Work {
        /// The hook.
        on: Box<OnHook>,
        /// Whether this call picked the bead up.
        picked_up: bool,
        /// What the session before told whoever goes on.
        note: Option<Box<Filed>>,
        /// The last question or phase of this bead, and what was said since.
        said: Vec<Filed>,
        /// Unread mail.
        mail: Vec<Letter>,
    },
    /// The hook waits for something.
    Parked(Box<OnHook>),
    /// A hook that this clone has no ticket for: nothing runs for it here.
    NoTicket(Box<OnHook>),
    /// Nothing on the hook; mail.
    Mail(Vec<Letter>),
    /// Nothing at all.
    Wait,
}

/// What the acting agent is to do. Its own hook's bead is picked up; anybody
/// else's call writes nothing.
///
/// A hook that cannot be read is an error: an agent is never told that there
/// is no work because a file failed to parse. Nor is one whose attempt is over
/// told to wait: it is told to stop.
pub fn prime(town: &Town) -> Result<Prime, Error> {
    let name = town.actor.name().to_owned();
    let Some(agent) = town.actor.address().cloned() else {
        return Ok(Prime {
            agent: None,
            name,
            orders: Orders::Wait,
        });
    };
    let on = as_slung(town, &agent)?;
    if on.is_changed {
        (town.setup().warn)(&format!(
            "the hook of {agent} was changed since it was slung; what was slung counts"
        ));
    }
    crate::attempt::check_carried(town, &agent, on.ticket.as_ref())?;
    let orders = match &on.hook {
        None if on.ticket.is_some() => restored(town, &agent)?,
        None => mail(town, &agent)?,
        Some(hook) => orders(town, hook.clone(), on)?,
    };
    Ok(Prime {
        agent: Some(agent),
        name,
        orders,
    })
}

/// What is on the hook, as it was slung. Lines that were changed since, by git
/// or by hand, are no orders: the agent is told what it was started for.
fn as_slung(town: &Town, agent: &Address) -> Result<OnHook, Error> {
    let mut on = hooking::look(town, agent)?;
    if let (true, Some(hook), Some(ticket)) = (on.is_changed, &on.hook, &on.ticket) {
        let minted = crate::ticket::minted(ticket)?;
        on.hook = Some(Hook {
            step: hook.step.clone(),
            parked: hook.parked.clone(),
            ..minted
        });
    }
    Ok(on)
}

fn orders(town: &Town, hook: Hook, on: OnHook) -> Result<Orders, Error> {
    if on
        .ticket
        .as_ref()
        .is_none_or(|ticket| ticket.nonce != hook.nonce)
    {
        return Ok(Orders::NoTicket(Box::new(on)));
    }
    if hook.parked.is_some() {
        return Ok(Orders::Parked(Box::new(on)));
    }
    let picked_up = pick_up(town, &hook)?;
    let on = as_slung(town, &hook.agent)?;
    // No work waits for a message that cannot be read: the inbox says so.
    let mail = unread(town, &hook.agent)?.0;
    let (filed, _) = town.store.comments(&hook.bead)?;
    Ok(Orders::Work {
        on: Box::new(on),
        picked_up,
        note: handoff::note(&filed).cloned().map(Box::new),
        said: said(filed),
        mail,
    })
}

/// What an agent that stopped to ask, or between two phases, has to know when it goes
/// on.
fn said(mut filed: Vec<Filed>) -> Vec<Filed> {
    let openings = [Exit::Escalated, Exit::PhaseComplete].map(|exit| format!("{exit}: "));
    let opens = |it: &Filed| {
        openings
            .iter()
            .any(|opening| it.comment.text.starts_with(opening))
    };
    let Some(at) = filed.iter().rposition(opens) else {
        return Vec::new();
    };
    // Within one second nobody knows what came first, but for the question.
    let question = filed.remove(at);
    let since = question.comment.created_at.timestamp();
    let later = filed
        .into_iter()
        .filter(|it| it.comment.created_at.timestamp() >= since);
    [question].into_iter().chain(later).collect()
}

/// The hook is gone while its ticket stands: git took it away. Work that was
/// handed out is never "no work".
fn restored(town: &Town, agent: &Address) -> Result<Orders, Error> {
    if let Some(ticket) = as_slung(town, agent)?.ticket {
        drop(work::lock(town, &ticket.bead, Some(agent))?);
    }
    let on = as_slung(town, agent)?;
    match on.hook.clone() {
        Some(hook) => orders(town, hook, on),
        None => mail(town, agent),
    }
}

fn mail(town: &Town, agent: &Address) -> Result<Orders, Error> {
    let (unread, problems) = unread(town, agent)?;
    if let Some(problem) = problems.into_iter().next() {
        return Err(problem.into());
    }
    Ok(if unread.is_empty() {
        Orders::Wait
    } else {
        Orders::Mail(unread)
    })
}

fn unread(town: &Town, agent: &Address) -> Result<(Vec<Letter>, Vec<Problem>), Error> {
    let (mut letters, problems) = town.store.inbox(agent)?;
    letters.retain(|letter| !letter.read);
    Ok((letters, problems))
}

/// Moves the bead of the acting agent's own hook to in progress.
fn pick_up(town: &Town, hook: &Hook) -> Result<bool, Error> {
    let (agent, ticket) = crate::ticket::of_actor(town)?;
    let work = work::lock(town, &hook.bead, Some(&agent))?;
    if work.bead.attempt != ticket.attempt || work.bead.status == Status::InProgress {
        return Ok(false);
    }
    let next = transition(&work.bead.status, &Event::PickUp)
        .map_err(|refusal| Error::refusal(&hook.bead, refusal))?;
    let mut bead = work.bead.clone();
    bead.move_to(next, &town.now());
    let Changed { changed, .. } = life::finish(town, work, &bead, None)?;
    Ok(changed)
}
