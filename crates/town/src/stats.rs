//! Numbers about all beads of a store.

use model::{Bead, Context, Filter, Graph, Id, ready};
use std::collections::BTreeMap;

/// How many beads stand where.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stats {
    /// All of them, tombstones apart.
    pub total: usize,
    /// Those that wait for another.
    pub blocked: usize,
    /// Those that can be begun.
    pub ready: usize,
    /// Those that are pinned.
    pub pinned: usize,
    /// Open epics whose children are all closed.
    pub epics_to_close: usize,
    /// From creation to closing, on average over the closed ones.
    pub lead_time_hours: f64,
    states: BTreeMap<String, usize>,
}

impl Stats {
    /// How many are in this state.
    pub fn in_state(&self, status: &str) -> usize {
        self.states.get(status).copied().unwrap_or(0)
    }
}

/// Counts all beads.
pub fn stats(context: &Context<'_>) -> Stats {
    let graph = context.graph;
    let pinned = Filter {
        pinned: true,
        all: true,
        ..Filter::default()
    };
    let count = |is: &dyn Fn(&Bead) -> bool| graph.beads().filter(|bead| is(bead)).count();
    let mut states = BTreeMap::new();
    for bead in graph.beads() {
        *states.entry(bead.status.to_string()).or_default() += 1;
    }
    Stats {
        total: count(&|bead| bead.status.as_str() != "tombstone"),
        blocked: count(&|bead| graph.is_blocked(&bead.id)),
        ready: count(&|bead| ready::is_ready(graph, bead, context.now)),
        pinned: count(&|bead| pinned.matches(bead, context)),
        epics_to_close: count(&|bead| is_epic_to_close(graph, bead)),
        lead_time_hours: lead_time_hours(graph),
        states,
    }
}

/// How many children of a bead are closed, and how many there are.
pub fn progress(graph: &Graph<'_>, id: &Id) -> (usize, usize) {
    let children = graph.children(id);
    let closed = children.iter().filter(|child| child.status.is_closed());
    (closed.count(), children.len())
}

fn is_epic_to_close(graph: &Graph<'_>, bead: &Bead) -> bool {
    let (closed, total) = progress(graph, &bead.id);
    bead.kind.as_str() == "epic" && !bead.status.is_closed() && total > 0 && closed == total
}

fn lead_time_hours(graph: &Graph<'_>) -> f64 {
    let hours: Vec<f64> = graph
        .beads()
        .filter_map(|bead| {
            let closed = bead.closed_at.as_ref()?.timestamp();
            let took = closed.duration_since(bead.created_at.timestamp());
            Some(took.as_secs_f64().max(0.0) / 3600.0)
        })
        .collect();
    match hours.len() {
        0 => 0.0,
        count => hours.iter().sum::<f64>() / count as f64,
    }
}

/// A field that beads are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Their state.
    Status,
    /// Their priority.
    Priority,
    /// Their type.
    Type,
    /// Whoever has them.
    Assignee,
    /// Each of their labels.
    Label,
}

/// How many beads have each value of a field, by value.
pub fn count_by<'a>(beads: impl IntoIterator<Item = &'a Bead>, by: Group) -> Vec<(String, usize)> {
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for bead in beads {
        for value in values(bead, by) {
            *groups.entry(value).or_default() += 1;
        }
    }
    groups.into_iter().collect()
}

fn values(bead: &Bead, by: Group) -> Vec<String> {
    match by {
        Group::Status => vec![bead.status.to_string()],
        Group::Priority => vec![bead.priority.to_string()],
        Group::Type => vec![bead.kind.to_string()],
        Group::Assignee => vec![bead.assignee.clone().unwrap_or_else(|| "none".to_owned())],
        Group::Label => bead.labels.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Kind, Status, Time};

    fn bead(id: &str, kind: &str, parent: Option<&str>) -> Bead {
        let time = Time::parse("2026-01-15T10:00:00Z").unwrap();
        let mut bead = Bead::new(Id::parse(id).unwrap(), id, time, "ann");
        bead.kind = Kind::parse(kind).unwrap();
        bead.parent = parent.map(|id| Id::parse(id).unwrap());
        bead
    }

    #[test]
    fn an_epic_with_a_closed_child() {
        let mut beads = [
            bead("gt-epic1", "epic", None),
            bead("gt-epic1.aaa", "task", Some("gt-epic1")),
        ];
        let end = Time::parse("2026-01-15T12:00:00Z").unwrap();
        beads[1].move_to(Status::Closed, &end);
        let graph = Graph::new(&beads);
        let stats = stats(&Context::new(&graph, end.timestamp()));
        assert_eq!((stats.total, stats.ready, stats.epics_to_close), (2, 1, 1));
        assert_eq!((stats.in_state("closed"), stats.in_state("hooked")), (1, 0));
        assert_eq!(stats.lead_time_hours, 2.0);
        let kinds = count_by(&beads, Group::Type);
        assert_eq!(kinds, [("epic".to_owned(), 1), ("task".to_owned(), 1)]);
    }
}
