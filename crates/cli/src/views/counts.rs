//! Numbers about many beads: statistics, counts by group, epics and labels.

use super::View;
use super::bead::BeadView;
use super::layout::{pad, width};
use super::list::list_line;
use crate::{Look, visible_line};
use serde::Serialize;

/// What `stats` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatsView {
    /// The numbers.
    pub summary: StatsSummary,
}

/// How many beads stand where. The names are a contract.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct StatsSummary {
    pub total_issues: usize,
    pub open_issues: usize,
    pub in_progress_issues: usize,
    pub hooked_issues: usize,
    pub escalated_issues: usize,
    pub completed_issues: usize,
    pub closed_issues: usize,
    pub blocked_issues: usize,
    pub deferred_issues: usize,
    pub ready_issues: usize,
    pub pinned_issues: usize,
    pub tombstone_issues: usize,
    pub epics_eligible_for_closure: usize,
    /// From creation to closing, over the beads that are closed.
    pub average_lead_time_hours: f64,
}

impl View for StatsView {
    fn text(&self, look: &Look) -> String {
        let it = &self.summary;
        let rows = [
            ("Total", it.total_issues),
            ("Open", it.open_issues),
            ("Ready", it.ready_issues),
            ("Blocked", it.blocked_issues),
            ("Hooked", it.hooked_issues),
            ("In progress", it.in_progress_issues),
            ("Escalated", it.escalated_issues),
            ("Deferred", it.deferred_issues),
            ("Completed", it.completed_issues),
            ("Closed", it.closed_issues),
            ("Pinned", it.pinned_issues),
            ("Epics to close", it.epics_eligible_for_closure),
        ];
        let mut text = format!("{}\n", look.heading("Issues"));
        for (name, count) in rows {
            text += &format!("  {}  {count:>6}\n", pad(name, "Average lead time".len()));
        }
        text + &format!(
            "  Average lead time  {:>6.1} h\n",
            it.average_lead_time_hours
        )
    }
}

/// What `count` shows: one number, or one for each group.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum CountView {
    /// One number.
    All {
        /// How many.
        count: usize,
    },
    /// A number for each value of a field.
    Grouped {
        /// How many in all.
        total: usize,
        /// In the order to show them.
        groups: Vec<GroupView>,
    },
}

/// One group and how many beads are in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "said above")]
pub struct GroupView {
    pub group: String,
    pub count: usize,
}

impl View for CountView {
    fn text(&self, _: &Look) -> String {
        match self {
            Self::All { count } => format!("{count}\n"),
            Self::Grouped { total, groups } => {
                let rows = groups.iter().map(|it| (it.group.as_str(), it.count));
                format!("Total: {total}\n{}", tally(rows))
            }
        }
    }
}

/// What `label list-all` shows; an array as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct LabelCountsView(pub Vec<LabelCount>);

/// One label and how many beads have it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "said above")]
pub struct LabelCount {
    pub label: String,
    pub count: usize,
}

impl View for LabelCountsView {
    fn text(&self, _: &Look) -> String {
        if self.0.is_empty() {
            return "No labels found\n".into();
        }
        tally(self.0.iter().map(|it| (it.label.as_str(), it.count)))
    }
}

/// What `epic status` shows; an array as JSON.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct EpicListView(pub Vec<EpicView>);

/// One epic and how far its children have come.
#[derive(Debug, Clone, Serialize)]
pub struct EpicView {
    /// The epic.
    pub epic: BeadView,
    /// How many children it has.
    pub total_children: usize,
    /// How many of them are closed.
    pub closed_children: usize,
    /// Whether there are some and all are closed.
    pub eligible_for_close: bool,
}

impl EpicView {
    /// An epic that is not closed, with what its children say.
    pub fn new(epic: BeadView, closed_children: usize, total_children: usize) -> Self {
        Self {
            epic,
            total_children,
            closed_children,
            eligible_for_close: total_children > 0 && closed_children == total_children,
        }
    }

    fn line(&self, look: &Look) -> String {
        let ready = if self.eligible_for_close {
            look.good("  can be closed")
        } else {
            String::new()
        };
        let progress = format!("{}/{} closed", self.closed_children, self.total_children);
        format!("{}  {progress}{ready}\n", list_line(&self.epic, look))
    }
}

impl View for EpicListView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "No open epics found\n".into();
        }
        self.0.iter().map(|epic| epic.line(look)).collect()
    }
}

/// A name and a number on each line, the numbers aligned.
fn tally<'a>(rows: impl Iterator<Item = (&'a str, usize)>) -> String {
    let rows: Vec<_> = rows
        .map(|(name, count)| (visible_line(name), count))
        .collect();
    let widest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    rows.iter()
        .map(|(name, count)| format!("{}  {count:>6}\n", pad(name, widest)))
        .collect()
}

#[cfg(test)]
mod tests;
