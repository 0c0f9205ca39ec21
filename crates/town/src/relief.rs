//! The end of a worker that asks for it itself: somebody else carries it out,
//! once the command that asked is over, and starts its successor if there is
//! to be one.
//!
//! Only the process that asked is ended. When whoever carries it out is killed
//! nothing is lost: what is due stands in the session's file.

use crate::error::Error;
use crate::session::Session;
use crate::worker::{self, Started};
use crate::{Town, handoff, ticket};
use agent::launch::{self, Launch};
use agent::process::{self, Identity};
use model::Address;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the command that asked may take to print its answer.
const ANSWER: Duration = Duration::from_secs(30);

/// How long a worker that has ended its work may go on by itself.
const GOODBYE: Duration = Duration::from_secs(2);

/// Who is whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relief {
    /// Whose worker.
    pub agent: Address,
    /// The command that asked.
    pub command: Identity,
    /// The process that is to end, where it is known.
    pub worker: Option<Identity>,
}

/// Has the acting agent's own session in a terminal ended, where it has
/// nothing to do any more: a program that shows a screen does not end by
/// itself. False for all others. Asked after everything is written.
pub fn dismiss(town: &Town, agent: &Address) -> Result<bool, Error> {
    let session = worker::session(town, agent)?;
    let carried = town.setup().var("GT_ATTEMPT");
    let is_own = |it: &Session| carried == Some(ticket::word(it.attempt, &it.nonce));
    match session.filter(|it| it.terminal.is_some() && is_own(it)) {
        Some(session) => arrange(town, &session).map(|()| true),
        None => Ok(false),
    }
}

/// Starts whoever carries it out.
pub(crate) fn arrange(town: &Town, session: &Session) -> Result<(), Error> {
    let command = own_identity()?.to_string();
    let mut argv = vec![worker::helper()?.into_os_string()];
    argv.extend(["internal", "relieve"].map(OsString::from));
    argv.extend([session.agent.to_string(), command].map(OsString::from));
    argv.extend(session.process.iter().map(OsString::from));
    let launch = Launch {
        argv,
        cwd: town.store.located().root.clone(),
        env: environment(town),
        log: PathBuf::from(&session.log),
    };
    // Nobody waits for it: it outlives us, and whoever adopts it reaps it.
    launch::spawn(&launch)?;
    Ok(())
}

/// Carries it out. The successor is started only where one is due.
pub fn relieve(town: &Town, relief: &Relief) -> Result<Option<Started>, Error> {
    let failed = |error| Error::io("await a process in", Path::new("/proc"), &error);
    process::wait_exit(&relief.command, ANSWER).map_err(failed)?;
    if handoff::is_pending(town, &relief.agent)? {
        return handoff::complete(town, &relief.agent);
    }
    if let Some(process) = &relief.worker
        && !process::wait_exit(process, GOODBYE).map_err(failed)?
    {
        worker::stop_process(&relief.agent, process)?;
    }
    Ok(None)
}

/// That of the command, but for who it is: nobody shall take the helper for
/// the worker, or for a process that the worker left behind.
fn environment(town: &Town) -> Vec<(OsString, OsString)> {
    let env = town.setup().env.iter();
    let is_kept = |name: &OsString| {
        let name = name.to_string_lossy();
        !["GT_", "GIT_", "BD_"].iter().any(|it| name.starts_with(it))
    };
    env.filter(|(name, _)| is_kept(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn own_identity() -> Result<Identity, Error> {
    Identity::current().map_err(|error| Error::io("read", Path::new("/proc/self/stat"), &error))
}
