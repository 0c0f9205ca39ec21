//! The processes of workers: started for a ticket, stopped when their bead is
//! taken away.
//!
//! A process is started at most once for each attempt, under the lock of its
//! hook, and only for a hook that this clone's ticket covers.

mod resume;
mod room;
mod start;
mod terminal;

use crate::Town;
use crate::error::Error;
use crate::session::Session;
use agent::process::{self, Identity, Stopped};
use model::{Address, Class};
use std::time::Duration;

pub use room::running;
pub use start::{Started, check_runtime, email, start};

/// How long a worker that is asked to stop may take before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// What this clone remembers of an agent's process.
pub fn session(town: &Town, agent: &Address) -> Result<Option<Session>, Error> {
    Ok(town.store.read::<Session>(agent)?)
}

/// Whether an agent's process runs. Another boot's, another process of the
/// same number, and a zombie do not count.
pub fn is_alive(town: &Town, agent: &Address) -> Result<bool, Error> {
    Ok(session(town, agent)?.is_some_and(|session| is_running(&session)))
}

/// Whether a session's process runs.
pub fn is_running(session: &Session) -> bool {
    identity(session).is_some_and(|identity| identity.is_alive().unwrap_or(false))
}

/// Asks an agent's process to stop, and kills what is left of its session
/// after a grace time. Its worktree stays.
pub fn stop(town: &Town, agent: &Address) -> Result<bool, Error> {
    let Some(identity) = session(town, agent)?.as_ref().and_then(identity) else {
        return Ok(false);
    };
    stop_process(agent, &identity)
}

/// The same for one process of an agent.
pub(crate) fn stop_process(agent: &Address, process: &Identity) -> Result<bool, Error> {
    match process::stop(process, GRACE) {
        Ok(stopped) => Ok(stopped != Stopped::NotRunning),
        Err(error) => Err(Error::new(
            Class::Environment,
            format!("cannot stop {agent}: {error}"),
        )),
    }
}

fn identity(session: &Session) -> Option<Identity> {
    session.process.as_deref()?.parse().ok()
}
