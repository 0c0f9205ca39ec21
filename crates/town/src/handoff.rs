//! Handing off: the session of a worker ends, and a fresh one of the same
//! attempt goes on with the work, told by a note what the first one knew.
//!
//! The note first, as a comment; then the session's file says that a fresh one
//! is due; then the old process is stopped, and only then the new one started.
//! Whoever is killed on the way leaves the file, from which the watcher, `gt
//! sling` and the doctor go on. It counts as no crash.

use crate::error::Error;
use crate::session::Session;
use crate::work::{self, Work};
use crate::worker::{self, Started};
use crate::{Town, comment, relief, sling, ticket};
use model::{Address, Hook, Id, Status, Ticket};
use store::comments::Filed;

/// What a note begins with.
const MARK: &str = "HANDOFF: ";

/// What handing off did.
#[derive(Debug, Clone)]
pub struct HandedOff {
    /// The bead.
    pub bead: Id,
    /// Who goes on with it.
    pub agent: Address,
    /// The comment that holds the note.
    pub comment: Option<String>,
    /// What came of starting the fresh session; none where that follows once
    /// the caller, whose own session it is, has ended.
    pub worker: Option<Started>,
}

/// Hands off the acting agent's own work. Its session is ended once the
/// command is over.
pub fn own(town: &Town, note: Option<&str>) -> Result<HandedOff, Error> {
    let (agent, ticket) = ticket::of_actor(town)?;
    let (comment, session) = begin(town, &agent, &ticket, note)?;
    relief::arrange(town, &session)?;
    Ok(HandedOff {
        bead: ticket.bead,
        agent,
        comment,
        worker: None,
    })
}

/// Hands off the work on a bead for its worker.
pub fn of_bead(town: &Town, id: &Id, note: Option<&str>) -> Result<HandedOff, Error> {
    let bead = town.store.bead(id)?;
    let holder = bead.agent().map(|agent| town.store.read::<Ticket>(&agent));
    let ticket = holder.transpose()?.flatten().filter(|it| it.bead == *id);
    let ticket = ticket.ok_or_else(|| {
        Error::refused(
            format!(
                "{id} is {}, and no worker of this clone has it",
                bead.status
            ),
            match bead.status {
                Status::Open => format!("`gt sling {id} {}` hands it out", town.rig()),
                _ => format!("`gt show {id}` says where it stands"),
            },
        )
    })?;
    let agent = ticket.agent.clone();
    let (comment, _) = begin(town, &agent, &ticket, note)?;
    Ok(HandedOff {
        bead: ticket.bead,
        worker: complete(town, &agent)?,
        agent,
        comment,
    })
}

/// Whether a fresh session of an agent is due.
pub fn is_pending(town: &Town, agent: &Address) -> Result<bool, Error> {
    pending(town, agent).map(|session| session.is_some())
}

/// Ends the session that has handed off, and starts the fresh one. None where
/// none is due: somebody else did it, or the attempt is over.
pub fn complete(town: &Town, agent: &Address) -> Result<Option<Started>, Error> {
    let Some(session) = pending(town, agent)? else {
        return Ok(None);
    };
    // Without a lock, since it may take its time; this very process, since the
    // fresh one may be there before.
    if let Some(process) = worker::identity(&session) {
        worker::stop_process(agent, &process)?;
    }
    sling::restart(town, agent).map(Some)
}

/// The last note among the comments on a bead, if there is one.
pub(crate) fn note(filed: &[Filed]) -> Option<&Filed> {
    let mut notes = filed.iter().rev();
    notes.find(|it| it.comment.text.starts_with(MARK))
}

/// What a note says.
pub fn text(note: &Filed) -> &str {
    let text = &note.comment.text;
    text.strip_prefix(MARK).unwrap_or(text)
}

fn pending(town: &Town, agent: &Address) -> Result<Option<Session>, Error> {
    let session = worker::session(town, agent)?.filter(|it| it.handoff.is_some());
    let Some(session) = session else {
        return Ok(None);
    };
    let ticket = town.store.read::<Ticket>(agent)?;
    Ok(ticket
        .is_some_and(|it| it.nonce == session.nonce)
        .then_some(session))
}

/// The note, then the mark that a fresh session is due.
fn begin(
    town: &Town,
    agent: &Address,
    ticket: &Ticket,
    note: Option<&str>,
) -> Result<(Option<String>, Session), Error> {
    // Nothing is noted of what is refused.
    let work = work::lock(town, &ticket.bead, Some(agent))?;
    let session = checked(town, &work, ticket)?;
    let note = note.filter(|text| !text.trim().is_empty());
    let comment = note.map(|text| comment::add(town, &ticket.bead, &format!("{MARK}{text}")));
    let comment = comment.transpose()?.map(|filed| filed.id);
    let session = Session {
        handoff: Some(town.now()),
        conversation: None,
        resumed: None,
        ..session
    };
    work.locked.save(&session)?;
    Ok((comment, session))
}

/// The session of the attempt, if it can be handed off now.
fn checked(town: &Town, work: &Work<'_>, ticket: &Ticket) -> Result<Session, Error> {
    let (id, agent) = (&ticket.bead, &ticket.agent);
    if !ticket.spawn {
        return Err(Error::refused(
            format!("nobody starts sessions of {agent} but people"),
            format!("tell who goes on: `bd comments add {id} \"…\"`"),
        ));
    }
    let is_its = work
        .ticket
        .as_ref()
        .is_some_and(|it| it.nonce == ticket.nonce);
    if !is_its || !work.is_held() {
        return Err(Error::refused(
            format!(
                "the attempt of {agent} at {id} is over: {id} is {}",
                work.bead.status
            ),
            format!("`bd show {id}` says where it stands"),
        ));
    }
    let parked = |hook: &Hook| hook.parked.is_some();
    if work.hook.as_ref().is_none_or(parked) {
        return Err(Error::refused(
            format!("the hook of {agent} waits, and nobody works"),
            format!("`gt resume {id}` lets it go on"),
        ));
    }
    worker::recorded(town, &work.locked, ticket)?.ok_or_else(|| {
        Error::refused(
            format!("no worker of {agent} was started yet"),
            format!("`gt sling {id} {agent}` starts it"),
        )
    })
}
