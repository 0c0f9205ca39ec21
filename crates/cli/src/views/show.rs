//! One bead with everything around it.

use super::bead::BeadView;
use super::comment::{CommentView, CommentsView};
use super::layout::{labelled, section};
use super::list::list_line;
use super::{DependencyView, View};
use crate::{Look, visible, visible_line};
use serde::Serialize;
use serde_json::{Map, Value as Json};

/// A bead at the other end of a dependency.
#[derive(Debug, Clone, Serialize)]
pub struct LinkedView {
    /// The bead. Its own `dependencies` are left out.
    #[serde(flatten)]
    pub bead: BeadView,
    /// How the two depend on each other.
    pub dependency_type: String,
}

impl LinkedView {
    /// A bead and the type of the dependency that leads to it.
    pub fn new(bead: BeadView, dependency_type: impl Into<String>) -> Self {
        Self {
            bead: bead.without_dependencies(),
            dependency_type: dependency_type.into(),
        }
    }
}

/// What `show` says about one bead.
#[derive(Debug, Clone, Serialize)]
pub struct ShowView {
    /// The bead itself.
    #[serde(flatten)]
    pub bead: BeadView,
    /// What it depends on, its parent included.
    pub dependencies: Vec<LinkedView>,
    /// What depends on it, its children included.
    pub dependents: Vec<LinkedView>,
    /// Dependencies whose bead could not be found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dangling: Vec<DependencyView>,
    /// What was said about it, oldest first.
    pub comments: Vec<CommentView>,
}

impl ShowView {
    /// A bead with its surroundings. Dependencies of `bead` that are not among
    /// `dependencies` are shown as dangling.
    pub fn new(
        bead: BeadView,
        dependencies: Vec<LinkedView>,
        dependents: Vec<LinkedView>,
        comments: Vec<CommentView>,
    ) -> Self {
        let is_found = |id: &str| dependencies.iter().any(|link| link.bead.id.as_str() == id);
        let dangling = bead
            .dependencies
            .iter()
            .filter(|dependency| !is_found(&dependency.depends_on_id))
            .cloned()
            .collect();
        Self {
            bead: bead.without_dependencies(),
            dependencies,
            dependents,
            dangling,
            comments,
        }
    }

    fn dependencies_text(&self, look: &Look) -> String {
        let dangling = self.dangling.iter().map(|it| {
            format!(
                "{}  ({}, not found)\n",
                visible_line(&it.depends_on_id),
                visible_line(&it.kind)
            )
        });
        links(self.dependencies.iter(), look) + &dangling.collect::<String>()
    }

    fn dependents_text(&self, look: &Look) -> String {
        let mut text = String::new();
        for (heading, group) in [
            ("Children", Group::Children),
            ("Blocks", Group::Blocks),
            ("Related", Group::Related),
        ] {
            let links_of: Vec<&LinkedView> = self
                .dependents
                .iter()
                .filter(|link| Group::of(&link.dependency_type) == group)
                .collect();
            let heading = format!("{heading} ({})", links_of.len());
            text += &section(look, &heading, &links(links_of, look));
        }
        text
    }
}

#[derive(PartialEq)]
enum Group {
    Children,
    Blocks,
    Related,
}

impl Group {
    fn of(dependency_type: &str) -> Self {
        match dependency_type {
            "parent-child" => Self::Children,
            "blocks" | "conditional-blocks" | "waits-for" => Self::Blocks,
            _ => Self::Related,
        }
    }
}

impl View for ShowView {
    fn text(&self, look: &Look) -> String {
        let bead = &self.bead;
        let mut text = header(bead, look);
        for (heading, prose) in [
            ("Description", &bead.description),
            ("Design", &bead.design),
            ("Acceptance criteria", &bead.acceptance_criteria),
            ("Notes", &bead.notes),
        ] {
            let body = prose.as_deref().map(visible).unwrap_or_default();
            text += &section(look, heading, body.trim_end());
        }
        if let Some(merge_request) = &bead.merge_request {
            text += &section(look, "Merge request", &merge_request.lines(look));
        }
        text += &section(look, "Metadata", &entries(&bead.metadata));
        text += &section(look, "Other fields", &entries(&bead.extra));
        let count = self.dependencies.len() + self.dangling.len();
        let heading = format!("Dependencies ({count})");
        text += &section(look, &heading, &self.dependencies_text(look));
        text += &self.dependents_text(look);
        let heading = format!("Comments ({})", self.comments.len());
        if !self.comments.is_empty() {
            let comments = CommentsView(self.comments.clone());
            text += &section(look, &heading, &comments.text(look));
        }
        text
    }
}

/// Several beads; an array as JSON, also for one.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct ShowListView(pub Vec<ShowView>);

impl View for ShowListView {
    fn text(&self, look: &Look) -> String {
        let texts: Vec<String> = self.0.iter().map(|view| view.text(look)).collect();
        texts.join("\n")
    }
}

fn header(bead: &BeadView, look: &Look) -> String {
    let title = format!("{}  {}", bead.id, visible_line(&bead.title));
    let mut text = format!(
        "{}\nStatus: {}  Priority: {}  Type: {}\n",
        look.heading(&title),
        look.status(&bead.status, bead.status.as_str()),
        look.priority(bead.priority, &bead.priority.to_string()),
        bead.issue_type,
    );
    let labels = bead.labels.join(", ");
    text += &labelled("Assignee", assignee(bead).as_deref());
    text += &labelled("Labels", (!labels.is_empty()).then_some(&labels));
    text += &labelled("Parent", bead.parent.as_deref());
    text += &labelled("Branch", bead.branch.as_deref());
    text += &labelled("External", bead.external_ref.as_deref());
    text + &times(bead)
}

fn assignee(bead: &BeadView) -> Option<String> {
    let name = bead.assignee.as_deref()?;
    Some(match bead.attempt {
        0 => name.to_owned(),
        attempt => format!("{name} (attempt {attempt})"),
    })
}

fn times(bead: &BeadView) -> String {
    let created = format!("{} by {}", bead.created_at, bead.created_by);
    let closed = bead.closed_at.as_ref().map(|at| match &bead.close_reason {
        Some(reason) => format!("{at} ({reason})"),
        None => at.clone(),
    });
    labelled("Created", Some(&created))
        + &labelled("Updated", Some(&bead.updated_at))
        + &labelled("Started", bead.started_at.as_deref())
        + &labelled("Closed", closed.as_deref())
        + &labelled("Due", bead.due_at.as_deref())
        + &labelled("Deferred until", bead.defer_until.as_deref())
}

fn entries(map: &Map<String, Json>) -> String {
    map.iter()
        .map(|(key, value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("{}: {}\n", visible_line(key), visible_line(&value))
        })
        .collect()
}

fn links<'a>(links: impl IntoIterator<Item = &'a LinkedView>, look: &Look) -> String {
    links
        .into_iter()
        .map(|link| {
            let kind = visible_line(&link.dependency_type);
            format!("{}  ({kind})\n", list_line(&link.bead, look))
        })
        .collect()
}

#[cfg(test)]
mod tests;
