//! `bd children`

use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::views::ListView;
use cli::{CommandError, ExitStatus};

/// List the direct children of an issue, closed ones too
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The issue
    #[arg(value_name = "ID")]
    id: String,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let id = town.store.resolve_partial(&self.id)?;
        let loaded = Loaded::read(&town)?;
        let picture = loaded.picture();
        let children = picture.graph.children(&id);
        context
            .shell
            .show(&ListView::new(picture.views(&town, children)));
        Ok(report(context.shell, loaded.problems()))
    }
}
