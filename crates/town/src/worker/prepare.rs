//! What is started for an attempt: the command line, the folder and the environment
//! of its process, and what will be remembered of it.
//!
//! Starts nothing and writes no record.

use super::{ROOT, WORD, root, terminal, word};
use crate::Town;
use crate::error::Error;
use crate::place;
use crate::runtime_hooks;
use crate::session::Session;
use agent::conversation::Conversation;
use agent::launch::{self, Launch};
use agent::runtime::{Placeholders, Runtime};
use model::{Address, Bead, Hook, SessionKind, Ticket};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What is to be started, and what will be remembered of it.
pub(super) fn prepare(
    town: &Town,
    ticket: &Ticket,
    last: Option<&Session>,
) -> Result<(Session, Launch), Error> {
    // As it was minted: git may change the file at any moment.
    let name = crate::ticket::minted(ticket)?
        .runtime
        .unwrap_or_else(|| "claude".to_owned());
    let kind = terminal::kind(town, ticket)?;
    let runtime = of_kind(resolve(town, &name)?, kind);
    let socket = match kind {
        SessionKind::Process => None,
        SessionKind::Tmux => Some(terminal::socket(town)?),
    };
    let log = place::log_path(town, &ticket.agent, &ticket.bead, ticket.attempt)?;
    let resumed = super::resume::conversation(last, ticket, &name, &town.now())
        .filter(|_| !runtime.resume.is_empty());
    let session = Session {
        agent: ticket.agent.clone(),
        bead: ticket.bead.clone(),
        attempt: ticket.attempt,
        nonce: ticket.nonce.clone(),
        process: None,
        runtime: name,
        log: log.display().to_string(),
        conversation: None,
        resumed: resumed.as_ref().map(Conversation::to_string),
        reminders: 0,
        terminal: socket.map(|path| path.display().to_string()),
        // Due until a fresh one is known to be there.
        handoff: last.and_then(|it| it.handoff.clone().filter(|_| it.nonce == ticket.nonce)),
        done_at: None,
        extra: Vec::new(),
        started_at: town.now(),
    };
    let bead = town.store.bead(&ticket.bead)?;
    let launch = launch(town, ticket, &bead, &runtime, resumed.as_ref(), log)?;
    Ok((session, launch))
}

/// A runtime in the form that this kind of session needs.
fn of_kind(runtime: Runtime, kind: SessionKind) -> Runtime {
    match kind {
        SessionKind::Process => runtime,
        SessionKind::Tmux => runtime.in_terminal(),
    }
}

/// A runtime by its name, preset or the user's own.
fn resolve(town: &Town, name: &str) -> Result<Runtime, Error> {
    Runtime::resolve(name, &town.user()?.runtimes).map_err(|error| {
        let hint = error.hint();
        Error::usage(error.to_string(), hint)
    })
}

/// Whether a runtime is known and its program is there, as well as its
/// terminal, before anything is written for it.
pub fn check_runtime(town: &Town, name: &str, kind: Option<SessionKind>) -> Result<(), Error> {
    let kind = kind.map_or_else(|| town.user().map(|user| user.session), Ok)?;
    if kind == SessionKind::Tmux {
        terminal::check(town)?;
    }
    let runtime = of_kind(resolve(town, name)?, kind);
    let mut env = agent::environment::worker(town.setup().env.clone().into_iter(), &runtime, &[]);
    put_ourselves_first(&mut env);
    let argv = runtime.argv(&Placeholders {
        prompt: "",
        bead: "",
        agent: "",
    });
    Ok(launch::check_program(&argv, &env)?)
}

fn launch(
    town: &Town,
    ticket: &Ticket,
    bead: &Bead,
    runtime: &Runtime,
    resumed: Option<&Conversation>,
    log: PathBuf,
) -> Result<Launch, Error> {
    let agent = ticket.agent.to_string();
    let branch = ticket.branch.clone().unwrap_or_default();
    let say = match resumed {
        Some(_) => agent::prompt::resumed,
        None => agent::prompt::worker,
    };
    let prompt = say(bead.id.as_str(), &agent, ticket.attempt.into(), &branch);
    let values = Placeholders {
        prompt: &prompt,
        bead: bead.id.as_str(),
        agent: &agent,
    };
    let cwd = ticket
        .worktree
        .as_ref()
        .map_or_else(|| town.store.located().root.clone(), PathBuf::from);
    let mut argv = resumed
        .and_then(|it| runtime.resume_argv(&values, it))
        .unwrap_or_else(|| runtime.argv(&values));
    argv.extend(runtime_hooks::prepare(town, ticket, runtime));
    Ok(Launch {
        argv,
        cwd,
        env: environment(town, ticket, runtime),
        log,
    })
}

/// The worker's environment: a fixed list from ours, and who it is.
fn environment(town: &Town, ticket: &Ticket, runtime: &Runtime) -> Vec<(OsString, OsString)> {
    let current = town.setup().env.clone().into_iter();
    let mut env = agent::environment::worker(current, runtime, &identity(town, ticket));
    put_ourselves_first(&mut env);
    env
}

/// A worker finds the `gt` and `bd` that started it.
fn put_ourselves_first(env: &mut Vec<(OsString, OsString)>) {
    let program = std::env::current_exe().ok();
    if let Some(folder) = program.as_deref().and_then(Path::parent) {
        agent::environment::put_first_on_path(env, folder);
    }
}

fn identity(town: &Town, ticket: &Ticket) -> Vec<(String, String)> {
    let agent = &ticket.agent;
    let address = agent.to_string();
    let email = email(agent);
    let pairs = [
        ("GT_AGENT", address.clone()),
        ("GT_ROLE", agent.role().to_owned()),
        ("GT_RIG", town.rig().to_owned()),
        ("GT_POLECAT", agent.name().to_owned()),
        ("GT_BEAD", ticket.bead.to_string()),
        ("GT_ATTEMPT", crate::ticket::attempt_word(ticket)),
        (
            "GT_HOOK",
            town.store.path_of::<Hook>(agent).display().to_string(),
        ),
        (ROOT, root(town)),
        ("GT_BRANCH", ticket.branch.clone().unwrap_or_default()),
        (WORD, word(&ticket.agent, &ticket.nonce)),
        ("BD_ACTOR", address.clone()),
        ("GIT_AUTHOR_NAME", address.clone()),
        ("GIT_AUTHOR_EMAIL", email.clone()),
        ("GIT_COMMITTER_NAME", address),
        ("GIT_COMMITTER_EMAIL", email),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value)).to_vec()
}

/// An address for commits that reaches nobody.
pub fn email(agent: &Address) -> String {
    format!(
        "{}@{}.plaintown.invalid",
        agent.name(),
        agent.rig().unwrap_or("town")
    )
}
