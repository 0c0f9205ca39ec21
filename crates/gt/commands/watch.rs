//! `gt watch`: what happens, as it happens.

use super::up::show;
use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use std::ffi::OsString;
use town::Town;
use watcher::{Watcher, reaction};

/// Print what happens to hooks, beads, convoys and workers, as it happens
///
/// It only looks: whether the watcher runs makes no difference to it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Run this program for each event, with the event as JSON on its standard input; no shell
    #[arg(long, num_args = 1.., value_names = ["PROGRAM", "ARGUMENT"], allow_hyphen_values = true)]
    exec: Vec<OsString>,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let watcher = Watcher::builder(town).observe_only().build()?;
    let stop = watcher.stop();
    stop.on_signals()?;
    shell.status("watching; Ctrl-C ends it");
    watcher.run(|noticed| {
        show(noticed, shell);
        if let Err(failure) = reaction::run(&arguments.exec, noticed) {
            shell.warn(&failure.to_string());
        }
        if shell.is_closed() {
            stop.stop();
        }
    })?;
    Ok(ExitStatus::OK)
}
