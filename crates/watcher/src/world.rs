//! Everything that was seen, and what a new look brings.
//!
//! Reads, and writes nothing. Hooks and what belongs to them are looked at
//! first; the beads follow folder by folder, so that a look at ten thousand of
//! them never keeps a hook waiting.

use crate::addresses;
use crate::shelf::{News, Shelf};
use crate::subject::Subject;
use model::{Address, Bead, Convoy, Hook, Id, Ticket};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::layout;
use town::events::{BeadView, ConvoyView, HookView, SessionView};
use town::session::Session;
use town::supervision::Supervision;
use town::{Error, Town};

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
    /// How many of them were never looked at.
    unseen: usize,
    is_settled: bool,
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
            unseen: 0,
            is_settled: false,
        }
    }

    /// Whether everything was seen once: from then on what is new has happened
    /// just now.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_settled && self.unseen == 0
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

    /// Looks at what these are about.
    pub(crate) fn look(
        &mut self,
        town: &Town,
        subjects: &BTreeSet<Subject>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Error> {
        if subjects.contains(&Subject::Everything) {
            self.look_at_all(town, changes)?;
        }
        for subject in subjects {
            match subject {
                Subject::Bead(id) => self.look_at_bead(town, id, changes)?,
                Subject::Agent(agent) => self.look_at_agent(town, agent, changes)?,
                Subject::Convoy(id) => self.look_at_convoy(town, id, changes)?,
                Subject::Config | Subject::Everything => {}
            }
        }
        Ok(())
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
        let known = self.beads.keys().filter(|id| id.shard() == shard);
        let mut ids: BTreeSet<Id> = known.cloned().collect();
        if let Some(dir) = town
            .store
            .tracked()
            .dir(&format!("{}/{shard}", layout::BEADS))?
        {
            ids.extend(dir.names()?.iter().filter_map(|name| id_of(name)));
        }
        for id in ids {
            self.look_at_bead(town, &id, changes)?;
        }
        self.unseen = self.unseen.saturating_sub(1);
        Ok(())
    }

    fn look_at_all(&mut self, town: &Town, changes: &mut Vec<Change>) -> Result<(), Error> {
        let mut agents: BTreeSet<Address> = self.agents().into_iter().cloned().collect();
        agents.extend(self.hooks.keys().cloned());
        agents.extend(addresses::below(town.store.tracked(), layout::HOOKS)?);
        if let Some(private) = town.store.private() {
            agents.extend(addresses::below(private, layout::TICKETS)?);
        }
        for agent in agents {
            self.look_at_agent(town, &agent, changes)?;
        }
        let mut convoys: BTreeSet<Id> = self.convoys.keys().cloned().collect();
        if let Some(dir) = town.store.tracked().dir(layout::CONVOYS)? {
            convoys.extend(dir.names()?.iter().filter_map(|name| id_of(name)));
        }
        for id in convoys {
            self.look_at_convoy(town, &id, changes)?;
        }
        self.shards = model::id::shards().collect();
        if !self.is_settled {
            self.unseen = self.shards.len();
            self.is_settled = true;
        }
        Ok(())
    }

    fn look_at_agent(
        &mut self,
        town: &Town,
        agent: &Address,
        changes: &mut Vec<Change>,
    ) -> Result<(), Error> {
        let news = self.tickets.look(town, agent, |it| Ok(Arc::new(it)))?;
        changes.extend(news.map(|it| Change::Ticket(agent.clone(), it)));
        let news = self.hooks.look(town, agent, |hook: Hook| {
            Ok(HookView::of(&hook, hash_of(town, agent)?))
        })?;
        changes.extend(news.map(|it| Change::Hook(agent.clone(), it)));
        let last = self.sessions.get(agent).cloned();
        let news = self.sessions.look(town, agent, |it: Session| {
            Ok(SessionView::of(&it).after(last.as_ref()))
        })?;
        changes.extend(news.map(|it| Change::Session(agent.clone(), it)));
        let news = self.troubles.look(town, agent, Ok)?;
        changes.extend(news.map(|it| Change::Trouble(agent.clone(), it)));
        let hook = self.hooks.get(agent);
        let waits_for = hook.and_then(|hook| hook.parked.as_ref());
        let beads = [
            self.tickets.get(agent).map(|ticket| ticket.bead.clone()),
            hook.map(|hook| hook.bead.clone()),
            waits_for.map(|parked| parked.on.clone()),
        ];
        for bead in beads.into_iter().flatten().collect::<BTreeSet<_>>() {
            self.look_at_bead(town, &bead, changes)?;
            let awaits = self.beads.get(&bead).and_then(|it| it.awaits.clone());
            if let Some(awaited) = awaits {
                self.look_at_bead(town, &awaited, changes)?;
            }
        }
        Ok(())
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
