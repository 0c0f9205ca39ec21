//! `gt logs`: what a worker printed.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell, visible};
use town::{Town, polecat};

/// Show the end of a worker's log
#[derive(Args)]
pub(crate) struct Arguments {
    /// A bead, or a worker's name or address
    what: String,
    /// How many lines
    #[arg(short = 'n', long, default_value_t = 50)]
    lines: usize,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let log = polecat::log_of(town, &arguments.what)?;
    let text = polecat::tail(&log, arguments.lines)?;
    if shell.is_json() {
        shell.json(&serde_json::json!({ "log": log.display().to_string(), "text": text }));
    } else {
        shell.status(&log.display().to_string());
        shell.out(&visible(&text));
    }
    Ok(ExitStatus::OK)
}
