//! `bd init`

use crate::open::Context;
use cli::{CommandError, ExitStatus};
use serde_json::json;
use town::init::{Names, init};

/// Make a store in this repository; commits nothing
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The prefix of its IDs: with gt they look like gt-abc12
    #[arg(short, long, value_name = "PREFIX")]
    prefix: Option<String>,

    /// The rig's name; by default the folder's
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let names = Names {
            name: self.name.clone(),
            prefix: self.prefix.clone(),
        };
        let made = init(&context.setup, &names)?;
        let what = match made.new {
            true => "initialized successfully",
            false => "was initialized already",
        };
        let (beads, name, prefix) = (made.beads.display(), &made.name, &made.prefix);
        let view = json!({
            "path": made.beads,
            "name": name,
            "prefix": prefix,
            "created": made.new,
        });
        let text = format!(
            "Plaintown {what} in {beads}\n  Name: {name}\n  Prefix: {prefix} (IDs look like {prefix}-abc12)\n\
             Next: `bd create \"Title\"`, then `bd ready`. Nothing was committed: `git add .beads` when you like."
        );
        context.shell.answer(&view, &text);
        Ok(ExitStatus::OK)
    }
}
