//! `bd dep tree`

use crate::open::Context;
use crate::picture::{Loaded, Picture, report};
use cli::{CommandError, ExitStatus, Look, View, visible_line};
use model::tree::{Direction, tree};
use serde::Serialize;

/// Draw what an issue depends on, and what that depends on
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The issue
    #[arg(value_name = "ID")]
    id: String,

    /// down: what it depends on; up: what depends on it; both
    #[arg(long, value_name = "WAY", default_value = "down")]
    direction: Way,

    /// As a diagram: mermaid
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    format: Option<Format>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Way {
    Down,
    Up,
    Both,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Mermaid,
}

/// The lines of a tree; an array as JSON.
#[derive(Serialize)]
#[serde(transparent)]
struct TreeView(Vec<Node>);

#[derive(Serialize)]
struct Node {
    id: String,
    title: Option<String>,
    status: Option<String>,
    depth: usize,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Whether it depends on the line it hangs on, and not the other way round.
    up: bool,
    /// Whether it stood above already.
    repeated: bool,
}

impl Arguments {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let id = town.store.resolve_partial(&self.id)?;
        let loaded = Loaded::read(&town)?;
        let picture = loaded.picture();
        let direction = match self.direction {
            Way::Down => Direction::Down,
            Way::Up => Direction::Up,
            Way::Both => Direction::Both,
        };
        let lines = tree(&picture.graph, &id, direction);
        let view = TreeView(
            lines
                .into_iter()
                .map(|it| Node::new(&picture, it))
                .collect(),
        );
        match self.format {
            None => context.shell.show(&view),
            Some(Format::Mermaid) => context.shell.out(&view.mermaid()),
        }
        Ok(report(context.shell, loaded.problems()))
    }
}

impl Node {
    fn new(picture: &Picture<'_>, line: model::TreeLine) -> Self {
        let bead = picture.graph.get(&line.id);
        Self {
            id: line.id.to_string(),
            title: bead.map(|bead| bead.title.clone()),
            status: bead.map(|bead| bead.status.to_string()),
            depth: line.depth,
            kind: line.kind.map(|kind| kind.to_string()),
            up: line.up,
            repeated: line.repeated,
        }
    }

    fn text(&self, look: &Look) -> String {
        let lead = "  ".repeat(self.depth);
        let way = match (self.depth, self.up) {
            (0, _) => "",
            (_, true) => "<- ",
            (_, false) => "-> ",
        };
        let title = self.title.as_deref().unwrap_or("not found");
        let status = self.status.as_deref().unwrap_or("missing");
        let kind = self.kind.as_ref().map_or_else(String::new, |kind| {
            look.faint(&format!("  ({})", visible_line(kind)))
        });
        let again = if self.repeated { "  (see above)" } else { "" };
        format!(
            "{lead}{way}{}  {}  [{}]{kind}{again}\n",
            self.id,
            visible_line(title),
            visible_line(status),
        )
    }
}

impl View for TreeView {
    fn text(&self, look: &Look) -> String {
        self.0.iter().map(|node| node.text(look)).collect()
    }
}

impl TreeView {
    /// An arrow leads from what is needed to what needs it.
    fn mermaid(&self) -> String {
        let mut text = String::from("flowchart TD\n");
        for node in self.0.iter().filter(|node| !node.repeated) {
            let title = node.title.as_deref().unwrap_or("not found");
            let label = visible_line(title).replace('"', "#quot;");
            text += &format!("  {0}[\"{0}: {label}\"]\n", node.id);
        }
        let mut above: Vec<&str> = Vec::new();
        for node in &self.0 {
            above.truncate(node.depth);
            if let Some(parent) = above.last() {
                let (from, to) = match node.up {
                    true => (*parent, node.id.as_str()),
                    false => (node.id.as_str(), *parent),
                };
                text += &format!("  {from} --> {to}\n");
            }
            above.push(&node.id);
        }
        text
    }
}
