//! The processes of workers: started for a ticket, stopped when their bead is
//! taken away.
//!
//! A process is started at most once for each attempt, under the lock of its
//! hook, and only for a hook that this clone's ticket covers.

mod adopt;
mod astray;
mod limit;
mod prepare;
mod resume;
mod room;
mod start;
mod terminal;

use crate::Town;
use crate::error::Error;
use crate::session::Session;
use agent::process::{self, Identity, StopError, Stopped};
use model::{Address, Class, Ticket};
use std::path::Path;
use std::time::Duration;

pub(crate) use adopt::recorded;
pub use astray::{Astray, Attempt, GOODBYE, Says};
pub use limit::{Limit, SetBy};
pub use prepare::{check_runtime, email};
pub use room::{is_starting, running, starting};
pub use start::{Started, start};
pub(crate) use start::{start_after, start_first};
pub(crate) use terminal::{Reach, failed as tmux_failed, helper, reach};

/// How long a worker that is asked to stop may take before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// What this clone remembers of an agent's process.
pub fn session(town: &Town, agent: &Address) -> Result<Option<Session>, Error> {
    Ok(town.store.read::<Session>(agent)?)
}

/// Whether an agent's process runs. Another boot's, another process of the
/// same number, and a zombie do not count.
pub fn is_alive(town: &Town, agent: &Address) -> Result<bool, Error> {
    let session = session(town, agent)?;
    session.map_or(Ok(false), |session| is_running(&session))
}

/// Whether a session's process runs. That it cannot be looked at does not mean
/// that it has ended.
pub fn is_running(session: &Session) -> Result<bool, Error> {
    let alive = identity(session).map_or(Ok(false), |process| process.is_alive());
    alive.map_err(|error| Error::io("read", Path::new("/proc"), &error))
}

/// Who works for an agent, or was begun by a command that was killed. Whoever
/// takes its work away asks under the lock of its hook, and stops exactly that
/// when the lock is free: what is started next is another's.
pub(crate) fn of(town: &Town, agent: &Address) -> Result<Option<Session>, Error> {
    if let Some(ticket) = town.store.read::<Ticket>(agent)?
        && let Some(begun) = room::cut_short(town, &ticket)?
    {
        return Ok(Some(begun));
    }
    session(town, agent)
}

/// Asks the process of a session to stop, and kills what is left of it and of
/// what its attempt started elsewhere after a grace time. Its worktree stays.
///
/// Other attempts are left alone; that no other process of the same attempt is
/// started meanwhile is for the caller to see to.
pub fn stop(town: &Town, session: &Session) -> Result<bool, Error> {
    let agent = &session.agent;
    let stopped = match identity(session) {
        Some(process) => stop_process(agent, &process)?,
        None => false,
    };
    let (root, word) = (root(town), word(agent, &session.nonce));
    let entries = [(WORD, word.as_str()), (ROOT, root.as_str())];
    let rest = process::stop_rest(&entries, GRACE);
    let rest = rest.map_err(|error| cannot_stop(agent, &error))?;
    Ok(stopped || rest != Stopped::NotRunning)
}

/// The same for one process of an agent and its session.
pub(crate) fn stop_process(agent: &Address, process: &Identity) -> Result<bool, Error> {
    let stopped = process::stop(process, GRACE).map_err(|error| cannot_stop(agent, &error))?;
    Ok(stopped != Stopped::NotRunning)
}

fn cannot_stop(agent: &Address, error: &StopError) -> Error {
    let message = format!("cannot stop {agent}: {error}");
    Error::new(Class::Environment, message)
}

/// The variable in which all processes of an attempt carry its word.
pub(crate) const WORD: &str = "GT_SESSION";

/// The variable in which they carry the root of their store: another clone of it
/// may hold the same attempt.
pub(crate) const ROOT: &str = "GT_ROOT";

/// What that is here.
pub(crate) fn root(town: &Town) -> String {
    town.store.located().root.display().to_string()
}

/// What tells an attempt's processes from all others.
pub(crate) fn word(agent: &Address, nonce: &str) -> String {
    format!("{agent}@{nonce}")
}

/// The process that a session records, if it is known.
pub(crate) fn identity(session: &Session) -> Option<Identity> {
    session.process.as_deref()?.parse().ok()
}
