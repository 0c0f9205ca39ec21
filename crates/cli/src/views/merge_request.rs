//! The fields that only merge requests have, under the names of their file.

use super::layout::labelled;
use crate::{Look, visible_line};
use model::{GateResult, MergeRequest};
use serde::Serialize;

/// What the refinery is asked to merge, and how that went.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names are those of model::MergeRequest")]
pub struct MergeRequestFields {
    pub source: String,
    pub head: String,
    pub target: String,
    pub worker: String,
    pub host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_commit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateView>,
}

/// One gate's run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names are those of model::GateResult")]
pub struct GateView {
    pub name: String,
    pub exit: Option<i64>,
    pub seconds: i64,
    pub log: Option<String>,
}

impl MergeRequestFields {
    pub(super) fn new(merge_request: &MergeRequest) -> Self {
        Self {
            source: merge_request.source.to_string(),
            head: merge_request.head.clone(),
            target: merge_request.target.clone(),
            worker: merge_request.worker.clone(),
            host: merge_request.host.clone(),
            merge_commit: merge_request.merge_commit.clone(),
            outcome: merge_request.outcome.map(|outcome| outcome.to_string()),
            gates: merge_request.gates.iter().map(GateView::new).collect(),
        }
    }

    /// A line for each field, then one for each gate.
    pub(super) fn lines(&self, look: &Look) -> String {
        let mut text = labelled("Source", Some(&self.source))
            + &labelled("Head", Some(&self.head))
            + &labelled("Target", Some(&self.target))
            + &labelled("Worker", Some(&self.worker))
            + &labelled("Host", Some(&self.host))
            + &labelled("Outcome", self.outcome.as_deref())
            + &labelled("Merge commit", self.merge_commit.as_deref());
        for gate in &self.gates {
            text += &gate.line(look);
        }
        text
    }
}

impl GateView {
    fn new(gate: &GateResult) -> Self {
        Self {
            name: gate.name.clone(),
            exit: gate.exit,
            seconds: gate.seconds,
            log: gate.log.clone(),
        }
    }

    fn line(&self, look: &Look) -> String {
        let result = match self.exit {
            Some(0) => look.good("green"),
            Some(status) => look.bad(&format!("red (exit {status})")),
            None => look.bad("red (did not finish)"),
        };
        let log = self
            .log
            .as_deref()
            .map(|log| format!("  {}", visible_line(log)));
        format!(
            "Gate {}: {result} in {}s{}\n",
            visible_line(&self.name),
            self.seconds,
            log.unwrap_or_default()
        )
    }
}
