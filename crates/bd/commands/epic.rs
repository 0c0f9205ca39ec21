//! `bd epic`

use crate::answer::{settle, show, try_each};
use crate::open::Context;
use crate::picture::{Loaded, Picture, report};
use cli::views::{EpicListView, EpicView};
use cli::{CommandError, ExitStatus};
use model::{Bead, Id};
use town::close::{Close, close};
use town::life::Changed;

/// See how far epics have come
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List open epics and how many of their children are closed
    Status {
        /// Only those whose children are all closed
        #[arg(long)]
        eligible_only: bool,
    },
    /// Close the epics whose children are all closed
    CloseEligible {
        /// Show which they are
        #[arg(long)]
        dry_run: bool,
    },
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let loaded = Loaded::read(&town)?;
        let picture = loaded.picture();
        let epics = open_epics(&picture);
        let view = |all: bool| {
            let views = epics.iter().map(|epic| {
                let (closed, total) = town::stats::progress(&picture.graph, &epic.id);
                EpicView::new(picture.view(&town, epic), closed, total)
            });
            EpicListView(views.filter(|it| all || it.eligible_for_close).collect())
        };
        match self.command {
            Command::CloseEligible { dry_run: false } => {
                let ids = view(false).0.into_iter().map(|it| it.epic.id).collect();
                report(context.shell, loaded.problems());
                close_all(context, &town, ids)
            }
            Command::Status { eligible_only } => {
                context.shell.show(&view(!eligible_only));
                Ok(report(context.shell, loaded.problems()))
            }
            Command::CloseEligible { dry_run: true } => {
                context.shell.show(&view(false));
                Ok(report(context.shell, loaded.problems()))
            }
        }
    }
}

fn open_epics<'a>(picture: &Picture<'a>) -> Vec<&'a Bead> {
    let is_open = |bead: &&Bead| bead.kind.as_str() == "epic" && !bead.status.is_closed();
    picture.graph.beads().filter(is_open).collect()
}

fn close_all(
    context: &Context<'_>,
    town: &town::Town,
    ids: Vec<Id>,
) -> Result<ExitStatus, CommandError> {
    let how = Close {
        reasons: vec!["all children are closed".to_owned()],
        ..Close::default()
    };
    let (done, failure) = try_each(context, &ids, |id| Ok(close(town, id, &how)?));
    let line = |it: &Changed| format!("Closed {}", it.bead.id);
    show(context, town, &done, line)?;
    settle(context, town, &done, failure)
}
