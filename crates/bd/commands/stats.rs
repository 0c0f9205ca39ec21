//! `bd stats`

use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::views::{StatsSummary, StatsView};
use cli::{CommandError, ExitStatus};
use town::stats::{Stats, stats};

/// Say how many issues stand where
#[derive(clap::Args)]
pub(crate) struct Arguments {}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let loaded = Loaded::read(&town)?;
        let picture = loaded.picture();
        let stats = stats(&picture.context());
        context.shell.show(&StatsView {
            summary: summary(&stats),
        });
        Ok(report(context.shell, loaded.problems()))
    }
}

fn summary(stats: &Stats) -> StatsSummary {
    StatsSummary {
        total_issues: stats.total,
        open_issues: stats.in_state("open"),
        in_progress_issues: stats.in_state("in_progress"),
        hooked_issues: stats.in_state("hooked"),
        escalated_issues: stats.in_state("escalated"),
        completed_issues: stats.in_state("completed"),
        closed_issues: stats.in_state("closed"),
        blocked_issues: stats.blocked,
        deferred_issues: stats.in_state("deferred"),
        ready_issues: stats.ready,
        pinned_issues: stats.pinned,
        tombstone_issues: stats.in_state("tombstone"),
        epics_eligible_for_closure: stats.epics_to_close,
        average_lead_time_hours: stats.lead_time_hours,
    }
}
