//! `bd info`

use crate::open::Context;
use crate::picture::report;
use cli::{CommandError, ExitStatus};
use serde_json::json;

/// Say what the store holds
#[derive(clap::Args)]
pub(crate) struct Arguments {}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let snapshot = town.store.load()?;
        let (located, config) = (town.store.located(), town.config());
        let view = json!({
            "database_path": located.beads,
            "issue_prefix": config.prefix,
            "issue_count": snapshot.beads.len(),
            "mode": "files",
            "daemon_connected": false,
            "format": model::FORMAT,
            "version": env!("CARGO_PKG_VERSION"),
        });
        let text = format!(
            "Store: {}\n  Prefix: {}\n  Issues: {}\n  Format: {}",
            located.beads.display(),
            config.prefix,
            snapshot.beads.len(),
            model::FORMAT,
        );
        context.shell.answer(&view, &text);
        Ok(report(context.shell, &snapshot.problems))
    }
}
