//! Workers in terminals: which server, which session, which helpers.
//!
//! A store has a tmux server of its own, so two towns never meet. What it
//! starts is this program's own `internal` commands, which become the worker
//! and keep its log.

use crate::Town;
use crate::error::Error;
use crate::place;
use crate::session::Session;
use agent::launch::{self, Launch, Spawned, Terminal};
use agent::process::{self, Identity};
use agent::tmux::{self, Server, TmuxError};
use model::{Address, Class, Id, SessionKind, Ticket};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long what an ended worker printed may take to be in its log.
const WRITTEN: Duration = Duration::from_secs(2);

/// How the worker of a ticket is run: as was said when it was slung, else as
/// the user's own configuration says.
pub(super) fn kind(town: &Town, ticket: &Ticket) -> Result<SessionKind, Error> {
    match ticket.session {
        Some(kind) => Ok(kind),
        None => Ok(town.user()?.session),
    }
}

/// A worker that was just started.
pub(super) enum Begun {
    /// A child of this process.
    Detached(Box<Spawned>),
    /// A child of the terminal's server.
    InTerminal(Identity),
}

impl Begun {
    /// Who it is.
    pub(super) fn identity(&self) -> &Identity {
        match self {
            Self::Detached(spawned) => &spawned.identity,
            Self::InTerminal(identity) => identity,
        }
    }

    /// How it ended, if it does so within this time.
    pub(super) fn ended(&mut self, within: Duration) -> Option<String> {
        match self {
            Self::Detached(spawned) => {
                let status = launch::exited_early(spawned, within).unwrap_or(None)?;
                // Whoever asks wants to see what it printed.
                let written = spawned.written.as_ref();
                written.map(|written| written.wait(WRITTEN));
                Some(status.to_string())
            }
            Self::InTerminal(identity) => {
                let has_ended = process::wait_exit(identity, within).unwrap_or(false);
                has_ended.then(|| "nobody saw how".to_owned())
            }
        }
    }
}

/// Starts what a ticket asks for, detached or in the session's terminal.
pub(super) fn begin(town: &Town, session: &Session, launch: &Launch) -> Result<Begun, Error> {
    let begun = match &session.terminal {
        None => {
            let spawned = match keeper(town, &session.log, &["--aside"])? {
                Some(keeper) => launch::spawn_kept(launch, &keeper),
                // A program of somebody else that uses this library, alone.
                None => launch::spawn(launch),
            };
            spawned.map(|spawned| Begun::Detached(Box::new(spawned)))
        }
        Some(socket) => {
            let server = server(town, Path::new(socket))?;
            let terminal = terminal(town, server, session)?;
            launch::spawn_in(launch, &terminal).map(Begun::InTerminal)
        }
    };
    Ok(begun?)
}

fn terminal(town: &Town, server: Server, session: &Session) -> Result<Terminal, Error> {
    let keeper = keeper(town, &session.log, &[])?;
    let starter = [helper()?.into(), "internal".into(), "start".into()];
    Ok(Terminal {
        server,
        name: session_name(&session.agent),
        orders: orders(town, &session.agent),
        starter: starter.into(),
        keeper: keeper.unwrap_or_default(),
    })
}

/// The command that keeps a log within its bounds; none where this program has
/// no `gt` beside it.
fn keeper(town: &Town, log: &str, more: &[&str]) -> Result<Option<Vec<OsString>>, Error> {
    let helper = helper()?;
    if !helper.is_file() {
        return Ok(None);
    }
    let limit = town.user()?.log_limit().to_string();
    let mut argv = vec![helper.into_os_string()];
    argv.extend(["internal", "log", log, &limit].map(OsString::from));
    argv.extend(more.iter().map(OsString::from));
    Ok(Some(argv))
}

/// The name of an agent's session, the same for every attempt.
fn session_name(agent: &Address) -> String {
    let rig = agent.rig().unwrap_or("town");
    format!("gt-{rig}-{}", agent.name())
}

/// A process that took the order of a start which was killed, if it runs; an
/// order that nobody took is void from now on. Needs the agent's lock.
pub(super) fn left_behind(town: &Town, agent: &Address) -> Result<Option<Identity>, Error> {
    let orders = orders(town, agent);
    launch::withdraw(&orders).map_err(|error| Error::io("read", &orders, &error))
}

fn orders(town: &Town, agent: &Address) -> PathBuf {
    let folder = town.store.private_path().join("starting");
    folder.join(agent.to_string())
}

/// Where the server of this store listens.
pub(super) fn socket(town: &Town) -> Result<PathBuf, Error> {
    let var = |name: &str| town.setup().var(name).map(PathBuf::from);
    let runtime = ["XDG_RUNTIME_DIR", "TMPDIR"].into_iter().find_map(var);
    let runtime = runtime.filter(|path| path.is_absolute());
    let runtime = runtime.unwrap_or_else(|| PathBuf::from("/tmp"));
    let private = town.store.private_path();
    tmux::socket(&private, &runtime, &place::folder_name(town)).map_err(|error| failed(&error))
}

/// The server behind a socket.
fn server(town: &Town, socket: &Path) -> Result<Server, Error> {
    let env: Vec<_> = town.setup().env.clone().into_iter().collect();
    Server::at(socket, &env).map_err(|error| failed(&error))
}

/// That a terminal can be started.
pub(super) fn check(town: &Town) -> Result<(), Error> {
    server(town, &socket(town)?).map(drop)
}

/// How a worker can be reached.
#[derive(Debug)]
pub(crate) enum Reach {
    /// In the window of its terminal.
    Terminal {
        /// The server of the terminal.
        server: Server,
        /// The worker's process.
        pid: u32,
    },
    /// It runs without a terminal, for this bead.
    Detached(Id),
    /// It does not run.
    Nobody,
}

/// How an agent's worker can be reached now.
pub(crate) fn reach(town: &Town, agent: &Address) -> Result<Reach, Error> {
    let session = super::session(town, agent)?;
    let is_running = session.as_ref().map(super::is_running).transpose()?;
    let Some(session) = session.filter(|_| is_running == Some(true)) else {
        return Ok(Reach::Nobody);
    };
    let process = super::identity(&session);
    match (&session.terminal, process) {
        (Some(socket), Some(process)) => Ok(Reach::Terminal {
            server: server(town, Path::new(socket))?,
            pid: process.pid,
        }),
        _ => Ok(Reach::Detached(session.bead)),
    }
}

/// What tmux could not do, as an error of the machine.
pub(crate) fn failed(error: &TmuxError) -> Error {
    let told = Error::new(Class::Environment, error.to_string());
    match error.hint() {
        Some(hint) => told.with_hint(hint),
        None => told,
    }
}

/// The `gt` that belongs to this program: itself, or the one beside it.
pub(crate) fn helper() -> Result<PathBuf, Error> {
    let own = std::env::current_exe()
        .map_err(|error| Error::io("find this program", Path::new("/proc/self/exe"), &error))?;
    Ok(match own.file_name() {
        Some(name) if name == "gt" => own,
        _ => own.with_file_name("gt"),
    })
}
