//! `bd comments`

use super::comment;
use crate::open::Context;
use crate::picture::report;
use cli::views::{CommentView, CommentsView};
use cli::{CommandError, ExitStatus};

/// Show the comments on an issue
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// The issue
    #[arg(value_name = "ID", required = true)]
    id: Option<String>,
}

#[derive(clap::Subcommand)]
enum Command {
    Add(comment::Arguments),
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        if let Some(Command::Add(add)) = &self.command {
            return add.run(context);
        }
        let town = context.town()?;
        let id = town
            .store
            .resolve_partial(self.id.as_deref().unwrap_or_default())?;
        let (comments, problems) = town.store.comments(&id)?;
        let view = |it: &store::comments::Filed| CommentView::new(&it.id, &it.comment);
        context
            .shell
            .show(&CommentsView(comments.iter().map(view).collect()));
        Ok(report(context.shell, &problems))
    }
}
