//! A bead as consumers of `--json` know it.

use super::merge_request::MergeRequestFields;
use model::{Bead, Dependency, Id, Kind, Priority, Status, Time, Value};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};
use std::fmt::Display;

/// Keys that a view states itself. A key of the same name that came with an
/// imported bead gives way, so that no JSON object has a key twice.
#[rustfmt::skip]
const OWN_KEYS: &[&str] = &[
    "id", "title", "description", "design", "acceptance_criteria", "notes", "status", "priority",
    "issue_type", "assignee", "created_at", "created_by", "updated_at", "started_at", "closed_at",
    "close_reason", "due_at", "defer_until", "external_ref", "metadata", "labels", "dependencies",
    "parent", "branch", "attempt", "dependency_count", "dependent_count", "comment_count",
    "dependents", "dangling", "comments", "dependency_type", "blocked_by", "blocked_by_count",
    "position", "waiting",
];

/// Those that only a merge request's view states.
#[rustfmt::skip]
const MERGE_REQUEST_KEYS: &[&str] = &[
    "source", "head", "target", "worker", "host", "merge_commit", "outcome", "gates",
];

/// How many of each a bead has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// What it depends on.
    pub dependencies: usize,
    /// What depends on it.
    pub dependents: usize,
    /// What was said about it.
    pub comments: usize,
}

/// One bead. Fields without a value are left out of the JSON; those that
/// consumers rely on are always there.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the names are those of model::Bead")]
pub struct BeadView {
    #[serde(serialize_with = "as_text")]
    pub id: Id,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance_criteria: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    #[serde(serialize_with = "as_text")]
    pub status: Status,
    #[serde(serialize_with = "as_level")]
    pub priority: Priority,
    #[serde(serialize_with = "as_text")]
    pub issue_type: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    pub created_at: String,
    pub created_by: String,
    /// The newest time in the bead, its comments and what was imported.
    pub updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defer_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// What it depends on, its parent included.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<DependencyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    #[serde(skip_serializing_if = "is_zero")]
    pub attempt: u32,
    /// What only merge requests have.
    #[serde(flatten)]
    pub merge_request: Option<MergeRequestFields>,
    /// Keys that this build has no field for: owner, estimated_minutes, pinned
    /// and whatever else was imported.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
    pub dependency_count: usize,
    pub dependent_count: usize,
    pub comment_count: usize,
}

/// One entry of a bead's `dependencies`, as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DependencyView {
    /// Whose dependency it is.
    pub issue_id: String,
    /// On what.
    pub depends_on_id: String,
    /// How.
    #[serde(rename = "type")]
    pub kind: String,
    /// What else an imported entry said.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
}

impl BeadView {
    /// A bead with what was counted about it, and when it last changed.
    pub fn new(bead: &Bead, counts: Counts, updated_at: &Time) -> Self {
        Self {
            id: bead.id.clone(),
            title: bead.title.clone(),
            description: bead.description.clone(),
            design: bead.design.clone(),
            acceptance_criteria: bead.acceptance_criteria.clone(),
            notes: bead.notes.clone(),
            status: bead.status.clone(),
            priority: bead.priority,
            issue_type: bead.kind.clone(),
            assignee: bead.assignee.clone(),
            created_at: bead.created_at.to_string(),
            created_by: bead.created_by.clone(),
            updated_at: updated_at.to_string(),
            started_at: time_text(&bead.started_at),
            closed_at: time_text(&bead.closed_at),
            close_reason: bead.close_reason.clone(),
            due_at: time_text(&bead.due_at),
            defer_until: time_text(&bead.defer_until),
            external_ref: bead.external_ref.clone(),
            metadata: json_map(&bead.metadata, &[]),
            labels: bead.labels.clone(),
            dependencies: dependencies(bead),
            parent: bead.parent.as_ref().map(Id::to_string),
            branch: bead.branch.clone(),
            attempt: bead.attempt,
            merge_request: bead.merge_request.as_ref().map(MergeRequestFields::new),
            extra: extra(bead),
            dependency_count: counts.dependencies,
            dependent_count: counts.dependents,
            comment_count: counts.comments,
        }
    }

    /// Leaves `dependencies` out, for the answers of create, update, close and
    /// reopen: their consumers expect whole beads under that name or nothing.
    pub fn without_dependencies(mut self) -> Self {
        self.dependencies.clear();
        self
    }
}

fn extra(bead: &Bead) -> Map<String, Json> {
    let mut extra = json_map(&bead.extra, OWN_KEYS);
    if bead.merge_request.is_some() {
        extra.retain(|key, _| !MERGE_REQUEST_KEYS.contains(&key.as_str()));
    }
    extra
}

fn dependencies(bead: &Bead) -> Vec<DependencyView> {
    let parent = bead
        .parent
        .iter()
        .map(|id| Dependency::new(id.clone(), model::DependencyType::parent_child()))
        .filter(|it| {
            !bead
                .dependencies
                .iter()
                .any(|d| d.id == it.id && d.kind == it.kind)
        });
    parent
        .chain(bead.dependencies.iter().cloned())
        .map(|dependency| DependencyView {
            issue_id: bead.id.to_string(),
            depends_on_id: dependency.id.to_string(),
            kind: dependency.kind.to_string(),
            extra: json_map(&dependency.extra, &["issue_id", "depends_on_id", "type"]),
        })
        .collect()
}

/// The entries as JSON, without those whose key is taken.
fn json_map(entries: &[(String, Value)], taken: &[&str]) -> Map<String, Json> {
    entries
        .iter()
        .filter(|(key, _)| !taken.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.to_json()))
        .collect()
}

pub(super) fn time_text(time: &Option<Time>) -> Option<String> {
    time.as_ref().map(Time::to_string)
}

pub(super) fn as_text<S: Serializer>(value: &impl Display, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

pub(super) fn as_level<S: Serializer>(priority: &Priority, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u8(priority.level())
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests;
