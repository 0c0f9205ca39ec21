//! Processes that workers of this clone left behind.
//!
//! A process is ours if its environment holds the attempt's random word and
//! names this store's root: no stranger's does. Reads the process table.

use super::facts::Held;
use crate::error::Error;
use crate::{Town, worker};
use agent::process::{self, Identity};
use model::{Address, Id, Ticket};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use store::look;

/// A process of an attempt that has no ticket any more, or whose worker has
/// ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Stray {
    /// The process.
    pub process: Identity,
    /// Whose it was.
    pub agent: Address,
    /// What it was for.
    pub bead: Id,
    /// At which attempt.
    pub attempt: u32,
    /// Whether its worker, or the process that leads its session, is gone.
    pub is_orphan: bool,
}

/// The strays of this clone, the calling process left out.
pub(super) fn strays(town: &Town, tickets: &[Held]) -> Result<Vec<Stray>, Error> {
    let root = worker::root(town);
    let own = std::process::id();
    let mut found = Vec::new();
    for pid in pids()?.into_iter().filter(|pid| *pid != own) {
        let Some(env) = environment(pid) else {
            continue;
        };
        if env.get(worker::ROOT) != Some(&root) {
            continue;
        }
        match holder(&env, tickets) {
            None => found.extend(stray(pid, &env, false)?),
            Some(ticket) if has_ended(town, ticket)? => found.extend(stray(pid, &env, true)?),
            Some(_) => {}
        }
    }
    Ok(found)
}

fn pids() -> Result<Vec<u32>, Error> {
    let entries = look::entries(Path::new("/proc"))?;
    let names = entries.iter().filter_map(|path| path.file_name()?.to_str());
    Ok(names.filter_map(|name| name.parse().ok()).collect())
}

/// The variables that say whose a process is. Another user's environment
/// cannot be read, and is none of ours.
fn environment(pid: u32) -> Option<BTreeMap<String, String>> {
    let bytes = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let pairs = bytes.split(|byte| *byte == 0).filter_map(|entry| {
        let (name, value) = std::str::from_utf8(entry).ok()?.split_once('=')?;
        name.starts_with("GT_")
            .then(|| (name.to_owned(), value.to_owned()))
    });
    let found: BTreeMap<_, _> = pairs.collect();
    found.contains_key("GT_SESSION").then_some(found)
}

/// The ticket of the attempt that a process is of.
fn holder<'a>(env: &BTreeMap<String, String>, tickets: &'a [Held]) -> Option<&'a Ticket> {
    let word = env.get(worker::WORD)?;
    let mut tickets = tickets.iter().map(|it| &it.ticket);
    tickets.find(|it| worker::word(&it.agent, &it.nonce) == *word)
}

/// Whether the worker of an attempt has ended, and what runs was left behind.
fn has_ended(town: &Town, ticket: &Ticket) -> Result<bool, Error> {
    let session = worker::session(town, &ticket.agent)?;
    let session = session.filter(|it| it.nonce == ticket.nonce && it.process.is_some());
    // One that a killed command started may run without being remembered.
    Ok(session.is_some_and(|session| !worker::is_running(&session))
        && !worker::is_starting(town, &ticket.agent)?)
}

fn stray(
    pid: u32,
    env: &BTreeMap<String, String>,
    has_ended: bool,
) -> Result<Option<Stray>, Error> {
    let failed = |error| Error::io("read", Path::new("/proc"), &error);
    let text = |name: &str| env.get(name).map_or("", String::as_str);
    let attempt = text("GT_ATTEMPT").split_once('-').map(|(number, _)| number);
    let parts = (
        Address::parse(text("GT_AGENT")).ok(),
        Id::parse(text("GT_BEAD")).ok(),
        attempt.and_then(|number| number.parse().ok()),
    );
    let (Some(agent), Some(bead), Some(attempt)) = parts else {
        return Ok(None);
    };
    let Some(process) = Identity::of(pid).map_err(failed)? else {
        return Ok(None);
    };
    let is_running = process.is_alive().map_err(failed)?;
    Ok(is_running.then(|| Stray {
        is_orphan: has_ended || is_orphan(pid, text("GT_SESSION")),
        process,
        agent,
        bead,
        attempt,
    }))
}

/// A leader that `/proc` does not show, as that of a container's first
/// processes, is none of ours.
fn is_orphan(pid: u32, word: &str) -> bool {
    let Ok(Some(leader)) = process::session_of(pid) else {
        return false;
    };
    let env = environment(leader);
    env.is_none_or(|env| env.get("GT_SESSION").is_none_or(|it| it != word))
}
