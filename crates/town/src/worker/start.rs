//! Starting the process of one attempt.

use super::room::{self, Room};
use super::terminal;
use super::{ROOT, WORD, is_running, root, word};
use crate::Town;
use crate::error::Error;
use crate::place;
use crate::runtime_hooks;
use crate::session::Session;
use crate::supervision::{self, Supervision};
use agent::conversation::Conversation;
use agent::launch::{self, Launch};
use agent::process::Identity;
use agent::runtime::{Placeholders, Runtime};
use model::{Address, Bead, Hook, SessionKind, Ticket};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{Lock, Locked};

/// How long a worker is watched for an end right after its start: long enough
/// for a program that only prints its usage, too short to be felt.
const FIRST_LOOK: Duration = Duration::from_millis(20);

/// What came of starting a worker.
#[derive(Debug, Clone, PartialEq)]
pub enum Started {
    /// It runs now.
    Running(Session),
    /// It ran already.
    AlreadyRunning(Session),
    /// It ended at once: its exit status and the end of its log.
    EndedAtOnce {
        /// The session.
        session: Session,
        /// `exit status: 1`, `signal: 9`
        status: String,
        /// The last lines of its log.
        tail: String,
    },
    /// As many workers run as the store allows.
    Full {
        /// How many run.
        running: usize,
        /// How many may.
        limit: u32,
    },
}

/// Starts the worker of an agent whose ticket and hook agree, unless it runs.
pub fn start(town: &Town, agent: &Address) -> Result<Started, Error> {
    start_after(town, agent, |_| Ok(true))
}

/// Starts the first worker of an attempt that has just begun. A watcher may have
/// been quicker; how that one ended is for the watcher to count, and when the
/// next one is started.
pub(crate) fn start_first(town: &Town, agent: &Address) -> Result<Started, Error> {
    let started = start_after(town, agent, |_| Ok(false))?;
    let Started::AlreadyRunning(session) = started else {
        return Ok(started);
    };
    let ticket = town.store.read::<Ticket>(agent)?;
    let ticket = ticket.filter(|it| it.nonce == session.nonce);
    let is_over = match ticket {
        Some(ticket) => has_ended_as_it_should(town, &ticket, &session)?,
        None => true,
    };
    if is_over || is_running(&session)? {
        return Ok(Started::AlreadyRunning(session));
    }
    Ok(Started::EndedAtOnce {
        tail: agent::logs::tail(Path::new(&session.log), 10).unwrap_or_default(),
        status: as_told(supervision::recall(town, agent)?, &session),
        session,
    })
}

/// How one ended that the watcher had started, as far as it was counted.
fn as_told(trouble: Option<Supervision>, session: &Session) -> String {
    let counted = trouble.filter(|it| it.counted == session.process);
    counted.and_then(|it| it.reason).unwrap_or_else(|| {
        "it ended before it was looked at; the watcher had started it".to_owned()
    })
}

/// The same, unless what ran for this attempt last may not be followed yet.
pub(crate) fn start_after(
    town: &Town,
    agent: &Address,
    may_follow: impl FnOnce(&str) -> Result<bool, Error>,
) -> Result<Started, Error> {
    let locked = town.store.lock(&[Lock::hook(agent)])?;
    let ticket = checked(town, agent)?;
    let last = super::session(town, agent)?;
    let own = last.as_ref().filter(|it| it.nonce == ticket.nonce);
    if let Some(session) = own
        && session.handoff.is_none()
        && is_running(session)?
    {
        return Ok(Started::AlreadyRunning(session.clone()));
    }
    if let Some(session) = own
        && let Some(ended) = &session.process
        && !may_follow(ended)?
    {
        return Ok(Started::AlreadyRunning(session.clone()));
    }
    let cut_short = room::cut_short(town, &ticket)?;
    let stop_last = || last.as_ref().map_or(Ok(false), |it| super::stop(town, it));
    if cut_short.is_none() {
        // What an earlier attempt or process left running would work beside it,
        // and so would one that has handed off.
        stop_last()?;
        if last.is_none() && room::is_noted(town, agent)? {
            stop_forgotten(&ticket)?;
        }
    }
    if let Some(session) = adopted(town, &locked, &ticket, cut_short.as_ref())? {
        return Ok(Started::AlreadyRunning(session));
    }
    if cut_short.is_some() {
        stop_last()?;
    }
    let (mut session, launch) = prepare(town, &ticket, own.or(cut_short.as_ref()))?;
    let seat = match room::enter(town, &session)? {
        Room::Free(seat) => seat,
        Room::Full(running) => {
            let limit = town.config().max_polecats;
            return Ok(Started::Full { running, limit });
        }
    };
    let mut begun = match terminal::begin(town, &session, &launch) {
        Ok(begun) => begun,
        Err(error) => {
            seat.leave()?;
            return Err(error);
        }
    };
    session.process = Some(begun.identity().to_string());
    session.handoff = None;
    locked.save(&session)?;
    seat.settle()?;
    drop(locked);
    let ended = begun.ended(FIRST_LOOK);
    let is_done = has_ended_as_it_should(town, &ticket, &session)?;
    Ok(match ended {
        Some(status) if !is_done => Started::EndedAtOnce {
            tail: agent::logs::tail(Path::new(&session.log), 10).unwrap_or_default(),
            status,
            session,
        },
        _ => Started::Running(session),
    })
}

/// One that ended its work as it should has no ticket any more, or a parked
/// hook; one that handed off is to be followed, or was already.
fn has_ended_as_it_should(town: &Town, ticket: &Ticket, session: &Session) -> Result<bool, Error> {
    let now = town.store.read::<Ticket>(&ticket.agent)?;
    if now.is_none_or(|now| now.nonce != ticket.nonce) {
        return Ok(true);
    }
    let last = super::session(town, &ticket.agent)?;
    if last.is_some_and(|it| it.handoff.is_some() || it.process != session.process) {
        return Ok(true);
    }
    let hook = town.store.read::<Hook>(&ticket.agent)?;
    Ok(hook.is_some_and(|hook| hook.parked.is_some()))
}

/// A process that was started for this attempt by a command that was killed
/// before it could note which one. One of an earlier attempt is stopped.
fn adopted(
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
fn stop_forgotten(ticket: &Ticket) -> Result<(), Error> {
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

/// The agent's ticket, if its hook is the one that was slung and its bead is
/// still at that attempt.
fn checked(town: &Town, agent: &Address) -> Result<Ticket, Error> {
    let nothing = || {
        Error::not_found(
            format!("{agent} has nothing on its hook here"),
            "`gt sling` puts a bead on a hook",
        )
    };
    let ticket = town.store.read::<Ticket>(agent)?.ok_or_else(nothing)?;
    let text = crate::ticket::hook_text(town, agent)?;
    if text.is_none_or(|text| crate::ticket::hash(&text) != ticket.hash) {
        return Err(Error::refused(
            format!("the hook of {agent} is not the one that was slung here"),
            "`gt doctor` shows what differs; `gt doctor --fix` brings back a hook that is gone",
        ));
    }
    let hook = town.store.read::<Hook>(agent)?.ok_or_else(nothing)?;
    if let Some(parked) = hook.parked {
        let message = format!(
            "{agent} is parked: it waits for {} ({})",
            parked.on, parked.reason
        );
        return Err(Error::refused(
            message,
            format!("`gt resume {}` lets it go on", ticket.bead),
        ));
    }
    let bead = town.store.bead(&ticket.bead)?;
    if bead.attempt != ticket.attempt || !bead.status.is_on_a_hook() {
        return Err(Error::refused(
            format!(
                "{} is {} at attempt {}; the ticket of {agent} is for attempt {}",
                bead.id, bead.status, bead.attempt, ticket.attempt
            ),
            "`gt doctor --fix` retires tickets that are over",
        ));
    }
    Ok(ticket)
}

/// What is to be started, and what will be remembered of it.
fn prepare(
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
pub(crate) fn resolve(town: &Town, name: &str) -> Result<Runtime, Error> {
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
    launch::check_program(&argv, &env).map_err(|error| terminal::launch_error(&error))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn how_it_ended_is_said_only_where_it_was_counted() {
        let session = fixture::session();
        let of = |process: &str| Supervision {
            agent: session.agent.clone(),
            bead: session.bead.clone(),
            attempt: 1,
            nonce: session.nonce.clone(),
            crashes: 1,
            counted: Some(process.to_owned()),
            retry_at: None,
            reason: Some("exit status: 3".to_owned()),
            stalled: None,
            extra: Vec::new(),
            noted_at: session.started_at.clone(),
        };
        assert_eq!(as_told(Some(of("b:7:9")), &session), "exit status: 3");
        for unknown in [None, Some(of("b:6:9"))] {
            let told = as_told(unknown, &session);
            assert!(
                told.starts_with("it ended before it was looked at"),
                "{told}"
            );
        }
    }
}
