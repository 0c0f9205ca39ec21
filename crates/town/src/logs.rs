//! The logs of workers: which one is meant, and whether more may come.

use crate::error::Error;
use crate::session::Session;
use crate::{Town, place, polecat, worker};
use model::{Address, Hook, Id, Ticket};
use std::path::{Path, PathBuf};

/// The log of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Where it is.
    pub path: PathBuf,
    /// Whose worker printed it.
    pub agent: Address,
}

/// Whether more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The worker runs.
    Runs,
    /// The worker is being started, or a fresh session is due.
    Starts,
    /// The worker has ended with its work still on its hook: whoever looks
    /// after workers starts it again.
    Stopped,
    /// The attempt is over, or waits for somebody.
    Over,
}

/// The log of the last attempt at a bead, or of an agent's last attempt.
pub fn log_of(town: &Town, what: &str) -> Result<Log, Error> {
    let none = |what: &str| {
        Error::not_found(
            format!("{what} has no log in this clone"),
            "`gt polecat list` lists the workers",
        )
    };
    if let Ok(id) = town.store.resolve_partial(what) {
        return log_of_bead(town, &id)?.ok_or_else(|| none(id.as_str()));
    }
    let polecat = polecat::find(town, what)?;
    let session = polecat.session.ok_or_else(|| none(what))?;
    Ok(Log {
        path: PathBuf::from(session.log),
        agent: polecat.agent,
    })
}

/// The end of a log.
pub fn tail(log: &Path, lines: usize) -> Result<String, Error> {
    agent::logs::tail(log, lines).map_err(|error| Error::io("read", log, &error))
}

/// Whether more may come into a log.
pub fn standing(town: &Town, log: &Log) -> Result<Standing, Error> {
    // Its session tells of it once it runs.
    if worker::is_starting(town, &log.agent)? {
        return Ok(Standing::Starts);
    }
    let session = worker::session(town, &log.agent)?;
    let Some(session) = session.filter(|it| Path::new(&it.log) == log.path) else {
        return Ok(Standing::Over);
    };
    if worker::is_running(&session)? {
        return Ok(Standing::Runs);
    }
    if !is_under_way(town, &session)? {
        return Ok(Standing::Over);
    }
    Ok(match session.handoff {
        Some(_) => Standing::Starts,
        None => Standing::Stopped,
    })
}

fn is_under_way(town: &Town, session: &Session) -> Result<bool, Error> {
    let ticket = town.store.read::<Ticket>(&session.agent)?;
    let hook = town.store.read::<Hook>(&session.agent)?;
    let is_its = |nonce: &str| nonce == session.nonce;
    Ok(ticket.is_some_and(|it| is_its(&it.nonce))
        && hook.is_some_and(|it| is_its(&it.nonce) && it.parked.is_none()))
}

fn log_of_bead(town: &Town, id: &Id) -> Result<Option<Log>, Error> {
    let bead = town.store.bead(id)?;
    let last = town.store.last_attempt(id)?;
    let agent = last
        .as_ref()
        .and_then(|last| Address::parse(&last.holder).ok());
    let number = last.map_or(bead.attempt, |last| last.number);
    let Some(agent) = agent.or_else(|| bead.agent()) else {
        return Ok(None);
    };
    let path = place::log_path(town, &agent, id, number)?;
    let is_there = agent::logs::is_there(&path);
    let is_there = is_there.map_err(|error| Error::io("read", &path, &error))?;
    Ok(is_there.then_some(Log { path, agent }))
}
