//! Convoys: how far a batch of beads has come.

use super::View;
use super::bead::{as_level, as_text, time_text};
use super::layout::{labelled, pad, section, width};
use crate::{Look, time::age, visible, visible_line};
use jiff::Timestamp;
use model::{Convoy, ConvoyBead, Priority, Status};
use serde::Serialize;

/// One convoy with its beads.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the names are those of model::Convoy")]
pub struct ConvoyView {
    pub id: String,
    pub title: String,
    pub status: String,
    #[serde(serialize_with = "as_level")]
    pub priority: Priority,
    pub owner: Option<String>,
    pub closed_at: Option<String>,
    pub close_reason: Option<String>,
    pub description: Option<String>,
    pub progress: Progress,
    pub beads: Vec<ConvoyBeadView>,
    pub created_at: String,
    #[serde(skip)]
    age: String,
}

/// How many beads are closed, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "said above")]
pub struct Progress {
    pub closed: usize,
    pub total: usize,
}

/// One bead of a convoy.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the names are those of model::ConvoyBead")]
pub struct ConvoyBeadView {
    pub id: String,
    pub title: String,
    #[serde(serialize_with = "as_text")]
    pub status: Status,
    /// Who has it, where the bead was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// The merge request of its current attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_request: Option<String>,
    /// Why it does not move; each completes "it …".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
}

impl ConvoyView {
    /// A convoy as it stands at `now`.
    pub fn new(convoy: &Convoy, now: Timestamp) -> Self {
        let (closed, total) = convoy.progress();
        Self {
            id: convoy.id.to_string(),
            title: convoy.title.clone(),
            status: convoy.status.to_string(),
            priority: convoy.priority,
            owner: convoy.owner.clone(),
            closed_at: time_text(&convoy.closed_at),
            close_reason: convoy.close_reason.clone(),
            description: convoy.description.clone(),
            progress: Progress { closed, total },
            beads: convoy.beads.iter().map(ConvoyBeadView::new).collect(),
            created_at: convoy.created_at.to_string(),
            age: age(&convoy.created_at, now),
        }
    }

    fn line(&self, id: usize, progress: usize, look: &Look) -> String {
        format!(
            "{}  {}  {}  {}  {}  {}  {}\n",
            pad(&self.id, id),
            look.priority(self.priority, &self.priority.to_string()),
            pad(&self.status, "closed".len()),
            self.progress.bar(),
            pad(&self.progress.to_string(), progress),
            visible_line(&self.title),
            look.faint(&self.age),
        )
    }

    fn header(&self, look: &Look) -> String {
        let title = format!("{}  {}", self.id, visible_line(&self.title));
        let closed = self.closed_at.as_ref().map(|at| match &self.close_reason {
            Some(reason) => format!("{at} ({reason})"),
            None => at.clone(),
        });
        format!("{}\n", look.heading(&title))
            + &format!("Status: {}  Priority: {}\n", self.status, self.priority)
            + &format!("Progress: {} {}\n", self.progress.bar(), self.progress)
            + &labelled("Owner", self.owner.as_deref())
            + &labelled("Created", Some(&self.created_at))
            + &labelled("Closed", closed.as_deref())
    }

    fn bead_lines(&self, look: &Look) -> String {
        let id = self.beads.iter().map(|it| width(&it.id)).max().unwrap_or(0);
        let status = self
            .beads
            .iter()
            .map(|it| width(it.status.as_str()))
            .max()
            .unwrap_or(0);
        let line = |bead: &ConvoyBeadView| {
            let painted = look.status(&bead.status, &pad(bead.status.as_str(), status));
            let title = visible_line(&bead.title);
            let first = format!("{}  {painted}  {title}", pad(&bead.id, id));
            first + &look.faint(&bead.trailer()) + "\n" + &bead.reasons(look)
        };
        self.beads.iter().map(line).collect()
    }
}

impl ConvoyBeadView {
    fn new(bead: &ConvoyBead) -> Self {
        Self {
            id: bead.id.to_string(),
            title: bead.title.clone(),
            status: bead.status.clone(),
            assignee: None,
            merge_request: None,
            why: Vec::new(),
        }
    }

    /// What stands behind the title: who has it, and what is to be merged.
    fn trailer(&self) -> String {
        let mut text = String::new();
        if let Some(assignee) = &self.assignee {
            text += &format!("   @{}", visible_line(assignee));
        }
        if let Some(id) = &self.merge_request {
            text += &format!("  {id}");
        }
        text
    }

    fn reasons(&self, look: &Look) -> String {
        let line = |why: &String| look.warning(&format!("    it {}", visible_line(why))) + "\n";
        self.why.iter().map(line).collect()
    }
}

impl Progress {
    /// `[#####---]`: full only when all are closed.
    pub fn bar(self) -> String {
        const CELLS: usize = 8;
        let full = (self.closed * CELLS).checked_div(self.total).unwrap_or(0);
        format!("[{}{}]", "#".repeat(full), "-".repeat(CELLS - full))
    }
}

impl std::fmt::Display for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{} closed", self.closed, self.total)
    }
}

impl View for ConvoyView {
    fn text(&self, look: &Look) -> String {
        let description = self.description.as_deref().map(visible).unwrap_or_default();
        let heading = format!("Beads ({})", self.beads.len());
        self.header(look)
            + &section(look, "Description", description.trim_end())
            + &section(look, &heading, &self.bead_lines(look))
    }
}

/// A list of convoys; an array as JSON.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct ConvoyListView(pub Vec<ConvoyView>);

impl View for ConvoyListView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "No convoys found\n".into();
        }
        let id = self.0.iter().map(|it| width(&it.id)).max().unwrap_or(0);
        let progress = self
            .0
            .iter()
            .map(|it| width(&it.progress.to_string()))
            .max();
        let progress = progress.unwrap_or(0);
        self.0
            .iter()
            .map(|it| it.line(id, progress, look))
            .collect()
    }
}

#[cfg(test)]
mod tests;
