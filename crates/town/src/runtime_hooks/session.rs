//! What is noted of a runtime's session while it lasts.

use super::person;
use crate::Town;
use crate::error::Error;
use crate::session::Session;
use crate::{hooking, ticket, worker};
use agent::conversation::Conversation;
use agent::hooks::Dialect;
use model::{Address, Id, Ticket};
use store::{Lock, Locked};

/// So often a session is kept from stopping, and no more: an agent that wants
/// to stop for good must be able to.
const REMINDERS: u32 = 2;

/// Notes what the runtime calls the conversation of the acting agent's own
/// process, so that a restart can continue it. False where there is nothing to
/// note, or nobody of ours asks.
pub fn note(town: &Town, conversation: &Conversation) -> Result<bool, Error> {
    change(town, |session| put(session, conversation))
}

/// The same, where the runtime tells it in the environment of what its agent
/// runs. Which one it is says the session, which is there once the start that
/// holds its lock is over.
pub fn note_by_environment(town: &Town) -> Result<bool, Error> {
    change(town, |session| {
        let variable = Dialect::of(&session.runtime).and_then(Dialect::conversation_variable);
        let told = variable.and_then(|name| town.setup().var(name));
        let told = told.as_deref().and_then(Conversation::parse);
        told.is_some_and(|conversation| put(session, &conversation))
    })
}

fn put(session: &mut Session, conversation: &Conversation) -> bool {
    let is_new = session.conversation.as_deref() != Some(conversation.as_str());
    session.conversation = Some(conversation.to_string());
    is_new
}

/// The bead that the acting agent may not leave yet: it stands on its hook,
/// begun and not parked. A worker is reminded twice at most, a person's session
/// once in each conversation. That it is reminded now is noted.
pub fn guard(town: &Town, conversation: Option<&Conversation>) -> Result<Option<Id>, Error> {
    let Some((agent, _)) = own(town)? else {
        let is_person = |agent: &&Address| !agent.is_spawned();
        return match town.actor.address().filter(is_person) {
            Some(agent) => person::guard(town, agent, conversation),
            None => Ok(None),
        };
    };
    let Some(ticket) = unfinished(town, &agent)? else {
        return Ok(None);
    };
    let is_reminded = change(town, |session| {
        let may = session.reminders < REMINDERS && session.handoff.is_none();
        session.reminders += u32::from(may);
        may
    })?;
    Ok(is_reminded.then_some(ticket.bead))
}

/// The ticket of work that stands on an agent's hook, begun and not parked.
pub(super) fn unfinished(town: &Town, agent: &Address) -> Result<Option<Ticket>, Error> {
    let on = hooking::look(town, agent)?;
    let (Some(hook), Some(ticket), Some(bead)) = (on.hook, on.ticket, on.bead) else {
        return Ok(None);
    };
    let is_begun = hook.parked.is_none() && ticket.nonce == hook.nonce;
    let is_its = bead.attempt == hook.attempt && bead.status.is_on_a_hook();
    Ok((is_begun && is_its).then_some(ticket))
}

/// Changes the session of the acting agent's own process; false, and nothing
/// written, where the change says so or there is no such session.
fn change(town: &Town, by: impl FnOnce(&mut Session) -> bool) -> Result<bool, Error> {
    let Some((agent, mine)) = own(town)? else {
        return Ok(false);
    };
    let locked: Locked<'_> = town.store.lock(&[Lock::hook(&agent)])?;
    let session = worker::session(town, &agent)?;
    let Some(mut session) = session.filter(|it| it.nonce == mine.nonce) else {
        return Ok(false);
    };
    if !by(&mut session) {
        return Ok(false);
    }
    Ok(locked.save(&session)?)
}

/// The acting agent with its ticket, if the command runs in the process that
/// was started for it. Whoever works in its place carries no attempt.
fn own(town: &Town) -> Result<Option<(Address, Ticket)>, Error> {
    let Some(agent) = town.actor.address() else {
        return Ok(None);
    };
    let ticket = town.store.read::<Ticket>(agent)?;
    let carried = town.setup().var("GT_ATTEMPT");
    let is_own = town
        .setup()
        .var("GT_AGENT")
        .is_some_and(|name| crate::Actor::named(&name) == town.actor);
    Ok(ticket
        .filter(|it| is_own && carried == Some(ticket::attempt_word(it)))
        .map(|it| (agent.clone(), it)))
}
