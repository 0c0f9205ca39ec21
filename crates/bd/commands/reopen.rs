//! `bd reopen`

use crate::answer::{each, exact_ids};
use crate::open::Context;
use cli::{CommandError, ExitStatus};
use town::life::reopen;

/// Open closed issues again; a comment says who did and why
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Issues, by their whole IDs
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// Why
    #[arg(short, long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let ids = exact_ids(&town, &self.ids)?;
        let line = |it: &town::life::Changed| format!("Reopened {}", it.bead.id);
        each(context, &town, &ids, line, |id| {
            Ok(reopen(&town, id, self.reason.as_deref())?)
        })
    }
}
