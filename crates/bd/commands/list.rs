//! `bd list`

use crate::narrow::FilterArgs;
use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::views::{Layout, ListView};
use cli::{CommandError, ExitStatus};
use model::{Bead, Sort};

/// List issues, open ones unless told otherwise
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: FilterArgs,

    #[command(flatten)]
    order: OrderArgs,

    /// Show a block with everything but the comments for each
    #[arg(long)]
    long: bool,

    /// Show children below their parents
    #[arg(long, alias = "pretty", conflicts_with = "long")]
    tree: bool,
}

/// In which order, and how many.
#[derive(Clone, clap::Args)]
pub(crate) struct OrderArgs {
    /// Order: priority, oldest, hybrid, created, updated, closed, title, status, type, assignee or id
    #[arg(long, value_name = "ORDER", default_value = "priority")]
    sort: Sort,

    /// The other way round
    #[arg(short, long)]
    reverse: bool,

    /// At most so many; 0 for all
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 50)]
    limit: usize,
}

impl OrderArgs {
    /// Sorts and cuts; returns how many were left out.
    pub(crate) fn apply(&self, beads: &mut Vec<&Bead>, context: &model::Context<'_>) -> usize {
        self.sort.sort(beads, context);
        if self.reverse {
            beads.reverse();
        }
        let all = beads.len();
        if self.limit > 0 {
            beads.truncate(self.limit);
        }
        all - beads.len()
    }
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let filter = self.filter.filter(&town)?;
        let loaded = Loaded::read(&town)?;
        let picture = loaded.picture();
        let asked = picture.context();
        let matching = picture
            .graph
            .beads()
            .filter(|it| filter.matches(it, &asked));
        let mut beads: Vec<&Bead> = matching.collect();
        let left_out = self.order.apply(&mut beads, &asked);
        let view = ListView::new(picture.views(&town, beads))
            .with_layout(self.layout())
            .when_empty(match filter.all || !filter.statuses.is_empty() {
                true => "No issues found",
                false => "No open issues found",
            });
        context.shell.show(&view);
        tell_left_out(context, left_out);
        Ok(report(context.shell, loaded.problems()))
    }

    fn layout(&self) -> Layout {
        match (self.tree, self.long) {
            (true, _) => Layout::Tree,
            (false, true) => Layout::Long,
            (false, false) => Layout::Lines,
        }
    }
}

/// Says that a list is not the whole.
pub(crate) fn tell_left_out(context: &Context<'_>, left_out: usize) {
    if left_out > 0 {
        context
            .shell
            .status(&format!("{left_out} more are not shown: -n 0 shows all"));
    }
}
