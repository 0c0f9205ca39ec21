//! `bd count`

use crate::narrow::FilterArgs;
use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::views::{CountView, GroupView};
use cli::{CommandError, ExitStatus};
use model::Bead;
use town::stats::{Group, count_by};

/// Count issues, open ones unless told otherwise
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: FilterArgs,

    /// Count each value of a field
    #[arg(long, value_name = "FIELD")]
    by: Option<By>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum By {
    Status,
    Priority,
    Type,
    Assignee,
    Label,
}

impl From<By> for Group {
    fn from(by: By) -> Self {
        match by {
            By::Status => Self::Status,
            By::Priority => Self::Priority,
            By::Type => Self::Type,
            By::Assignee => Self::Assignee,
            By::Label => Self::Label,
        }
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
        let beads: Vec<&Bead> = matching.collect();
        let view = match self.by {
            None => CountView::All { count: beads.len() },
            Some(by) => CountView::Grouped {
                total: beads.len(),
                groups: count_by(beads, by.into())
                    .into_iter()
                    .map(|(group, count)| GroupView { group, count })
                    .collect(),
            },
        };
        context.shell.show(&view);
        Ok(report(context.shell, loaded.problems()))
    }
}
