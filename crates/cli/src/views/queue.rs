//! The merge queue.

use super::bead::BeadView;
use super::layout::{pad, width};
use super::{Counts, View};
use crate::{Look, time::age, visible_line};
use jiff::Timestamp;
use model::Bead;
use serde::Serialize;

/// A merge request as the queue shows it.
#[derive(Debug, Clone, Serialize)]
pub struct MergeRequestView {
    /// The merge request's own bead, its fields among them.
    #[serde(flatten)]
    pub bead: BeadView,
    /// Its place in the queue, from 1; none when it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    /// Why it waits, if it has to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<String>,
    #[serde(skip)]
    age: String,
}

impl MergeRequestView {
    /// A merge request as it stands at `now`.
    pub fn new(bead: &Bead, now: Timestamp) -> Self {
        let view = BeadView::new(bead, Counts::default(), bead.newest_time());
        Self {
            bead: view.without_dependencies(),
            position: None,
            waiting: None,
            age: age(&bead.created_at, now),
        }
    }

    /// Its place in the queue, from 1.
    pub fn at(mut self, position: usize) -> Self {
        self.position = Some(position);
        self
    }

    /// Why it waits.
    pub fn waiting_for(mut self, reason: impl Into<String>) -> Self {
        self.waiting = Some(reason.into());
        self
    }

    fn state(&self) -> String {
        let outcome = self
            .bead
            .merge_request
            .as_ref()
            .and_then(|it| it.outcome.clone());
        match (outcome, self.position) {
            (Some(outcome), _) => outcome,
            (None, Some(position)) => format!("#{position}"),
            (None, None) => self.bead.status.to_string(),
        }
    }

    /// `#1  gt-mr-abc12.2  gt-abc12 3f2a9c1 → main  worker  3m`
    fn line(&self, state_width: usize, id_width: usize, look: &Look) -> String {
        let work = self
            .bead
            .merge_request
            .as_ref()
            .map_or_else(String::new, |it| {
                let head: String = it.head.chars().take(7).collect();
                let text = format!("{} {head} → {}  {}", it.source, it.target, it.worker);
                format!("  {}", visible_line(&text))
            });
        let waiting = self.waiting.as_ref().map_or_else(String::new, |reason| {
            format!("  waits: {}", visible_line(reason))
        });
        format!(
            "{}  {}{work}  {}{}\n",
            self.painted_state(state_width, look),
            pad(self.bead.id.as_str(), id_width),
            look.faint(&self.age),
            look.warning(&waiting),
        )
    }

    fn painted_state(&self, columns: usize, look: &Look) -> String {
        let state = self.state();
        let padded = pad(&state, columns);
        match state.as_str() {
            "merged" => look.good(&padded),
            "conflict" | "red" | "rejected" => look.bad(&padded),
            _ => padded,
        }
    }
}

impl View for MergeRequestView {
    fn text(&self, look: &Look) -> String {
        self.line(width(&self.state()), width(self.bead.id.as_str()), look)
    }
}

/// The merge queue; an array as JSON.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct QueueView(pub Vec<MergeRequestView>);

impl View for QueueView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "The merge queue is empty\n".into();
        }
        let widest = |of: fn(&MergeRequestView) -> usize| self.0.iter().map(of).max().unwrap_or(0);
        let state = widest(|it| width(&it.state()));
        let id = widest(|it| width(it.bead.id.as_str()));
        self.0.iter().map(|it| it.line(state, id, look)).collect()
    }
}

#[cfg(test)]
mod tests;
