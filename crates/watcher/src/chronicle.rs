//! The watcher's part in the journal: it tells what nobody else did.
//!
//! A full disk must not stop the watcher: what cannot be read or written is
//! passed over, and whoever reads along has the event all the same.

use crate::ledger::{Ledger, Thing};
use std::path::Path;
use town::events::journal::{Journal, Tail};
use town::events::{Event, Noticed};

/// The journal, and what it says so far.
#[derive(Debug)]
pub(crate) struct Chronicle {
    journal: Journal,
    tail: Tail,
    ledger: Ledger,
    /// The mark of this store in the journal.
    store: Option<String>,
}

impl Chronicle {
    /// With all that was told before. To be made before anything is looked at.
    pub(crate) fn new(private: &Path, store: Option<String>) -> Self {
        let journal = Journal::new(private);
        let mut ledger = Ledger::default();
        let mut tail = Tail::new(journal.clone());
        // In this order what is told in between is only learned twice.
        let now = tail.news().unwrap_or_default();
        let past = journal.read().unwrap_or_default();
        let told = past.iter().chain(&now);
        let ours = told.filter(|noticed| is_of(noticed, store.as_deref()));
        ours.for_each(|noticed| ledger.learn(&noticed.event));
        ledger.begin();
        Self {
            journal,
            tail,
            ledger,
            store,
        }
    }

    /// Of what was seen to happen to one thing, writes down what nobody told.
    pub(crate) fn see(&mut self, events: &[Event]) {
        self.catch_up();
        for event in self.ledger.untold(events.to_vec()) {
            self.add(event);
        }
    }

    /// Of what was there at the beginning, writes down what changed while nobody
    /// watched, and returns it.
    pub(crate) fn begin_with(&mut self, events: Vec<Event>) -> Vec<Event> {
        if events.is_empty() {
            return events;
        }
        self.catch_up();
        let ledger = &mut self.ledger;
        let missed = events.into_iter().filter_map(|event| ledger.missed(event));
        let missed: Vec<Event> = missed.collect();
        for event in &missed {
            self.add(event.clone());
        }
        missed
    }

    /// Writes down which beads and hooks were removed while nobody watched, and
    /// returns it. Asked once everything was seen.
    pub(crate) fn end_with(&mut self, is_gone: impl FnMut(&Thing) -> bool) -> Vec<Event> {
        self.catch_up();
        let vanished = self.ledger.vanished(is_gone);
        for event in &vanished {
            self.add(event.clone());
        }
        vanished
    }

    fn catch_up(&mut self) {
        for noticed in self.tail.news().unwrap_or_default() {
            if is_of(&noticed, self.store.as_deref()) {
                self.ledger.learn(&noticed.event);
            }
        }
    }

    /// It is learned when it is read again.
    fn add(&mut self, event: Event) {
        let noticed = Noticed::now(event).within(self.store.clone());
        let _ = self.journal.add(&noticed);
    }
}

/// Whether it says something of this store, or of the clone's own folder, which
/// the stores of all worktrees share.
fn is_of(noticed: &Noticed, store: Option<&str>) -> bool {
    let is_tracked = matches!(
        noticed.event,
        Event::BeadChanged { .. }
            | Event::HookAppeared { .. }
            | Event::HookChanged { .. }
            | Event::HookRemoved { .. }
            | Event::ConvoyCompleted { .. }
            | Event::MergeDone { .. }
            | Event::MergeRefused { .. }
    );
    !is_tracked || noticed.store.as_deref() == store
}
