//! `gt down`: stops the watcher.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use town::Town;
use watcher::service;

/// Stop the watcher; workers go on with what they are doing
#[derive(Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    town.check_writable()?;
    let stopped = service::stop(town, |holder| {
        shell.status(&format!(
            "The watcher (pid {}) ends what it has begun, such as a merge, and then stops",
            holder.process.pid
        ));
    })?;
    let line = match &stopped {
        Some(holder) => format!("The watcher has stopped (pid {})", holder.process.pid),
        None => "No watcher runs here".to_owned(),
    };
    let pid = stopped.map(|holder| holder.process.pid);
    shell.answer(&serde_json::json!({ "stopped": pid }), &line);
    Ok(ExitStatus::OK)
}
