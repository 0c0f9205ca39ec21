//! Showing a log as it is written, across restarts of its worker.

use agent::logs::{Follower, is_kept};
use cli::{CommandError, Shell, visible};
use std::time::{Duration, Instant};
use town::logs::{self, Log, Standing};
use town::{Error, Town};

/// How often it is looked whether the worker still runs.
const LOOK: Duration = Duration::from_secs(1);

/// How long what a worker printed last may take to arrive, and a fresh session
/// to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// A process that a worker has left behind may print for ever.
const SILENCE: Duration = Duration::from_millis(500);

/// Shows the last lines, then what comes, until no more may come.
pub(super) fn follow(
    town: &Town,
    shell: &Shell,
    log: &Log,
    lines: usize,
) -> Result<(), CommandError> {
    let failed = |error| Error::io("read", &log.path, &error);
    let (mut follower, text) = Follower::open(&log.path, lines).map_err(failed)?;
    show(shell, &text);
    let mut ran = Instant::now();
    while !shell.is_closed() {
        // Asked before it is read: what was printed before the end is shown.
        let standing = logs::standing(town, log)?;
        let is_new = show_news(shell, &mut follower).map_err(failed)?;
        match standing {
            Standing::Runs => ran = Instant::now(),
            Standing::Starts | Standing::Stopped
                if watcher::holder(&town.store.private_path()).is_some() => {}
            Standing::Starts if ran.elapsed() < PATIENCE => {}
            _ if is_kept(&log.path) && ran.elapsed() < PATIENCE => {
                follower.wait(SILENCE).map_err(failed)?;
                continue;
            }
            _ if is_new => continue,
            _ => {
                shell.status("the worker has ended");
                break;
            }
        }
        follower.wait(LOOK).map_err(failed)?;
    }
    Ok(())
}

fn show_news(shell: &Shell, follower: &mut Follower) -> std::io::Result<bool> {
    let mut is_new = false;
    while let Some(news) = follower.more()? {
        if news.has_gap {
            shell.warn("what was printed too fast to be kept is left out");
        }
        show(shell, &news.text);
        is_new = true;
        if shell.is_closed() {
            break;
        }
    }
    Ok(is_new)
}

fn show(shell: &Shell, text: &str) {
    if text.is_empty() {
        return;
    }
    if shell.is_json() {
        shell.json_line(&serde_json::json!({ "text": text }));
    } else {
        shell.out(&visible(text));
        shell.flush();
    }
}
