//! What questions about beads are asked against: the graph, the hour, and the
//! times that a bead's own file does not know.

use crate::{Bead, Graph, Id, Time, Value};
use jiff::Timestamp;
use std::collections::HashMap;

/// The data that filters and sorts need besides the bead.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The whole store.
    pub graph: &'a Graph<'a>,
    /// The time of the question.
    pub now: Timestamp,
    /// The newest comment of each bead that has one, if anybody looked.
    pub commented: Option<&'a HashMap<Id, Time>>,
}

impl<'a> Context<'a> {
    /// A context that knows of no comments.
    pub fn new(graph: &'a Graph<'a>, now: Timestamp) -> Self {
        Self {
            graph,
            now,
            commented: None,
        }
    }

    /// When a bead last changed: the newest time in it, of its comments, and
    /// of the `updated_at` that it was imported with.
    pub fn updated(&self, bead: &Bead) -> Timestamp {
        let comment = self.commented.and_then(|times| times.get(&bead.id));
        let imported = match bead.extra("updated_at") {
            Some(Value::Str(text)) => Time::parse(text).ok(),
            _ => None,
        };
        [comment, imported.as_ref()]
            .into_iter()
            .flatten()
            .map(Time::timestamp)
            .fold(bead.newest_time().timestamp(), Ord::max)
    }
}
