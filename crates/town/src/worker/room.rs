//! How many workers run, without asking every ticket there ever was.
//!
//! Before a worker's process is there, a note of its agent's name says what is
//! being started, and is held until the session says what runs; once the process
//! is gone the note goes. So the notes are few, and each is asked. Promises:
//! whoever may run has a note. Never: believes one, or waits for the disk to
//! write it, since no process outlives the machine. Where the notes are gone,
//! every ticket is asked, and they are written anew.

use super::Limit;
use crate::Town;
use crate::error::Error;
use crate::session::Session;
use model::{Address, Hook, Ticket};
use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;
use store::Lock;
use store::interrupted::retry_io;
use store::tree::{Content, Dir, HeldNote, Tree};
use store::yaml::Document;

/// The folder of the notes, in the clone's own.
const FOLDER: &str = "running";

/// Where they are written anew, all of them before any counts.
const ANEW: &str = "running.new";

/// A note larger than this is none of ours.
const LIMIT: u64 = 64 << 10;

/// What a note stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Standing {
    /// A worker that runs, or is being started.
    Runs,
    /// One that a command was about to start when it was killed.
    MayRun,
    /// Its hook is parked: what is left of it says goodbye, and takes no place.
    Parked,
    /// None any more.
    Gone,
}

/// Whether one more worker may run.
pub(super) enum Room {
    /// It may be started.
    Free(Seat),
    /// So many run, which is as many as may.
    Full { running: usize, limit: Limit },
}

/// The note of a worker that is being started.
#[must_use = "dropped before its session is written, it is a start that was cut short"]
pub(super) struct Seat {
    dir: Dir,
    name: String,
    note: HeldNote,
}

impl Seat {
    /// The session says what runs.
    pub(super) fn settle(self) -> Result<(), Error> {
        Ok(self.note.clear()?)
    }

    /// Nothing was started.
    pub(super) fn leave(self) -> Result<(), Error> {
        Ok(self.dir.drop_note(&self.name)?)
    }
}

/// How many workers of this store run. Parked and finished ones do not.
pub fn running(town: &Town) -> Result<usize, Error> {
    let private = town.store.private();
    let Some((dir, agents)) = private.map(noted).transpose()?.flatten() else {
        return Ok(with_standing(town, None, of_tickets(town)?)?.running());
    };
    Ok(with_standing(town, Some(&dir), agents)?.running())
}

/// The agents whose worker is being started, or was when its starter was killed.
pub fn starting(town: &Town) -> Result<BTreeSet<Address>, Error> {
    let private = town.store.private();
    let Some((dir, agents)) = private.map(noted).transpose()?.flatten() else {
        return Ok(BTreeSet::new());
    };
    let mut found = BTreeSet::new();
    for agent in agents {
        if is_begun(&dir, &name(&agent))? {
            found.insert(agent);
        }
    }
    Ok(found)
}

/// Whether an agent is one of them.
pub fn is_starting(town: &Town, agent: &Address) -> Result<bool, Error> {
    let private = town.store.private();
    let dir = private.map(|it| it.dir(FOLDER)).transpose()?.flatten();
    dir.map_or(Ok(false), |dir| is_begun(&dir, &name(agent)))
}

/// Makes room for a worker, or says that there is none. Whoever asks holds the
/// lock of its hook.
pub(super) fn enter(town: &Town, session: &Session) -> Result<Room, Error> {
    let _one_by_one = town.store.lock(&[Lock::named("capacity")])?;
    let private = town.store.make_private()?;
    let limit = Limit::of(town)?;
    let running = tidied(town, private)?;
    if running >= limit.most {
        return Ok(Room::Full { running, limit });
    }
    let (dir, name) = (private.make_dir(FOLDER)?, name(&session.agent));
    let note = dir.hold_note(&name, Document::render(session).as_bytes())?;
    Ok(Room::Free(Seat { dir, name, note }))
}

/// What was about to be started for this attempt by a command that was killed.
/// Whoever asks holds the lock of the agent's hook.
pub(super) fn cut_short(town: &Town, ticket: &Ticket) -> Result<Option<Session>, Error> {
    let private = town.store.private();
    let Some(dir) = private.map(|it| it.dir(FOLDER)).transpose()?.flatten() else {
        return Ok(None);
    };
    let Content::Bytes(bytes) = dir.read(&name(&ticket.agent), LIMIT)? else {
        return Ok(None);
    };
    let text = String::from_utf8(bytes).unwrap_or_default();
    // One that a power cut tore is of a process that is gone with it.
    let session = Document::<Session>::read(&text).ok();
    Ok(session.filter(|it| (&it.agent, &it.nonce) == (&ticket.agent, &ticket.nonce)))
}

/// Whether a worker of this agent was started: there is no note of one that never
/// was.
pub(super) fn is_noted(town: &Town, agent: &Address) -> Result<bool, Error> {
    let private = town.store.private();
    let Some(dir) = private.map(|it| it.dir(FOLDER)).transpose()?.flatten() else {
        return Ok(false);
    };
    Ok(dir.read(&name(agent), LIMIT)? != Content::Missing)
}

/// The session says what runs, also where the start was another command's.
pub(super) fn settle(town: &Town, agent: &Address) -> Result<(), Error> {
    let dir = town.store.make_private()?.make_dir(FOLDER)?;
    Ok(dir.note(&name(agent), b"")?)
}

/// How many run; notes of those who are gone are taken away.
fn tidied(town: &Town, private: &Tree) -> Result<usize, Error> {
    let Some((dir, agents)) = noted(private)? else {
        return write_anew(town, private);
    };
    let found = with_standing(town, Some(&dir), agents)?;
    for (agent, _) in found.0.iter().filter(|(_, it)| *it == Standing::Gone) {
        dir.drop_note(&name(agent))?;
    }
    Ok(found.running())
}

/// By a rename: a folder that is there has every note.
fn write_anew(town: &Town, private: &Tree) -> Result<usize, Error> {
    let (anew, place) = (private.path().join(ANEW), private.path().join(FOLDER));
    let dir = private.make_dir(ANEW)?;
    let found = with_standing(town, None, of_tickets(town)?)?;
    for (agent, _) in found.0.iter().filter(|(_, it)| *it != Standing::Gone) {
        dir.note(&name(agent), b"")?;
    }
    retry_io(|| fs::rename(&anew, &place)).map_err(|error| Error::io("write", &place, &error))?;
    Ok(found.running())
}

struct Found(Vec<(Address, Standing)>);

impl Found {
    fn running(&self) -> usize {
        let standings = self.0.iter().map(|(_, standing)| standing);
        standings.filter(|it| **it == Standing::Runs).count()
    }
}

fn with_standing(town: &Town, dir: Option<&Dir>, agents: Vec<Address>) -> Result<Found, Error> {
    let standings = agents.into_iter().map(|agent| {
        let standing = standing(town, dir, &agent)?;
        Ok((agent, standing))
    });
    standings.collect::<Result<_, Error>>().map(Found)
}

fn standing(town: &Town, dir: Option<&Dir>, agent: &Address) -> Result<Standing, Error> {
    let name = name(agent);
    // Emptied only once the session is written: so it is read first.
    let is_begun = dir.map_or(Ok(false), |dir| is_begun(dir, &name))?;
    if is_begun && dir.is_some_and(|dir| dir.is_held(&name)) {
        return Ok(Standing::Runs);
    }
    let ticket = town.store.read::<Ticket>(agent)?;
    if !ticket.is_some_and(|it| it.spawn) {
        return Ok(Standing::Gone);
    }
    Ok(if super::is_alive(town, agent)? {
        match is_parked(town, agent)? {
            true => Standing::Parked,
            false => Standing::Runs,
        }
    } else if is_begun {
        Standing::MayRun
    } else {
        Standing::Gone
    })
}

/// Whether an agent's hook waits; one whose text cannot be read parks nobody.
fn is_parked(town: &Town, agent: &Address) -> Result<bool, Error> {
    match town.store.glance::<Hook>(agent, Instant::now()) {
        Ok(Some(Some(hook))) => Ok(hook.parked.is_some()),
        Ok(_) | Err(store::Error::Problem(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn is_begun(dir: &Dir, name: &str) -> Result<bool, Error> {
    Ok(match dir.read(name, LIMIT)? {
        Content::Bytes(bytes) => !bytes.is_empty(),
        _ => false,
    })
}

/// Whose notes there are, and the folder that they are in.
fn noted(private: &Tree) -> Result<Option<(Dir, Vec<Address>)>, Error> {
    let Some(dir) = private.dir(FOLDER)? else {
        return Ok(None);
    };
    let names = dir.names()?;
    let agents = names.iter().filter_map(|name| agent(name)).collect();
    Ok(Some((dir, agents)))
}

fn of_tickets(town: &Town) -> Result<Vec<Address>, Error> {
    let tickets: Vec<Ticket> = town.store.tickets()?.records;
    Ok(tickets.into_iter().map(|ticket| ticket.agent).collect())
}

/// An address as the name of a file: no part of one has a `+`.
fn name(agent: &Address) -> String {
    agent.to_string().replace('/', "+")
}

fn agent(name: &str) -> Option<Address> {
    Address::parse(&name.replace('+', "/")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_a_name_of_its_own() {
        for text in [
            "mayor",
            "deacon/dogs/rex",
            "app/polecats/toast",
            "app/witness",
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(agent(&name(&address)), Some(address));
        }
        assert_eq!(agent(".app+polecats+toast.k3.tmp"), None);
    }
}
