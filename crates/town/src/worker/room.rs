//! How many workers run, without asking every ticket there ever was.
//!
//! The name of an agent is written down before its process is there, and struck
//! out once the process is gone: the names are few, and each is asked. Promises:
//! whoever may run has its name here. Never: believes a name, or waits for the
//! disk to write it down, since no process outlives the machine. Where the names
//! are gone, every ticket is asked, and they are written anew.

use crate::Town;
use crate::error::Error;
use model::{Address, Ticket};
use std::fs;
use std::path::Path;
use store::tree::{Dir, Tree};

/// The folder of the names, in the clone's own.
const FOLDER: &str = "running";

/// Where they are written anew, all of them before any counts.
const ANEW: &str = "running.new";

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Standing {
    /// A worker that runs.
    Runs,
    /// One that was about to be started, by a command that may have been killed.
    MayRun,
    /// None any more.
    Gone,
}

/// How many workers of this store run. Parked and finished ones do not.
pub fn running(town: &Town) -> Result<usize, Error> {
    let known = town.store.private().map(known).transpose()?.flatten();
    let agents = known.map_or_else(|| of_tickets(town), |(_, agents)| Ok(agents))?;
    let mut count = 0;
    for agent in agents {
        count += usize::from(standing(town, &agent)? == Standing::Runs);
    }
    Ok(count)
}

/// The same, and strikes out who is gone. Whoever asks holds the lock on the
/// store's capacity.
pub(super) fn tidied(town: &Town) -> Result<usize, Error> {
    let private = town.store.make_private()?;
    let Some((dir, agents)) = known(private)? else {
        return write_anew(town, private);
    };
    let mut count = 0;
    for agent in agents {
        match standing(town, &agent)? {
            Standing::Runs => count += 1,
            Standing::MayRun => {}
            Standing::Gone => dir.drop_note(&name(&agent))?,
        }
    }
    Ok(count)
}

/// Writes down who is about to be started, under the same lock.
pub(super) fn enter(town: &Town, agent: &Address) -> Result<(), Error> {
    let dir = town.store.make_private()?.make_dir(FOLDER)?;
    Ok(dir.note(&name(agent), b"")?)
}

fn standing(town: &Town, agent: &Address) -> Result<Standing, Error> {
    let ticket = town.store.read::<Ticket>(agent)?;
    let session = super::session(town, agent)?;
    Ok(
        match session.filter(|_| ticket.is_some_and(|it| it.spawn)) {
            Some(session) if super::is_running(&session) => Standing::Runs,
            Some(session) if session.process.is_none() => Standing::MayRun,
            _ => Standing::Gone,
        },
    )
}

/// The names, and the folder that they are in.
fn known(private: &Tree) -> Result<Option<(Dir, Vec<Address>)>, Error> {
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

/// By a rename: a folder that is there has every name.
fn write_anew(town: &Town, private: &Tree) -> Result<usize, Error> {
    let (anew, place) = (private.path().join(ANEW), private.path().join(FOLDER));
    let dir = private.make_dir(ANEW)?;
    let mut count = 0;
    for agent in of_tickets(town)? {
        let standing = standing(town, &agent)?;
        if standing != Standing::Gone {
            dir.note(&name(&agent), b"")?;
        }
        count += usize::from(standing == Standing::Runs);
    }
    fs::rename(&anew, &place).map_err(|error| failed(&place, &error))?;
    Ok(count)
}

fn failed(place: &Path, error: &std::io::Error) -> Error {
    Error::io("write", place, error)
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
