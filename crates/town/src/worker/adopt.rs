//! Processes that a killed command has started and nobody has noted.
//!
//! One of the attempt that is to be started is taken over; any other is stopped,
//! for it would work beside the next. Needs the agent's lock, and never starts
//! anything.

use super::{WORD, room, terminal, word};
use crate::Town;
use crate::error::Error;
use crate::session::Session;
use agent::process::Identity;
use model::Ticket;
use std::path::Path;
use store::Locked;

/// A process that was started for this attempt by a command that was killed
/// before it could note which one. One of an earlier attempt is stopped.
pub(super) fn adopted(
    town: &Town,
    locked: &Locked<'_>,
    ticket: &Ticket,
    cut_short: Option<&Session>,
) -> Result<Option<Session>, Error> {
    let left_behind = terminal::left_behind(town, &ticket.agent)?;
    let Some(mut session) = cut_short.cloned() else {
        return match left_behind {
            Some(stray) => super::stop_process(&ticket.agent, &stray).map(|_| None),
            None => Ok(None),
        };
    };
    let found = left_behind.map_or_else(|| leader(ticket), |it| Ok(Some(it)));
    let Some(identity) = found? else {
        return Ok(None);
    };
    session.process = Some(identity.to_string());
    session.handoff = None;
    locked.save(&session)?;
    room::settle(town, &ticket.agent)?;
    Ok(Some(session))
}

/// A worker whose session somebody removed would work beside the next.
pub(super) fn stop_forgotten(ticket: &Ticket) -> Result<(), Error> {
    match leader(ticket)? {
        Some(forgotten) => super::stop_process(&ticket.agent, &forgotten).map(drop),
        None => Ok(()),
    }
}

/// The session of an attempt; a process that a killed command has started is noted
/// first. Needs the agent's lock.
pub(crate) fn recorded(
    town: &Town,
    locked: &Locked<'_>,
    ticket: &Ticket,
) -> Result<Option<Session>, Error> {
    let cut_short = room::cut_short(town, ticket)?;
    if cut_short.is_some()
        && let Some(session) = adopted(town, locked, ticket, cut_short.as_ref())?
    {
        return Ok(Some(session));
    }
    let session = super::session(town, &ticket.agent)?;
    Ok(session.filter(|it| it.nonce == ticket.nonce))
}

fn leader(ticket: &Ticket) -> Result<Option<Identity>, Error> {
    let found = agent::process::find_leader(WORD, &word(&ticket.agent, &ticket.nonce));
    found.map_err(|error| Error::io("read", Path::new("/proc"), &error))
}
