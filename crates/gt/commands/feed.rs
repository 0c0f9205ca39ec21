//! `gt feed`: what has happened, step by step.

use super::up::show;
use clap::Args;
use cli::time::parse_since;
use cli::{CommandError, ExitStatus, Shell};
use town::Town;
use town::events::journal::Journal;

/// Show what has happened in this clone: each step of each bead, and who took it
///
/// Every command tells its own steps, so nothing is missing that happened while
/// no watcher ran. What came by git or by hand is told by the watcher, without a
/// name. What has to last is in git: this goes back for some ten thousand steps.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only what names this bead, agent, convoy or gate
    about: Option<String>,
    /// At most so many, the last ones; 0 for all
    #[arg(short = 'n', long, default_value_t = 50)]
    limit: usize,
    /// Only since then: `8h`, `yesterday`, `2026-01-15`
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let since = arguments.since.as_deref();
    let since = since.map(|text| parse_since(text, town.now().timestamp()));
    let since = since.transpose()?.map(|time| time.timestamp());
    let about = arguments.about.as_deref();
    let told = Journal::new(&town.store.private_path()).read();
    let mut told = told
        .map_err(|error| CommandError::environment(format!("cannot read the events: {error}")))?;
    told.retain(|it| since.is_none_or(|since| it.at >= since));
    told.retain(|it| about.is_none_or(|about| it.event.is_about(about)));
    let limit = match arguments.limit {
        0 => told.len(),
        limit => limit,
    };
    for noticed in told.iter().skip(told.len().saturating_sub(limit)) {
        show(noticed, shell);
    }
    if told.is_empty() {
        shell.status("nothing was told");
    }
    Ok(ExitStatus::OK)
}
