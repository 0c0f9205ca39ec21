//! `gt logs`: what a worker printed.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell, visible};
use town::{Town, logs};

mod follow;

/// Show the end of a worker's log
#[derive(Args)]
pub(crate) struct Arguments {
    /// A bead, or a worker's name or address
    what: String,
    /// How many lines
    #[arg(short = 'n', long, default_value_t = 50)]
    lines: usize,
    /// Go on with what is printed, until the worker has ended; with --json one
    /// object a line
    #[arg(short, long)]
    follow: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let log = logs::log_of(town, &arguments.what)?;
    shell.status(&log.path.display().to_string());
    if arguments.follow {
        follow::follow(town, shell, &log, arguments.lines)?;
        return Ok(ExitStatus::OK);
    }
    let text = logs::tail(&log.path, arguments.lines)?;
    if shell.is_json() {
        shell.json(&serde_json::json!({ "log": log.path.display().to_string(), "text": text }));
    } else {
        shell.out(&visible(&text));
    }
    Ok(ExitStatus::OK)
}
