//! `bd blocked`

use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::views::{BlockedListView, BlockedView};
use cli::{CommandError, ExitStatus};
use model::{Bead, Id, Sort};

/// List what waits for other issues, and for which
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Part of this issue, however deep
    #[arg(long, value_name = "ID")]
    parent: Option<String>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let parent = self
            .parent
            .as_ref()
            .map(|text| town.store.resolve_partial(text))
            .transpose()?;
        let loaded = Loaded::read(&town)?;
        let picture = loaded.picture();
        let graph = &picture.graph;
        let within = match &parent {
            Some(parent) => graph.descendants(parent),
            None => graph.beads().collect(),
        };
        let blocked = within.into_iter().filter(|bead| graph.is_blocked(&bead.id));
        let mut blocked: Vec<&Bead> = blocked.collect();
        Sort::Priority.sort(&mut blocked, &picture.context());
        let view = |bead: &Bead| {
            let blockers = graph.blockers(&bead.id).into_iter().map(Id::to_string);
            BlockedView::new(
                picture.view(&town, bead).without_dependencies(),
                blockers.collect(),
            )
        };
        context
            .shell
            .show(&BlockedListView(blocked.into_iter().map(view).collect()));
        Ok(report(context.shell, loaded.problems()))
    }
}
