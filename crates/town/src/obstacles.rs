//! What stands in the way of the work on a hook besides its files: a worktree or
//! branch that is gone, a runtime that is not installed, a molecule that does
//! not exist, processes that an ended worker left behind.
//!
//! For people who ask; what acts finds out by itself when it acts. Writes nothing.

use crate::error::Error;
use crate::{Town, sling, ticket, worker};
use agent::process::{self, Identity};
use git::worktree::Ours;
use git::{BranchName, refs};
use model::{Address, Class, Fault, Hook, Id, SessionKind, Ticket};
use std::path::{Path, PathBuf};
use store::look;
use store::tree::Tree;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Obstacles {
    /// The worktree, if it was made and its files are gone.
    pub worktree: Option<String>,
    /// The branch, if it was made and is gone.
    pub branch: Option<LostBranch>,
    /// The runtime, if it cannot be started.
    pub runtime: Option<NoRuntime>,
    /// The molecule, if there is none of that name.
    pub molecule: Option<Id>,
    /// What runs for the attempt although its worker has ended.
    pub left_behind: Vec<u32>,
    /// Where the part of its log lies that was put aside when the log was full,
    /// while its worker runs.
    pub overflown: Option<PathBuf>,
}

/// A branch that somebody deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct LostBranch {
    /// Its name.
    pub name: String,
    /// The commit it was at, as far as its worktree knows.
    pub was_at: Option<String>,
}

/// A runtime that cannot be started.
#[derive(Debug, Clone, PartialEq)]
pub struct NoRuntime {
    /// Why.
    pub why: String,
    /// What can be done about it.
    pub hint: Option<String>,
    /// The user's default, if that one could be started instead.
    pub instead: Option<String>,
}

/// Looks at the hook of one agent, whose worktree is among `trees` if it was
/// made.
pub fn look(town: &Town, agent: &Address, trees: &[Ours]) -> Result<Obstacles, Error> {
    let ticket = town.store.read::<Ticket>(agent)?;
    let hook = town.store.read::<Hook>(agent)?;
    let (ticket, hook) = (ticket.as_ref(), hook.as_ref());
    let mut found = Obstacles::default();
    if let Some(ticket) = ticket {
        ground(town, ticket, own(trees, agent), &mut found)?;
        processes(town, ticket, &mut found)?;
    }
    let minted = ticket.and_then(|ticket| ticket::minted(ticket).ok());
    let Some(hook) = minted.as_ref().or(hook) else {
        return Ok(found);
    };
    if hook.agent.is_spawned() && ticket.is_none_or(|ticket| ticket.spawn) {
        let session = ticket.and_then(|ticket| ticket.session);
        found.runtime = runtime(town, hook, session)?;
    }
    let molecule = hook.molecule.clone();
    found.molecule = molecule.filter(|id| !has_molecule(town.store.tracked(), id));
    Ok(found)
}

fn ground(
    town: &Town,
    ticket: &Ticket,
    own: Option<&Ours>,
    found: &mut Obstacles,
) -> Result<(), Error> {
    let (Some(tree), Some(branch)) = (&ticket.worktree, &ticket.branch) else {
        return Ok(());
    };
    // What was never made is not gone.
    if ticket.spawn && own.is_none() {
        return Ok(());
    }
    let is_there = look::is_there(&Path::new(tree).join(".git"))?;
    found.worktree = (!is_there).then(|| tree.clone());
    let name = BranchName::parse(branch)?;
    if !refs::has_branch(town.common(), &name)? {
        let last = own.map(|own| sling::last_commit(town, own)).transpose()?;
        found.branch = Some(LostBranch {
            name: branch.clone(),
            was_at: last.flatten().map(|oid| oid.to_string()),
        });
    }
    Ok(())
}

/// The worktree that was made for an agent.
fn own<'a>(trees: &'a [Ours], agent: &Address) -> Option<&'a Ours> {
    let line = format!("agent: {agent}");
    trees
        .iter()
        .find(|it| it.marker.lines().any(|it| it == line))
}

fn runtime(
    town: &Town,
    hook: &Hook,
    session: Option<SessionKind>,
) -> Result<Option<NoRuntime>, Error> {
    let default = town.user()?.default_runtime().to_owned();
    let name = hook.runtime.as_ref().unwrap_or(&default);
    let Err(error) = worker::check_runtime(town, name, session) else {
        return Ok(None);
    };
    if !matches!(error.class(), Class::Usage | Class::Environment) {
        return Err(error);
    }
    let can_start = *name != default && worker::check_runtime(town, &default, session).is_ok();
    Ok(Some(NoRuntime {
        why: format!("its runtime {name} cannot be started: {error}"),
        hint: error.hint(),
        instead: can_start.then_some(default),
    }))
}

/// A molecule is a folder; one step of it is worked on at a time.
fn has_molecule(tracked: &Tree, id: &Id) -> bool {
    let root = id.as_str().split('.').next().unwrap_or_default();
    // What is no folder is reported by whoever needs it.
    tracked
        .dir(&format!("molecules/{root}"))
        .is_ok_and(|it| it.is_some())
}

/// What its worker left behind, or what is put aside of its log while it runs.
fn processes(town: &Town, ticket: &Ticket, found: &mut Obstacles) -> Result<(), Error> {
    let session = worker::session(town, &ticket.agent)?;
    let Some(session) = session.filter(|it| it.nonce == ticket.nonce) else {
        return Ok(());
    };
    if worker::is_running(&session)? {
        let aside = agent::logs::older(Path::new(&session.log));
        found.overflown = look::is_there(&aside)?.then_some(aside);
    } else if !worker::is_starting(town, &ticket.agent)? {
        found.left_behind = left_behind(town, ticket)?;
    }
    Ok(())
}

/// The processes of an attempt whose worker has ended.
fn left_behind(town: &Town, ticket: &Ticket) -> Result<Vec<u32>, Error> {
    let word = worker::word(&ticket.agent, &ticket.nonce);
    let root = worker::root(town);
    let found = process::find_all(&[(worker::WORD, &word), (worker::ROOT, &root)]);
    let found = found.map_err(|error| Error::io("read", Path::new("/proc"), &error))?;
    Ok(found.iter().map(|it: &Identity| it.pid).collect())
}
