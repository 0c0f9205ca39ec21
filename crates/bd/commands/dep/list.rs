//! `bd dep list`

use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::views::{LinkedView, list_line};
use cli::{CommandError, ExitStatus, Look, View, visible_line};
use model::{Bead, DependencyType};
use serde::Serialize;

/// List what an issue depends on, or what depends on it
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The issue
    #[arg(value_name = "ID")]
    id: String,

    /// down: what it depends on; up: what depends on it
    #[arg(long, value_name = "WAY", default_value = "down")]
    direction: Way,

    /// Only dependencies of this type
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = DependencyType::parse)]
    kind: Option<DependencyType>,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Way {
    Down,
    Up,
}

#[derive(Serialize)]
#[serde(transparent)]
struct LinkedListView(Vec<LinkedView>);

impl View for LinkedListView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "No dependencies found\n".into();
        }
        let line = |it: &LinkedView| {
            let kind = visible_line(&it.dependency_type).into_owned();
            format!("{}  ({kind})\n", list_line(&it.bead, look))
        };
        self.0.iter().map(line).collect()
    }
}

impl Arguments {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let id = town.store.resolve_partial(&self.id)?;
        let bead = town.store.bead(&id)?;
        let loaded = Loaded::read(&town)?;
        let picture = loaded.picture();
        let links: Vec<(&Bead, DependencyType)> = match self.direction {
            Way::Up => {
                let dependents = picture.graph.dependents(&id).into_iter();
                dependents.map(|(it, kind)| (it, kind.clone())).collect()
            }
            Way::Down => town::dependency::of(&bead)
                .into_iter()
                .filter_map(|it| Some((picture.graph.get(&it.id)?, it.kind)))
                .collect(),
        };
        let views = links
            .into_iter()
            .filter(|(_, kind)| self.kind.as_ref().is_none_or(|wanted| wanted == kind))
            .map(|(it, kind)| LinkedView::new(picture.view(&town, it), kind.to_string()));
        context.shell.show(&LinkedListView(views.collect()));
        Ok(report(context.shell, loaded.problems()))
    }
}
