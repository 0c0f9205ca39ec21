//! Everything that was seen, and what a new look brings.
//!
//! Reads, and writes nothing. Hooks and what belongs to them are looked at
//! first; the beads follow folder by folder, so that a look at ten thousand of
//! them never keeps a hook waiting.

use crate::addresses;
use crate::shelf::{News, Shelf};
use crate::subject::Subject;
use model::{Address, Bead, Convoy, Hook, Id, Ticket};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::tree::Dir;
use store::{Problem, layout};
use town::events::{BeadView, ConvoyView, HookView, SessionView};
use town::session::{self, Session};
use town::supervision::Supervision;
use town::{Error, Town, worker};

/// Git takes tracked files away for a moment.
const PATIENCE: Duration = Duration::from_millis(300);

/// What was seen of a store and of the clone's own folder.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) beads: Shelf<Id, BeadView>,
    pub(crate) hooks: Shelf<Address, HookView>,
    pub(crate) tickets: Shelf<Address, Arc<Ticket>>,
    pub(crate) sessions: Shelf<Address, SessionView>,
    pub(crate) troubles: Shelf<Address, Supervision>,
    pub(crate) convoys: Shelf<Id, ConvoyView>,
    /// Merge requests that wait for the refinery.
    pub(crate) queue: BTreeSet<Id>,
    /// Folders of beads that are still to be looked at.
    shards: VecDeque<&'static str>,
    /// Those of them that were never looked at.
    unseen: BTreeSet<&'static str>,
    is_settled: bool,
    /// Folders that cannot be listed. What was seen in them stays as it was.
    folders: BTreeMap<PathBuf, Problem>,
}

/// One thing that a look brought.
#[derive(Debug, PartialEq)]
pub(crate) enum Change {
    Bead(Id, News<BeadView>),
    Hook(Address, News<HookView>),
    Ticket(Address, News<Arc<Ticket>>),
    Session(Address, News<SessionView>),
    Trouble(Address, News<Supervision>),
    Convoy(Id, News<ConvoyView>),
    /// A folder that cannot be listed.
    Folder(Problem),
}

/// The first error of several looks, none of which keeps the others from being
/// taken.
#[derive(Default)]
struct First(Option<Error>);

impl First {
    fn of<T: Default>(&mut self, looked: Result<T, Error>) -> T {
        looked.unwrap_or_else(|error| {
            self.0.get_or_insert(error);
            T::default()
        })
    }

    fn end(self) -> Result<(), Error> {
        self.0.map_or(Ok(()), Err)
    }
}

impl World {
    /// Nothing was seen yet.
    pub(crate) fn new() -> Self {
        Self {
            beads: Shelf::new(PATIENCE),
            hooks: Shelf::new(PATIENCE),
            tickets: Shelf::new(Duration::ZERO),
            sessions: Shelf::new(Duration::ZERO),
            troubles: Shelf::new(Duration::ZERO),
            convoys: Shelf::new(PATIENCE),
            queue: BTreeSet::new(),
            shards: VecDeque::new(),
            unseen: BTreeSet::new(),
            is_settled: false,
            folders: BTreeMap::new(),
        }
    }

    /// Whether everything was seen once: from then on what is new has happened
    /// just now.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_settled && self.unseen.is_empty()
    }

    /// Whether folders of beads are still to be looked at.
    pub(crate) fn has_more(&self) -> bool {
        !self.shards.is_empty()
    }

    /// Whether a bead's file is there, or was a moment ago.
    pub(crate) fn knows_bead(&self, id: &Id) -> bool {
        self.beads.is_known(id)
    }

    /// The same of an agent's hook.
    pub(crate) fn knows_hook(&self, agent: &Address) -> bool {
        self.hooks.is_known(agent)
    }

    /// Folders that cannot be listed.
    pub(crate) fn folders(&self) -> impl Iterator<Item = &Problem> {
        self.folders.values()
    }

    /// All agents with a hook or a ticket.
    pub(crate) fn agents(&self) -> BTreeSet<&Address> {
        self.hooks.known().chain(self.tickets.keys()).collect()
    }

    /// When a file that is missing is to be looked at again.
    pub(crate) fn look_again_at(&self) -> Option<Instant> {
        let hooks = self.hooks.missing().map(|(_, at)| at);
        let beads = self.beads.missing().map(|(_, at)| at);
        hooks
            .chain(beads)
            .chain(self.convoys.missing().map(|(_, at)| at))
            .min()
    }

    /// Looks at the files that are missing.
    pub(crate) fn missing(&self) -> Vec<Subject> {
        let hooks = self
            .hooks
            .missing()
            .map(|(key, _)| Subject::Agent(key.clone()));
        let beads = self
            .beads
            .missing()
            .map(|(key, _)| Subject::Bead(key.clone()));
        let convoys = self.convoys.missing();
        hooks
            .chain(beads)
            .chain(convoys.map(|(key, _)| Subject::Convoy(key.clone())))
            .collect()
    }

    /// Looks at what these are about. What cannot be looked at keeps nothing
    /// else from being seen.
    pub(crate) fn look(
        &mut self,
        town: &Town,
        subjects: &BTreeSet<Subject>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Error> {
        let mut first = First::default();
        if subjects.contains(&Subject::Everything) {
            first.of(self.look_at_all(town, changes));
        }
        for subject in subjects {
            first.of(match subject {
                Subject::Bead(id) => self.look_at_bead(town, id, changes),
                Subject::Agent(agent) => self.look_at_agent(town, agent, changes),
                Subject::Convoy(id) => self.look_at_convoy(town, id, changes),
                Subject::Config | Subject::Trust | Subject::Everything => Ok(()),
            });
        }
        first.end()
    }

    /// Looks at the next folder of beads.
    pub(crate) fn look_at_next_folder(
        &mut self,
        town: &Town,
        changes: &mut Vec<Change>,
    ) -> Result<(), Error> {
        let Some(shard) = self.shards.pop_front() else {
            return Ok(());
        };
        let folder = format!("{}/{shard}", layout::BEADS);
        let Some(listed) = self.ids_in(town, &folder, changes)? else {
            // Nothing more can be seen there now.
            self.unseen.remove(shard);
            return Ok(());
        };
        let known = self.beads.keys().filter(|id| id.shard() == shard);
        let ids: BTreeSet<Id> = known.cloned().chain(listed).collect();
        let mut first = First::default();
        for id in ids {
            first.of(self.look_at_bead(town, &id, changes));
        }
        first.end()?;
        self.unseen.remove(shard);
        Ok(())
    }

    fn look_at_all(&mut self, town: &Town, changes: &mut Vec<Change>) -> Result<(), Error> {
        let mut first = First::default();
        let mut agents: BTreeSet<Address> = self.agents().into_iter().cloned().collect();
        agents.extend(self.hooks.keys().cloned());
        let mut folders = Vec::new();
        let hooks = addresses::below(town.store.tracked(), layout::HOOKS, &mut folders);
        agents.extend(first.of(hooks));
        if let Some(private) = town.store.private() {
            let tickets = addresses::below(private, layout::TICKETS, &mut folders);
            agents.extend(first.of(tickets));
            let sessions = addresses::below(private, session::FOLDER, &mut folders);
            for agent in first.of(sessions) {
                if !agents.contains(&agent) && first.of(is_at_work(town, &agent)) {
                    agents.insert(agent);
                }
            }
        }
        self.note_folders(town, folders, changes);
        for agent in agents {
            first.of(self.look_at_agent(town, &agent, changes));
        }
        let listed = first.of(self.ids_in(town, layout::CONVOYS, changes));
        let known = self.convoys.keys().cloned();
        let convoys: BTreeSet<Id> = known.chain(listed.unwrap_or_default()).collect();
        for id in convoys {
            first.of(self.look_at_convoy(town, &id, changes));
        }
        self.shards = model::id::shards().collect();
        first.end()?;
        if !self.is_settled {
            self.unseen = self.shards.iter().copied().collect();
            self.is_settled = true;
        }
        Ok(())
    }

    /// The IDs that have a file in a tracked folder; none of one that cannot be
    /// listed, which is noted.
    fn ids_in(
        &mut self,
        town: &Town,
        folder: &str,
        changes: &mut Vec<Change>,
    ) -> Result<Option<Vec<Id>>, Error> {
        let tracked = town.store.tracked();
        let dir = tracked.dir(folder);
        match dir.and_then(|dir| dir.as_ref().map(Dir::names).transpose()) {
            Ok(names) => {
                self.folders.remove(&tracked.path().join(folder));
                let names = names.unwrap_or_default();
                Ok(Some(names.iter().filter_map(|name| id_of(name)).collect()))
            }
            Err(error) => {
                self.note_folder(error.of_file()?, changes);
                Ok(None)
            }
        }
    }

    /// These are all folders of hooks and tickets that cannot be listed now.
    fn note_folders(&mut self, town: &Town, found: Vec<Problem>, changes: &mut Vec<Change>) {
        let tracked = town.store.tracked().path();
        let others = [layout::BEADS, layout::CONVOYS].map(|name| tracked.join(name));
        let is_other = |path: &Path| others.iter().any(|it| path.starts_with(it));
        self.folders
            .retain(|path, _| is_other(path) || found.iter().any(|it| it.path == *path));
        for problem in found {
            self.note_folder(problem, changes);
        }
    }

    fn note_folder(&mut self, problem: Problem, changes: &mut Vec<Change>) {
        let path = problem.path.clone();
        if self.folders.insert(path, problem.clone()).as_ref() != Some(&problem) {
            changes.push(Change::Folder(problem));
        }
    }

    fn look_at_agent(
        &mut self,
        town: &Town,
        agent: &Address,
        changes: &mut Vec<Change>,
    ) -> Result<(), Error> {
        let mut first = First::default();
        let ticket = self.tickets.look(town, agent, |it| Ok(Arc::new(it)));
        changes.extend(first.of(ticket).map(|it| Change::Ticket(agent.clone(), it)));
        let hook = self.hooks.look(town, agent, |hook: Hook| {
            Ok(HookView::of(&hook, hash_of(town, agent)?))
        });
        changes.extend(first.of(hook).map(|it| Change::Hook(agent.clone(), it)));
        let last = self.sessions.get(agent).cloned();
        let session = self.sessions.look(town, agent, |it: Session| {
            Ok(SessionView::of(&it).after(last.as_ref()))
        });
        changes.extend(
            first
                .of(session)
                .map(|it| Change::Session(agent.clone(), it)),
        );
        let trouble = self.troubles.look(town, agent, Ok);
        changes.extend(
            first
                .of(trouble)
                .map(|it| Change::Trouble(agent.clone(), it)),
        );
        for bead in self.beads_of(agent) {
            first.of(self.look_at_bead(town, &bead, changes));
            let awaits = self.beads.get(&bead).and_then(|it| it.awaits.clone());
            if let Some(awaited) = awaits {
                first.of(self.look_at_bead(town, &awaited, changes));
            }
        }
        first.end()
    }

    /// The beads that an agent's ticket, hook and session name.
    fn beads_of(&self, agent: &Address) -> BTreeSet<Id> {
        let hook = self.hooks.get(agent);
        let waits_for = hook.and_then(|hook| hook.parked.as_ref());
        let beads = [
            self.tickets.get(agent).map(|ticket| ticket.bead.clone()),
            hook.map(|hook| hook.bead.clone()),
            waits_for.map(|parked| parked.on.clone()),
            self.sessions.get(agent).map(|it| it.bead.clone()),
        ];
        beads.into_iter().flatten().collect()
    }

    fn look_at_bead(
        &mut self,
        town: &Town,
        id: &Id,
        changes: &mut Vec<Change>,
    ) -> Result<(), Error> {
        let news = self
            .beads
            .look(town, id, |bead: Bead| Ok(BeadView::of(&bead)))?;
        if news.is_none() {
            return Ok(());
        }
        if self.beads.get(id).is_some_and(BeadView::waits_for_refinery) {
            self.queue.insert(id.clone());
        } else {
            self.queue.remove(id);
        }
        changes.extend(news.map(|it| Change::Bead(id.clone(), it)));
        Ok(())
    }

    fn look_at_convoy(
        &mut self,
        town: &Town,
        id: &Id,
        changes: &mut Vec<Change>,
    ) -> Result<(), Error> {
        let news = self
            .convoys
            .look(town, id, |it: Convoy| Ok(ConvoyView::of(&it)))?;
        changes.extend(news.map(|it| Change::Convoy(id.clone(), it)));
        Ok(())
    }
}

/// Whether somebody runs who may have neither hook nor ticket any more. A session
/// that cannot be read is the doctor's to tell.
fn is_at_work(town: &Town, agent: &Address) -> Result<bool, Error> {
    match worker::session(town, agent) {
        Ok(Some(session)) => worker::is_running(&session),
        Ok(None) | Err(Error::Store(store::Error::Problem(_))) => Ok(false),
        Err(error) => Err(error),
    }
}

fn id_of(name: &str) -> Option<Id> {
    Id::parse(name.strip_suffix(".yaml")?).ok()
}

/// The hash that a ticket of a hook has, from the hook's file as it is now.
fn hash_of(town: &Town, agent: &Address) -> Result<String, Error> {
    let text = town::ticket::hook_text(town, agent)?;
    Ok(text
        .map(|text| town::ticket::hash(&text))
        .unwrap_or_default())
}
