//! `gt config`: what is in force, and where it comes from.

use clap::{Args, Subcommand};
use cli::{CommandError, ExitStatus, Shell, visible_line};
use serde_json::json;
use town::Town;
use town::config::{self, Setting};

/// Show the configuration
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show every value in force, and where it comes from
    Show,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    match arguments.command {
        Command::Show => show(town, shell),
    }
}

fn show(town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let settings = config::in_force(town)?;
    if shell.is_json() {
        let view = |it: &Setting| json!({ "key": it.key, "value": it.value, "source": it.source.to_string() });
        shell.json(&settings.iter().map(view).collect::<Vec<_>>());
        return Ok(ExitStatus::OK);
    }
    for it in &settings {
        let value = match &it.value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let line = format!("{} = {value}  ({})", it.key, it.source);
        shell.line(&visible_line(&line));
    }
    Ok(ExitStatus::OK)
}
