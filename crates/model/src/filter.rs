//! Which beads a listing shows.
//!
//! Every condition that is set has to hold. The default shows whatever is not
//! closed and not ephemeral.

use crate::{Address, Bead, Context, Id, Kind, Priority, Status, Value, graph, ready};
use std::borrow::Cow;

mod glob;
mod span;

pub use glob::glob_matches;
pub use span::Span;

/// What `bd list` is asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One of these states. `blocked` is also every waiting bead that has an
    /// open blocker, `pinned` also every bead with that flag.
    pub statuses: Vec<Status>,
    /// Closed and ephemeral beads too.
    pub all: bool,
    /// One of these types.
    pub kinds: Vec<Kind>,
    /// One of these priorities.
    pub priorities: Vec<Priority>,
    /// This priority or less urgent: its number or higher.
    pub priority_min: Option<Priority>,
    /// This priority or more urgent: its number or lower.
    pub priority_max: Option<Priority>,
    /// Assigned to this one; an address in its short form will do.
    pub assignee: Option<String>,
    /// Assigned to nobody.
    pub no_assignee: bool,
    /// With all of these labels.
    pub labels: Vec<String>,
    /// With one of these labels.
    pub labels_any: Vec<String>,
    /// With a label that this pattern matches: `*` any text, `?` any character.
    pub label_pattern: Option<String>,
    /// Direct children of this bead.
    pub parent: Option<Id>,
    /// Part of nothing.
    pub no_parent: bool,
    /// One of these, closed or not.
    pub ids: Vec<Id>,
    /// Title contains this, whatever the case.
    pub title_contains: Option<String>,
    /// Description contains this, whatever the case.
    pub desc_contains: Option<String>,
    /// Made in this time.
    pub created: Span,
    /// Last changed in this time.
    pub updated: Span,
    /// Closed in this time, which implies that it is closed.
    pub closed: Span,
    /// Due in this time.
    pub due: Span,
    /// Put off to this time.
    pub defer: Span,
    /// Due before now and not closed.
    pub overdue: bool,
    /// In state deferred, or put off to a later time.
    pub deferred: bool,
    /// Ready to begin.
    pub ready: bool,
    /// Pinned.
    pub pinned: bool,
    /// With each of these keys in its metadata, the value written as this text.
    pub metadata: Vec<(String, String)>,
}

impl Filter {
    /// Whether a bead is shown.
    pub fn matches(&self, bead: &Bead, context: &Context<'_>) -> bool {
        self.by_state(bead, context)
            && self.by_rank(bead)
            && self.by_place(bead)
            && self.by_text(bead)
            && self.by_time(bead, context)
            && self.by_circumstance(bead, context)
    }

    fn by_state(&self, bead: &Bead, context: &Context<'_>) -> bool {
        if !self.statuses.is_empty() {
            let mut statuses = self.statuses.iter();
            return statuses.any(|status| is_in_state(bead, status, context));
        }
        let named = self.all || !self.ids.is_empty();
        named || ((!bead.status.is_closed() || self.closed.is_set()) && !ready::is_ephemeral(bead))
    }

    fn by_rank(&self, bead: &Bead) -> bool {
        is_among(&self.kinds, &bead.kind)
            && is_among(&self.priorities, &bead.priority)
            && self.priority_min.is_none_or(|min| bead.priority >= min)
            && self.priority_max.is_none_or(|max| bead.priority <= max)
    }

    fn by_place(&self, bead: &Bead) -> bool {
        let is_child_of = |parent: &Id| graph::parent_ids(bead).any(|id| id == parent);
        is_among(&self.ids, &bead.id)
            && self.parent.as_ref().is_none_or(is_child_of)
            && !(self.no_parent && graph::parent_ids(bead).next().is_some())
            && !(self.no_assignee && bead.assignee.is_some())
            && self
                .assignee
                .as_deref()
                .is_none_or(|name| is_assigned_to(bead, name))
    }

    fn by_text(&self, bead: &Bead) -> bool {
        let mut labels = bead.labels.iter();
        let description = bead.description.as_deref().unwrap_or_default();
        has_labels(bead, &self.labels, &self.labels_any)
            && self
                .label_pattern
                .as_deref()
                .is_none_or(|pattern| labels.any(|label| glob_matches(pattern, label)))
            && contains(&bead.title, self.title_contains.as_deref())
            && contains(description, self.desc_contains.as_deref())
            && self
                .metadata
                .iter()
                .all(|(key, wanted)| has_metadata(bead, key, wanted))
    }

    fn by_time(&self, bead: &Bead, context: &Context<'_>) -> bool {
        self.created.holds(Some(bead.created_at.timestamp()))
            && self.closed.holds_time(bead.closed_at.as_ref())
            && self.due.holds_time(bead.due_at.as_ref())
            && self.defer.holds_time(bead.defer_until.as_ref())
            && (!self.updated.is_set() || self.updated.holds(Some(context.updated(bead))))
    }

    fn by_circumstance(&self, bead: &Bead, context: &Context<'_>) -> bool {
        (!self.overdue || is_overdue(bead, context))
            && (!self.deferred || is_deferred(bead, context))
            && (!self.pinned || ready::is_pinned(bead))
            && (!self.ready || ready::is_ready(context.graph, bead, context.now))
    }
}

/// Whether a bead has all of some labels, and one of others if there are any.
pub fn has_labels(bead: &Bead, all: &[String], any: &[String]) -> bool {
    let has = |label: &String| bead.labels.contains(label);
    all.iter().all(has) && (any.is_empty() || any.iter().any(has))
}

/// Whether a bead is assigned to somebody, by the same text or the same
/// address.
pub fn is_assigned_to(bead: &Bead, name: &str) -> bool {
    bead.assignee.as_deref() == Some(name)
        || Address::parse(name).is_ok_and(|address| bead.agent() == Some(address))
}

fn is_in_state(bead: &Bead, status: &Status, context: &Context<'_>) -> bool {
    bead.status == *status
        || match status.as_str() {
            "blocked" => bead.status.is_waiting() && context.graph.is_blocked(&bead.id),
            "pinned" => ready::is_pinned(bead),
            _ => false,
        }
}

fn is_overdue(bead: &Bead, context: &Context<'_>) -> bool {
    let due = bead.due_at.as_ref();
    !bead.status.is_closed() && due.is_some_and(|due| due.timestamp() < context.now)
}

fn is_deferred(bead: &Bead, context: &Context<'_>) -> bool {
    let until = bead.defer_until.as_ref();
    bead.status == Status::Deferred || until.is_some_and(|until| until.timestamp() > context.now)
}

fn is_among<T: PartialEq>(wanted: &[T], value: &T) -> bool {
    wanted.is_empty() || wanted.contains(value)
}

fn contains(text: &str, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| text.to_lowercase().contains(&wanted.to_lowercase()))
}

fn has_metadata(bead: &Bead, key: &str, wanted: &str) -> bool {
    let mut entries = bead.metadata.iter().filter(|(name, _)| name == key);
    entries.any(|(_, value)| as_text(value) == wanted)
}

fn as_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Str(text) => text.into(),
        other => other.to_json().to_string().into(),
    }
}

#[cfg(test)]
mod tests;
