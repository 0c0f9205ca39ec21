//! `bd where`

use crate::open::Context;
use cli::{CommandError, ExitStatus};
use serde_json::json;

/// Say which store is used, and why
#[derive(clap::Args)]
pub(crate) struct Arguments {}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let (located, config) = (town.store.located(), town.config());
        let view = json!({
            "path": located.beads,
            "why": located.why.to_string(),
            "prefix": config.prefix,
            "name": config.name,
            "repository": located.root,
            "git_dir": located.common,
            "worktree": located.worktree,
            "actor": town.actor.name(),
        });
        let text = format!(
            "{}\n  Why: {}\n  Prefix: {}\n  Name: {}\n  Repository: {}\n  Actor: {}",
            located.beads.display(),
            located.why,
            config.prefix,
            config.name,
            located.root.display(),
            town.actor,
        );
        context.shell.answer(&view, &text);
        Ok(ExitStatus::OK)
    }
}
