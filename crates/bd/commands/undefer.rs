//! `bd undefer`

use crate::answer::{each, exact_ids};
use crate::open::Context;
use cli::{CommandError, ExitStatus};
use town::life::{Changed, undefer};

/// Take put-off issues up again
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Issues, by their whole IDs
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let ids = exact_ids(&town, &self.ids)?;
        let line = |it: &Changed| format!("Undeferred {}", it.bead.id);
        each(context, &town, &ids, line, |id| Ok(undefer(&town, id)?))
    }
}
