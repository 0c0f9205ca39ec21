//! Lists of beads: one aligned line each, a block each, or a tree.

use super::bead::BeadView;
use super::layout::{fit, indent, labelled, pad, width};
use super::{View, tree};
use crate::{Look, visible, visible_line};
use serde::Serialize;
use std::borrow::Borrow;

/// The shape of a list as text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// A line for each bead.
    #[default]
    Lines,
    /// A block for each bead, with everything but its comments.
    Long,
    /// Children below their parents.
    Tree,
}

/// A list of beads; an array as JSON.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct ListView {
    /// In the order to show them.
    pub beads: Vec<BeadView>,
    #[serde(skip)]
    layout: Layout,
    #[serde(skip)]
    when_empty: String,
}

impl ListView {
    /// A list of lines.
    pub fn new(beads: Vec<BeadView>) -> Self {
        Self {
            beads,
            layout: Layout::default(),
            when_empty: "No issues found".into(),
        }
    }

    /// Another shape.
    pub fn with_layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// What the text says when there is nothing.
    pub fn when_empty(self, text: impl Into<String>) -> Self {
        Self {
            when_empty: text.into(),
            ..self
        }
    }
}

impl View for ListView {
    fn text(&self, look: &Look) -> String {
        if self.beads.is_empty() {
            return format!("{}\n", self.when_empty);
        }
        match self.layout {
            Layout::Lines => lines(&self.beads, look),
            Layout::Long => long(&self.beads, look),
            Layout::Tree => tree(&self.beads, look),
        }
    }
}

/// A blocked bead with what blocks it.
#[derive(Debug, Clone, Serialize)]
pub struct BlockedView {
    /// The bead.
    #[serde(flatten)]
    pub bead: BeadView,
    /// The beads that have to be closed first.
    pub blocked_by: Vec<String>,
    /// How many they are.
    pub blocked_by_count: usize,
}

impl BlockedView {
    /// A bead and the IDs of what blocks it.
    pub fn new(bead: BeadView, blocked_by: Vec<String>) -> Self {
        Self {
            bead,
            blocked_by_count: blocked_by.len(),
            blocked_by,
        }
    }
}

/// What `blocked` shows; an array as JSON.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct BlockedListView(pub Vec<BlockedView>);

impl View for BlockedListView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "No blocked issues found\n".into();
        }
        let columns = Columns::of(self.0.iter().map(|blocked| &blocked.bead));
        let block = |blocked: &BlockedView| {
            let line = columns.line(&blocked.bead, "", look);
            let blockers = blocked.blocked_by.join(", ");
            format!("{line}\n    Blocked by: {}\n", visible_line(&blockers))
        };
        self.0.iter().map(block).collect()
    }
}

/// How wide the columns before the title are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Columns {
    id: usize,
    status: usize,
    kind: usize,
}

impl Columns {
    pub(super) fn of(beads: impl IntoIterator<Item = impl Borrow<BeadView>>) -> Self {
        beads.into_iter().fold(Self::default(), |columns, bead| {
            let bead = bead.borrow();
            Self {
                id: columns.id.max(width(bead.id.as_str())),
                status: columns.status.max(width(bead.status.as_str())),
                kind: columns.kind.max(width(bead.issue_type.as_str())),
            }
        })
    }

    /// One line without its line break; `lead` stands before the ID.
    pub(super) fn line(&self, bead: &BeadView, lead: &str, look: &Look) -> String {
        let id_width = self.id.saturating_sub(width(lead));
        let id = pad(bead.id.as_str(), id_width);
        let status = pad(bead.status.as_str(), self.status);
        let kind = pad(bead.issue_type.as_str(), self.kind);
        let before = width(lead) + width(&id) + 2 + 2 + 2 + width(&status) + 2 + width(&kind) + 2;
        let after = trailer(bead);
        let title = visible_line(&bead.title);
        let title = match look.width {
            Some(all) => fit(&title, all.saturating_sub(before + width(&after)).max(20)),
            None => title.into_owned(),
        };
        format!(
            "{}{id}  {}  {}  {kind}  {title}{}",
            look.faint(lead),
            look.priority(bead.priority, &bead.priority.to_string()),
            look.status(&bead.status, &status),
            look.faint(&after),
        )
    }

    /// Room for `more` columns before the ID.
    pub(super) fn indented(self, more: usize) -> Self {
        Self {
            id: self.id + more,
            ..self
        }
    }
}

/// What stands behind the title: the assignee and the labels.
fn trailer(bead: &BeadView) -> String {
    let mut text = String::new();
    if let Some(assignee) = &bead.assignee {
        text.push_str(&format!("   @{}", visible_line(assignee)));
    }
    if !bead.labels.is_empty() {
        text.push_str(&format!("  [{}]", visible_line(&bead.labels.join(", "))));
    }
    text
}

/// One bead on a line, without a line break.
pub fn list_line(bead: &BeadView, look: &Look) -> String {
    Columns::of([bead]).line(bead, "", look)
}

fn lines(beads: &[BeadView], look: &Look) -> String {
    let columns = Columns::of(beads);
    beads
        .iter()
        .map(|bead| columns.line(bead, "", look) + "\n")
        .collect()
}

fn long(beads: &[BeadView], look: &Look) -> String {
    let blocks: Vec<String> = beads
        .iter()
        .map(|bead| {
            let details = indent(&details(bead), 4);
            format!("{}\n{details}", list_line(bead, look))
        })
        .collect();
    blocks.join("\n")
}

fn details(bead: &BeadView) -> String {
    let needs: Vec<String> = bead
        .dependencies
        .iter()
        .map(|d| format!("{} ({})", d.depends_on_id, d.kind))
        .collect();
    let mut text = format!(
        "Created: {} by {}\nUpdated: {}\n",
        bead.created_at,
        visible_line(&bead.created_by),
        bead.updated_at
    );
    text += &labelled("Due", bead.due_at.as_deref());
    text += &labelled("Deferred until", bead.defer_until.as_deref());
    text += &labelled("Closed", bead.closed_at.as_deref());
    text += &labelled("Branch", bead.branch.as_deref());
    text += &labelled("External", bead.external_ref.as_deref());
    text += &labelled(
        "Depends on",
        (!needs.is_empty()).then_some(&needs.join(", ")),
    );
    if let Some(description) = &bead.description {
        text.push('\n');
        text += visible(description).trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests;
