//! Everything that the plan is made from, read in one go. Writes nothing.

use super::clone::{self, Clone};
use super::processes::{self, Carrier};
use crate::error::Error;
use crate::session::{self, Session};
use crate::work::Situation;
use crate::{Town, convoy, escalation, resume, ticket, worker};
use jiff::Timestamp;
use model::{Address, Bead, Graph, Hook, Id, Status, Ticket};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use store::{Problem, Stored, layout, look};

/// What was found, before anybody judges it.
#[derive(Debug, std::clone::Clone)]
pub struct Facts {
    /// Now.
    pub now: Timestamp,
    /// The rig's name.
    pub rig: String,
    /// The store's folder.
    pub tracked: PathBuf,
    /// This clone's host ID, if it has one.
    pub host: Option<String>,
    /// Files that cannot be used.
    pub problems: Vec<Problem>,
    /// All beads that can be read.
    pub beads: Vec<Bead>,
    /// Dependencies on beads that are not there.
    pub dangling: Vec<(Id, Id)>,
    /// Beads that wait for each other.
    pub cycles: Vec<Vec<Id>>,
    /// All hooks.
    pub hooks: Vec<Hook>,
    /// All tickets of this clone, each with everything around it.
    pub tickets: Vec<Held>,
    /// The beads of tickets of which something cannot be read, with their agents.
    pub doubtful: Vec<(Address, Id)>,
    /// Agents of whose work something cannot be read: they are left alone.
    pub unclear: Vec<Address>,
    /// Hooks that are not as they were slung, with the lines that differ.
    pub changed: Vec<(Address, Vec<String>)>,
    /// The processes that this clone remembers.
    pub sessions: Vec<Remembered>,
    /// Agents whose worker is being started.
    pub starting: BTreeSet<Address>,
    /// The processes of attempts, which may be over.
    pub carriers: Vec<Carrier>,
    /// Abandoned temporary files.
    pub temporary: Vec<PathBuf>,
    /// Convoys that are not up to date.
    pub convoys: Vec<Id>,
    /// Convoys with beads that they name, and that are not there.
    pub absent: Vec<(Id, Id)>,
    /// Beads with what their hooks wait for, and is not there.
    pub lost: Vec<(Id, Id)>,
    /// Beads whose parked hooks may go on.
    pub due: Vec<Id>,
    /// Escalated beads that somebody was not told of.
    pub untold: Vec<Id>,
    /// The clone around the store.
    pub clone: Clone,
}

/// A ticket with what it is about.
#[derive(Debug, std::clone::Clone)]
pub struct Held {
    /// The ticket.
    pub ticket: Ticket,
    /// Its bead, hook and merge request.
    pub situation: Situation,
}

/// A session with whether its process runs.
#[derive(Debug, std::clone::Clone)]
pub struct Remembered {
    /// The session.
    pub session: Session,
    /// Whether it runs.
    pub is_running: bool,
}

impl Remembered {
    /// Whether it is the same process of the same attempt.
    fn is_same(&self, other: &Self) -> bool {
        let of = |it: &Self| (it.session.nonce.clone(), it.session.process.clone());
        self.session.agent == other.session.agent && of(self) == of(other)
    }

    /// Looks whether it runs.
    pub(super) fn look(session: Session) -> Result<Self, Error> {
        Ok(Self {
            is_running: worker::is_running(&session)?,
            session,
        })
    }
}

impl Facts {
    /// Reads it all. What runs comes first: nobody takes what is started meanwhile
    /// for something that lacks its ticket.
    pub fn gather(town: &Town) -> Result<Self, Error> {
        let carriers = processes::carriers(town)?;
        let (before, _) = sessions(town)?;
        let starting = worker::starting(town)?;
        let beads = town.store.load()?.beads;
        let hooks = town.store.hooks()?.records;
        let Tickets {
            held: tickets,
            doubtful,
            mut unclear,
        } = tickets(town)?;
        let (mut sessions, damaged) = sessions(town)?;
        // Each is what it was before its bead was read, or is left for the next look.
        sessions.retain(|now| before.iter().any(|it| it.is_same(now)));
        let mut problems = town.store.problems()?;
        for (agent, problem) in damaged {
            unclear.push(agent);
            problems.push(problem);
        }
        let graph = Graph::new(&beads);
        // What is there and cannot be read is a problem of its own.
        let mut dangling = Vec::new();
        for (from, to) in graph.dangling() {
            if !town.store.has_bead(to)? {
                dangling.push(((*from).clone(), (*to).clone()));
            }
        }
        let cycles = graph.cycles();
        let now = town.now().timestamp();
        Ok(Self {
            now,
            rig: town.rig().to_owned(),
            tracked: town.store.tracked().path().to_owned(),
            host: town.store.host()?,
            problems,
            dangling,
            cycles,
            changed: changed(town, &tickets)?,
            doubtful,
            unclear,
            starting,
            carriers,
            temporary: town.store.temporary_files()?,
            convoys: convoy::stale(town)?,
            absent: convoy::absent(town)?,
            lost: lost(town, &hooks)?,
            due: resume::due(town, now)?,
            untold: untold(town, &beads)?,
            clone: clone::gather(town, &beads, &tickets)?,
            beads,
            hooks,
            tickets,
            sessions,
        })
    }

    /// The bead of an ID, if it can be read.
    pub fn bead(&self, id: &Id) -> Option<&Bead> {
        self.beads.iter().find(|bead| bead.id == *id)
    }

    /// Why a bead's file cannot be read, if it is there and cannot.
    pub fn unreadable(&self, id: &Id) -> Option<&Problem> {
        let path = self.tracked.join(layout::bead(id).path());
        self.problems.iter().find(|it| it.path == path)
    }

    /// The ticket of an agent.
    pub fn ticket(&self, agent: &Address) -> Option<&Ticket> {
        let mut tickets = self.tickets.iter().map(|held| &held.ticket);
        tickets.find(|ticket| ticket.agent == *agent)
    }
}

impl Held {
    /// Of one agent, if it has a ticket.
    pub(super) fn read(town: &Town, agent: &Address) -> Result<Option<Self>, Error> {
        let Some(ticket) = town.store.read::<Ticket>(agent)? else {
            return Ok(None);
        };
        let situation = Situation::read(town, &ticket.bead, agent)?;
        Ok(Some(Self { ticket, situation }))
    }
}

struct Tickets {
    held: Vec<Held>,
    doubtful: Vec<(Address, Id)>,
    unclear: Vec<Address>,
}

fn tickets(town: &Town) -> Result<Tickets, Error> {
    let listing = town.store.tickets()?;
    let base = town.store.private_path().join(layout::TICKETS);
    let damaged = listing.problems.iter();
    let mut found = Tickets {
        held: Vec::new(),
        doubtful: Vec::new(),
        unclear: damaged.filter_map(|it| address(&base, &it.path)).collect(),
    };
    for ticket in listing.records {
        let situation = Situation::read(town, &ticket.bead, &ticket.agent);
        // What cannot be read is among the problems.
        match readable(situation)? {
            Some(situation) => found.held.push(Held { situation, ticket }),
            None => {
                found.unclear.push(ticket.agent.clone());
                found.doubtful.push((ticket.agent, ticket.bead));
            }
        }
    }
    Ok(found)
}

/// Whose file this is in a folder by address.
fn address(base: &Path, path: &Path) -> Option<Address> {
    let relative = path.strip_prefix(base).unwrap_or(path).with_extension("");
    Address::parse(&relative.to_string_lossy()).ok()
}

fn changed(town: &Town, tickets: &[Held]) -> Result<Vec<(Address, Vec<String>)>, Error> {
    let mut changed = Vec::new();
    for Held { ticket, situation } in tickets {
        let is_same = |hook: &Hook| hook.nonce == ticket.nonce;
        if !situation.hook.as_ref().is_some_and(is_same) {
            continue;
        }
        let text = ticket::hook_text(town, &ticket.agent)?.unwrap_or_default();
        if ticket::hash(&text) != ticket.hash {
            let minted: Vec<&str> = ticket.hook.lines().collect();
            let is_new = |line: &&str| !line.is_empty() && !minted.contains(line);
            let lines = text.lines().filter(is_new).take(3).map(str::to_owned);
            changed.push((ticket.agent.clone(), lines.collect()));
        }
    }
    Ok(changed)
}

/// What was read; none where a file is damaged, which is reported elsewhere.
fn readable<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(Error::Store(store::Error::Problem(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is wrong with what of whom.
type Damaged = Vec<(Address, Problem)>;

/// All that can be read, and what is wrong with the others.
fn sessions(town: &Town) -> Result<(Vec<Remembered>, Damaged), Error> {
    let mut names = Vec::new();
    let base = town.store.private_path().join(session::FOLDER);
    collect(&base, &base, &mut names)?;
    let (mut sessions, mut damaged) = (Vec::new(), Vec::new());
    for agent in names {
        match town.store.read::<Session>(&agent) {
            Ok(found) => sessions.extend(found.map(Remembered::look).transpose()?),
            Err(store::Error::Problem(problem)) => damaged.push((agent, problem)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((sessions, damaged))
}

fn collect(base: &Path, folder: &Path, names: &mut Vec<Address>) -> Result<(), Error> {
    let mut entries = look::entries(folder)?;
    entries.sort();
    for path in entries {
        if look::at(&path)?.is_some_and(|meta| meta.is_dir()) {
            collect(base, &path, names)?;
            continue;
        }
        let agent = address(base, &path);
        names.extend(agent.filter(|it| Session::place(it).path().ends_with(".yaml")));
    }
    Ok(())
}

/// What parked hooks wait for, where it is no bead of this store's prefix that
/// anybody could close.
fn lost(town: &Town, hooks: &[Hook]) -> Result<Vec<(Id, Id)>, Error> {
    let mut lost = Vec::new();
    for hook in hooks {
        let Some(on) = hook.parked.as_ref().map(|parked| &parked.on) else {
            continue;
        };
        if on.has_prefix(&town.config().prefix) && !town.store.has_bead(on)? {
            lost.push((hook.bead.clone(), on.clone()));
        }
    }
    Ok(lost)
}

fn untold(town: &Town, beads: &[Bead]) -> Result<Vec<Id>, Error> {
    let mut untold = Vec::new();
    for bead in beads.iter().filter(|it| it.status == Status::Escalated) {
        if !escalation::untold(town, bead)?.is_empty() {
            untold.push(bead.id.clone());
        }
    }
    Ok(untold)
}
