//! `bd search`

use super::list::{OrderArgs, tell_left_out};
use crate::narrow::FilterArgs;
use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::views::ListView;
use cli::{CommandError, ExitStatus};
use model::Bead;
use town::search::mentions;

/// Find issues by what their texts say, whatever the case
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What to look for: in ID, title, description, design, acceptance criteria, notes, reason and labels
    #[arg(value_name = "TEXT")]
    text: String,

    #[command(flatten)]
    filter: FilterArgs,

    #[command(flatten)]
    order: OrderArgs,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let filter = self.filter.filter(&town)?;
        let loaded = Loaded::read(&town)?;
        let picture = loaded.picture();
        let asked = picture.context();
        let found = picture
            .graph
            .beads()
            .filter(|bead| filter.matches(bead, &asked) && mentions(bead, &self.text));
        let mut beads: Vec<&Bead> = found.collect();
        let left_out = self.order.apply(&mut beads, &asked);
        context
            .shell
            .show(&ListView::new(picture.views(&town, beads)));
        tell_left_out(context, left_out);
        Ok(report(context.shell, loaded.problems()))
    }
}
