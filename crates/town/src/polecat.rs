//! Workers as people look at them: what each has, and whether it runs.

use crate::error::Error;
use crate::session::Session;
use crate::{Town, worker};
use model::{Address, Bead, Hook, Status, Ticket};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// One worker.
#[derive(Debug, Clone)]
pub struct Polecat {
    /// Who.
    pub agent: Address,
    /// What it is doing.
    pub state: State,
    /// The bead on its hook.
    pub bead: Option<Bead>,
    /// Its branch.
    pub branch: Option<String>,
    /// Its worktree, if there is one.
    pub worktree: Option<PathBuf>,
    /// The process that runs, or ran last.
    pub session: Option<Session>,
}

/// What a worker is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its process runs, with work on its hook.
    Working,
    /// Work is on its hook, and no process was started yet.
    Waiting,
    /// Work is on its hook, and its process has ended.
    Stopped,
    /// Its hook waits for a gate or an answer.
    Parked,
    /// Nothing is on its hook; its worktree is still there.
    Idle,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Working => "working",
            Self::Waiting => "waiting",
            Self::Stopped => "stopped",
            Self::Parked => "parked",
            Self::Idle => "idle",
        })
    }
}

impl Polecat {
    /// What to do next about it, where something is to be done.
    pub fn next(&self) -> Option<String> {
        let (bead, agent) = (self.bead.as_ref().map(|bead| &bead.id)?, &self.agent);
        match self.state {
            State::Waiting => Some(format!("`gt sling {bead} {agent}` starts it")),
            State::Stopped => Some(format!(
                "`gt logs {bead}` says why; `gt sling {bead} {agent}` starts it again"
            )),
            State::Parked => Some(format!("`gt resume {bead}` lets it go on")),
            State::Working | State::Idle => None,
        }
    }

    /// The last lines of its log.
    pub fn log_tail(&self, lines: usize) -> String {
        let log = self.session.as_ref().map(|session| Path::new(&session.log));
        log.and_then(|log| agent::logs::tail(log, lines).ok())
            .unwrap_or_default()
    }
}

/// All polecats: whoever has a ticket or a worktree.
pub fn list(town: &Town) -> Result<Vec<Polecat>, Error> {
    let mut found: BTreeMap<Address, (Option<Ticket>, Option<PathBuf>)> = BTreeMap::new();
    for ticket in town.store.tickets()?.records {
        if ticket.spawn {
            let agent = ticket.agent.clone();
            found.entry(agent).or_default().0 = Some(ticket);
        }
    }
    for tree in git::worktree::list(town.common())? {
        let marked = tree
            .marker
            .lines()
            .find_map(|line| line.strip_prefix("agent: ").map(str::to_owned));
        if let Some(agent @ Address::Polecat { .. }) =
            marked.and_then(|text| Address::parse(&text).ok())
        {
            found.entry(agent).or_default().1 = Some(tree.path);
        }
    }
    found
        .into_iter()
        .map(|(agent, (ticket, tree))| describe(town, agent, ticket, tree))
        .collect()
}

/// One polecat by its name or address.
pub fn find(town: &Town, name: &str) -> Result<Polecat, Error> {
    let matches =
        |agent: &Address| agent.name() == name || Address::parse(name).is_ok_and(|it| it == *agent);
    list(town)?
        .into_iter()
        .find(|polecat| matches(&polecat.agent))
        .ok_or_else(|| {
            Error::not_found(
                format!("there is no polecat {}", name.escape_debug()),
                "`gt polecat list` lists them",
            )
        })
}

/// The agent that is meant by a name, an address, or the bead on its hook. Its
/// name comes first: what is said to a worker must not reach another one whose
/// bead happens to be called so.
pub fn agent_of(town: &Town, what: &str) -> Result<Address, Error> {
    let polecat = Address::parse(&format!("{}/polecats/{what}", town.rig())).ok();
    if let Some(agent) = polecat.filter(|_| !what.contains('/'))
        && is_known(town, &agent)?
    {
        return Ok(agent);
    }
    if let Ok(agent) = Address::parse(what) {
        return match agent.rig().filter(|rig| *rig != town.rig()) {
            Some(rig) => Err(Error::not_found(
                format!("there is no rig {rig} here, so no {agent}"),
                format!("this store's rig is {}", town.rig()),
            )),
            None => Ok(agent),
        };
    }
    // By its whole ID: what is typed reaches nobody by a guess.
    let id = match town.store.resolve_exact(what) {
        Err(store::Error::NotFound { .. }) => {
            return Err(Error::not_found(
                format!("no worker and no bead is called {what:?}"),
                "`gt agents` lists who has work",
            ));
        }
        found => found?,
    };
    let bead = town.store.bead(&id)?;
    bead.agent().ok_or_else(|| {
        Error::refused(
            format!("{} is {}, and nobody has it", bead.id, bead.status),
            match bead.status {
                Status::Open => format!("`gt sling {} {}` hands it out", bead.id, town.rig()),
                _ => format!("`gt show {}` says where it stands", bead.id),
            },
        )
    })
}

fn is_known(town: &Town, agent: &Address) -> Result<bool, Error> {
    let has_ticket = town.store.read::<Ticket>(agent)?.is_some();
    Ok(has_ticket || worker::session(town, agent)?.is_some())
}

fn describe(
    town: &Town,
    agent: Address,
    ticket: Option<Ticket>,
    tree: Option<PathBuf>,
) -> Result<Polecat, Error> {
    let hook = town.store.read::<Hook>(&agent)?;
    let session = worker::session(town, &agent)?;
    let current = ticket
        .as_ref()
        .zip(session.as_ref())
        .is_some_and(|(ticket, session)| ticket.nonce == session.nonce);
    let runs = session.as_ref().map_or(Ok(false), worker::is_running)?;
    let state = match &ticket {
        None => State::Idle,
        Some(_) if hook.as_ref().is_some_and(|hook| hook.parked.is_some()) => State::Parked,
        Some(_) if current && runs => State::Working,
        Some(_) if current => State::Stopped,
        Some(_) => State::Waiting,
    };
    let bead = ticket
        .as_ref()
        .map(|ticket| town.store.read::<Bead>(&ticket.bead))
        .transpose()?
        .flatten();
    let branch = ticket.and_then(|ticket| ticket.branch);
    Ok(Polecat {
        agent,
        state,
        bead,
        branch,
        worktree: tree,
        session,
    })
}
