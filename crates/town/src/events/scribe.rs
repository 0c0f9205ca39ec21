//! Tells of the changes that this process makes, in the name of who acts.

use super::journal::Journal;
use super::{BeadView, ConvoyView, Event, HookView, Noticed, SessionView, telling};
use crate::session::Session;
use crate::supervision::Supervision;
use model::{Address, Bead, Convoy, Hook};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use store::witness::{Change, Witness};

/// The witness of a town's own changes.
#[derive(Debug)]
pub(crate) struct Scribe {
    journal: Journal,
    by: String,
    store: Option<String>,
    /// A start is two changes, of which the first forgets the last process.
    sessions: Mutex<BTreeMap<Address, SessionView>>,
}

impl Scribe {
    /// Writes into the clone's own folder, with the store's mark.
    pub(crate) fn new(private: &Path, by: &str, store: Option<String>) -> Self {
        Self {
            journal: Journal::new(private),
            by: by.to_owned(),
            store,
            sessions: Mutex::default(),
        }
    }

    fn session(&self, before: Option<&Session>, after: &Session) -> Vec<Event> {
        let before = before.map(SessionView::of);
        let mut known = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let last = known.get(&after.agent).or(before.as_ref());
        let now = SessionView::of(after).after(last);
        let events = telling::session(&after.agent, before.as_ref(), Some(&now));
        known.insert(after.agent.clone(), now);
        events
    }

    fn events(&self, change: &Change<'_>) -> Vec<Event> {
        if let Some((before, after)) = change.of::<Bead>() {
            let id = before.or(after).map(|bead| bead.id.clone());
            let (before, after) = (before.map(BeadView::of), after.map(BeadView::of));
            let told = |id| telling::bead(&id, before.as_ref(), after.as_ref());
            id.map(told).unwrap_or_default()
        } else if let Some((before, after)) = change.of::<Hook>() {
            let agent = before.or(after).map(|hook| hook.agent.clone());
            // Whether a ticket covers it is not told.
            let view = |hook: &Hook| HookView::of(hook, String::new());
            let (before, after) = (before.map(view), after.map(view));
            let told = |agent| telling::hook(&agent, before.as_ref(), after.as_ref());
            agent.map(told).unwrap_or_default()
        } else if let Some((before, Some(after))) = change.of::<Session>() {
            self.session(before, after)
        } else if let Some((before, Some(after))) = change.of::<Supervision>() {
            telling::trouble(&after.agent, before, Some(after))
        } else if let Some((before, Some(after))) = change.of::<Convoy>() {
            let (old, new) = (before.map(ConvoyView::of), ConvoyView::of(after));
            telling::convoy(&after.id, old.as_ref(), Some(&new))
        } else {
            Vec::new()
        }
    }
}

impl Witness for Scribe {
    fn witness(&self, change: &Change<'_>) {
        for event in self.events(change) {
            let noticed = Noticed::now(event).by(&self.by).within(self.store.clone());
            // No command fails because of what it tells.
            let _ = self.journal.add(&noticed);
        }
    }
}
