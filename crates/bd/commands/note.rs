//! `bd note`

use crate::answer::{each, exact_ids};
use crate::open::Context;
use cli::{CommandError, ExitStatus};
use town::edit::{Edit, edit};
use town::life::Changed;

/// Add to the notes of an issue
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The issue, by its whole ID
    #[arg(value_name = "ID")]
    id: String,

    /// What to note
    #[arg(value_name = "TEXT", required = true)]
    text: Vec<String>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let ids = exact_ids(&town, std::slice::from_ref(&self.id))?;
        let change = Edit {
            append_notes: Some(self.text.join(" ")),
            ..Edit::default()
        };
        let line = |it: &Changed| format!("Note added to {}", it.bead.id);
        each(context, &town, &ids, line, |id| {
            Ok(edit(&town, id, &change)?)
        })
    }
}
