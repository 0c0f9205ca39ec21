//! `bd defer`

use crate::answer::{each, exact_ids};
use crate::open::Context;
use cli::time::parse_when;
use cli::{CommandError, ExitStatus};
use town::life::{Changed, defer};

/// Put issues down, until somebody takes them up again
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Issues, by their whole IDs
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// Until when, for the record: +3d, tomorrow, 2026-01-15
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let ids = exact_ids(&town, &self.ids)?;
        let now = town.now().timestamp();
        let until = self.until.as_deref().map(|text| parse_when(text, now));
        let until = until.transpose()?;
        let line = |it: &Changed| match &it.bead.defer_until {
            Some(until) => format!("Deferred {} until {until}", it.bead.id),
            None => format!("Deferred {}", it.bead.id),
        };
        each(context, &town, &ids, line, |id| {
            Ok(defer(&town, id, until.clone())?)
        })
    }
}
