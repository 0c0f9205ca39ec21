//! `gt refinery`: the merge queue at work.

use clap::{Args, Subcommand};
use cli::views::{MergeRequestView, QueueView};
use cli::{CommandError, ExitStatus, Shell};
use model::Class;
use town::Town;
use town::refinery::{self, Report, Until};

use super::report;

/// Land completed work, or send it back with the reason
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Work through the merge queue
    Run(Run),
    /// Show the merge queue, and why what waits does so
    Status,
}

#[derive(Args)]
struct Run {
    /// Stop after one merge request has landed or was sent back
    #[arg(long)]
    once: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    match &arguments.command {
        Command::Run(run) => run.run(town, shell),
        Command::Status => status(town, shell),
    }
}

impl Run {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let until = if self.once { Until::Once } else { Until::Empty };
        let summary = refinery::run(town, until, &mut |report| show(report, shell))?;
        if shell.is_json() {
            shell.json(&summary.results);
        } else if summary.results.is_empty() {
            shell.status("The merge queue is empty");
        }
        Ok(if summary.has_failures() {
            Class::Failed.into()
        } else {
            ExitStatus::OK
        })
    }
}

/// What became of a merge request is data; how it came to that is not.
fn show(report: &Report, shell: &Shell) {
    match report {
        Report::Failed { hint, .. } => {
            let hint = hint.as_deref().map(|hint| format!("; {hint}"));
            shell.warn(&format!("{report}{}", hint.unwrap_or_default()));
        }
        Report::Unreadable { problem, remedy } => shell.warn(&format!("{problem}; {remedy}")),
        report if !report.is_result() => shell.status(&report.to_string()),
        report if !shell.is_json() => {
            shell.line(&report.to_string());
            shell.flush();
        }
        _ => {}
    }
}

fn status(town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let pending = refinery::pending(town)?;
    let now = town.now().timestamp();
    let mut lines = Vec::new();
    for (at, request) in pending.requests.iter().enumerate() {
        let view = MergeRequestView::new(&request.bead, now).at(at + 1);
        lines.push(match refinery::waits(town, request)? {
            Some(reason) => view.waiting_for(reason),
            None => view,
        });
    }
    shell.show(&QueueView(lines));
    for leftover in refinery::leftovers(town)? {
        shell.status(&format!(
            "{} has landed and goes with the next run, if nothing uncommitted is in its worktree",
            leftover.branch
        ));
    }
    Ok(report(shell, &pending.problems))
}
