//! Processes that workers of this clone left behind.
//!
//! A process is ours if its environment holds the attempt's random word and
//! names this store's root: no stranger's does. Reads the process table.

use crate::error::Error;
use crate::{Town, worker};
use agent::process::{self, Identity};
use model::{Address, Id};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use store::look;

/// A process of an attempt, its worker's own or what that has started.
#[derive(Debug, Clone, PartialEq)]
pub struct Carrier {
    /// The process.
    pub process: Identity,
    /// Whose it is.
    pub agent: Address,
    /// What it is for.
    pub bead: Id,
    /// At which attempt.
    pub attempt: u32,
    /// The attempt's random word.
    pub nonce: String,
    /// Whether the process that leads its session is gone.
    pub is_orphan: bool,
}

/// The processes of this clone's attempts, the calling one left out.
pub(super) fn carriers(town: &Town) -> Result<Vec<Carrier>, Error> {
    let own = std::process::id();
    let mut found = Vec::new();
    for pid in pids()?.into_iter().filter(|pid| *pid != own) {
        found.extend(carrier(town, pid)?);
    }
    Ok(found)
}

/// What a process is now, if it still is that very one.
pub(super) fn again(town: &Town, known: &Carrier) -> Result<Option<Carrier>, Error> {
    let now = carrier(town, known.process.pid)?;
    Ok(now.filter(|it| it.process == known.process && it.nonce == known.nonce))
}

fn pids() -> Result<Vec<u32>, Error> {
    let entries = look::entries(Path::new("/proc"))?;
    let names = entries.iter().filter_map(|path| path.file_name()?.to_str());
    Ok(names.filter_map(|name| name.parse().ok()).collect())
}

/// The error of a process table that cannot be read.
pub(super) fn failed(error: io::Error) -> Error {
    Error::io("read", Path::new("/proc"), &error)
}

/// The variables that say whose a process is.
fn environment(pid: u32) -> Result<Option<BTreeMap<String, String>>, Error> {
    let bytes = process::environment(pid).map_err(failed)?;
    let bytes = bytes.unwrap_or_default();
    let pairs = bytes.split(|byte| *byte == 0).filter_map(|entry| {
        let (name, value) = std::str::from_utf8(entry).ok()?.split_once('=')?;
        name.starts_with("GT_")
            .then(|| (name.to_owned(), value.to_owned()))
    });
    let found: BTreeMap<_, _> = pairs.collect();
    Ok(found.contains_key(worker::WORD).then_some(found))
}

fn carrier(town: &Town, pid: u32) -> Result<Option<Carrier>, Error> {
    // Before its environment: a number that is used again is noticed.
    let Some(process) = Identity::of(pid).map_err(failed)? else {
        return Ok(None);
    };
    let Some(env) = environment(pid)? else {
        return Ok(None);
    };
    if env.get(worker::ROOT) != Some(&worker::root(town)) {
        return Ok(None);
    }
    let text = |name: &str| env.get(name).map_or("", String::as_str);
    let word = text(worker::WORD);
    let attempt = text("GT_ATTEMPT").split_once('-').map(|(number, _)| number);
    let parts = (
        Address::parse(text("GT_AGENT")).ok(),
        Id::parse(text("GT_BEAD")).ok(),
        attempt.and_then(|number| number.parse().ok()),
        word.rsplit_once('@').map(|(_, nonce)| nonce.to_owned()),
    );
    let (Some(agent), Some(bead), Some(attempt), Some(nonce)) = parts else {
        return Ok(None);
    };
    if !process.is_alive().map_err(failed)? {
        return Ok(None);
    }
    Ok(Some(Carrier {
        is_orphan: is_orphan(pid, word)?,
        process,
        agent,
        bead,
        attempt,
        nonce,
    }))
}

/// A leader that `/proc` does not show, as that of a container's first
/// processes, is none of ours.
fn is_orphan(pid: u32, word: &str) -> Result<bool, Error> {
    let Some(leader) = process::session_of(pid).map_err(failed)? else {
        return Ok(false);
    };
    let env = environment(leader)?;
    Ok(env.is_none_or(|env| env.get(worker::WORD).is_none_or(|it| it != word)))
}
