//! `gt up`: the watcher, in the background or in the foreground.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use serde::Serialize;
use town::Town;
use town::init::warn_of_network;
use watcher::service::{self, Start};
use watcher::{Holder, Noticed, Watcher};

/// A log that nobody puts aside is cut when it has grown so large.
const LOG_LIMIT: u64 = 16 << 20;

/// Start the watcher: it starts workers as beads are slung, restarts them when they crash, and lands their work
///
/// It runs in the background, one for each clone, until `gt down`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Stay in the foreground and print what happens, for systemd and containers
    #[arg(long)]
    foreground: bool,
}

#[derive(Serialize)]
struct View {
    pid: u32,
    since: String,
    started: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    town.check_writable()?;
    warn_of_network(town.setup(), town.common());
    if arguments.foreground {
        return foreground(town, shell);
    }
    // The store is found from the same folder, and by the same flags.
    let store = town.store.located().beads.display().to_string();
    let (holder, started) = match service::start(&town, &["--db", &store, "up", "--foreground"])? {
        Start::Started(holder) => (holder, true),
        Start::Running(holder) => (holder, false),
    };
    let Holder { process, since, .. } = holder;
    let line = if started {
        format!("The watcher runs (pid {})", process.pid)
    } else {
        format!(
            "The watcher runs already (pid {}, since {since})",
            process.pid
        )
    };
    let pid = process.pid;
    shell.answer(
        &View {
            pid,
            since,
            started,
        },
        &line,
    );
    Ok(ExitStatus::OK)
}

fn foreground(town: Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let log = service::log_path(&town);
    let watcher = Watcher::builder(town).build()?;
    watcher.stop().on_signals()?;
    shell.status(&format!("watching (pid {})", std::process::id()));
    watcher.run(|noticed| {
        show(noticed, shell);
        service::rotate(&log, LOG_LIMIT);
    })?;
    shell.status("stopped; workers go on");
    Ok(ExitStatus::OK)
}

/// One event as it happens.
pub(super) fn show(noticed: &Noticed, shell: &Shell) {
    if shell.is_json() {
        shell.json_line(noticed);
    } else {
        shell.line(&noticed.to_string());
        shell.flush();
    }
}
