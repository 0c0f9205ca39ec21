//! Which beads somebody may begin now, and why others may not be.

use crate::{Bead, Context, Graph, Id, Kind, Priority, Sort, filter};
use jiff::Timestamp;
use std::collections::HashSet;

mod explain;
pub use explain::{NotReady, explain};

/// What `ready` is asked for. The default is everything that is ready, most
/// urgent first.
#[derive(Debug, Clone, Default)]
pub struct ReadyOptions {
    /// Only these types. Machinery is left out unless named here.
    pub kinds: Vec<Kind>,
    /// Only these priorities.
    pub priorities: Vec<Priority>,
    /// Only beads with all of these labels.
    pub labels: Vec<String>,
    /// Only beads with one of these labels.
    pub labels_any: Vec<String>,
    /// Only this one's.
    pub assignee: Option<String>,
    /// Only nobody's.
    pub unassigned: bool,
    /// Only what is part of this bead, however deep.
    pub parent: Option<Id>,
    /// Like `parent`, and ephemeral steps too.
    pub molecule: Option<Id>,
    /// Deferred beads as well, and those under a deferred parent.
    pub include_deferred: bool,
    /// At most so many.
    pub limit: Option<usize>,
    /// In this order.
    pub sort: Sort,
}

/// The beads that are ready and that the options ask for.
pub fn ready<'a>(graph: &Graph<'a>, options: &ReadyOptions, now: Timestamp) -> Vec<&'a Bead> {
    let within = |root: &Option<Id>| -> Option<HashSet<&'a Id>> {
        let descendants = graph.descendants(root.as_ref()?);
        Some(descendants.into_iter().map(|bead| &bead.id).collect())
    };
    let (parent, molecule) = (within(&options.parent), within(&options.molecule));
    let is_within = |bead: &Bead| {
        [&parent, &molecule]
            .into_iter()
            .flatten()
            .all(|ids| ids.contains(&bead.id))
    };
    let mut ready: Vec<&'a Bead> = graph
        .beads()
        .filter(|bead| {
            options.accept(bead) && is_within(bead) && options.may_start(graph, bead, now)
        })
        .collect();
    options.sort.sort(&mut ready, &Context::new(graph, now));
    ready.truncate(options.limit.unwrap_or(usize::MAX));
    ready
}

/// Whether a bead is ready, all types and labels aside but machinery.
pub fn is_ready(graph: &Graph<'_>, bead: &Bead, now: Timestamp) -> bool {
    !bead.kind.is_machinery() && ReadyOptions::default().may_start(graph, bead, now)
}

impl ReadyOptions {
    fn accept(&self, bead: &Bead) -> bool {
        let kind = match self.kinds.as_slice() {
            [] => !bead.kind.is_machinery(),
            kinds => kinds.contains(&bead.kind),
        };
        kind && (self.priorities.is_empty() || self.priorities.contains(&bead.priority))
            && filter::has_labels(bead, &self.labels, &self.labels_any)
            && !(self.unassigned && bead.assignee.is_some())
            && self
                .assignee
                .as_deref()
                .is_none_or(|name| filter::is_assigned_to(bead, name))
    }

    fn may_start(&self, graph: &Graph<'_>, bead: &Bead, now: Timestamp) -> bool {
        let waits = bead.status.is_waiting()
            || (self.include_deferred && bead.status == crate::Status::Deferred);
        waits
            && !is_pinned(bead)
            && (self.molecule.is_some() || !is_ephemeral(bead))
            && !graph.is_blocked(&bead.id)
            && (self.include_deferred || deferred_by(graph, bead, now).is_none())
    }
}

/// The bead, or the ancestor of it, that is put off to a later time.
fn deferred_by<'a>(graph: &Graph<'a>, bead: &Bead, now: Timestamp) -> Option<&'a Bead> {
    let is_later = |bead: &Bead| {
        let until = bead.defer_until.as_ref();
        until.is_some_and(|until| until.timestamp() > now)
    };
    match is_later(bead) {
        true => graph.get(&bead.id),
        false => graph
            .open_ancestors(&bead.id)
            .into_iter()
            .find(|ancestor| is_later(ancestor)),
    }
}

/// Whether a bead is pinned, by its flag or by an imported status.
pub(crate) fn is_pinned(bead: &Bead) -> bool {
    bead.flag("pinned") || bead.status.as_str() == "pinned"
}

/// Whether a bead never shows in ordinary listings.
pub(crate) fn is_ephemeral(bead: &Bead) -> bool {
    bead.flag("ephemeral")
}

#[cfg(test)]
mod tests;
