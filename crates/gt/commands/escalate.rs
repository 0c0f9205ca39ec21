//! `gt escalate`: asking somebody to decide, and answering.

use super::report;
use super::view::WorkerView;
use clap::{Args, Subcommand};
use cli::{CommandError, ExitStatus, Shell, time::age, visible_line};
use serde::Serialize;
use town::Town;
use town::escalation::{self, Entry, Escalation, Record, Severity};

/// Ask somebody to decide before a bead goes on, or answer
///
/// The bead is escalated and its hook parked; its worktree stays as it is. By
/// severity the mayor and the overseer get mail, and the user's own
/// notification command runs.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The bead whose work cannot go on
    #[arg(required = true)]
    bead: Option<String>,
    /// What has to be decided
    #[arg(short, long, value_name = "WHY", required = true)]
    message: Option<String>,
    /// critical, high, medium or low
    ///
    /// critical and high: mail to mayor and overseer, and the notification;
    /// medium: the mail; low: mail to the mayor.
    #[arg(long, default_value_t)]
    severity: Severity,
}

#[derive(Subcommand)]
enum Command {
    /// List what waits for an answer
    List {
        /// Those that were answered, too
        #[arg(long)]
        all: bool,
    },
    /// Say that you have seen it
    Ack {
        /// The escalated bead
        bead: String,
    },
    /// Answer: the agent goes on where it was
    Resolve {
        /// The escalated bead
        bead: String,
        /// The answer: a comment on the bead, which the agent reads
        #[arg(short, long, value_name = "ANSWER")]
        message: Option<String>,
    },
}

#[derive(Debug, Serialize)]
struct EntryView {
    bead: String,
    title: String,
    status: String,
    agent: Option<String>,
    severity: String,
    reason: String,
    by: String,
    at: String,
    acked_by: Option<String>,
    resolved_by: Option<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    match &arguments.command {
        None => escalate(arguments, town, shell),
        Some(Command::List { all }) => list(*all, town, shell),
        Some(Command::Ack { bead }) => acknowledge(bead, town, shell),
        Some(Command::Resolve { bead, message }) => resolve(bead, message.as_deref(), town, shell),
    }
}

fn escalate(arguments: &Arguments, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let id = town
        .store
        .resolve_exact(arguments.bead.as_deref().unwrap_or_default())?;
    let escalation = Escalation {
        by: town.actor.name().to_owned(),
        severity: arguments.severity,
        reason: arguments.message.clone().unwrap_or_default(),
        fence: None,
    };
    let done = escalation::escalate(town, &id, &escalation)?;
    let told: Vec<String> = done.told.iter().map(ToString::to_string).collect();
    let value = serde_json::json!({
        "bead": id.to_string(), "status": done.bead.status.as_str(),
        "agent": done.agent.to_string(), "severity": arguments.severity.as_str(),
        "told": told, "stopped": done.stopped,
    });
    let mail = match told.as_slice() {
        [] => "whoever decides has mail already".to_owned(),
        told => format!("mail to {}", told.join(" and ")),
    };
    let line = format!(
        "Escalated {id}: the hook of {} is parked; {mail}",
        done.agent
    );
    shell.answer(&value, &line);
    Ok(ExitStatus::OK)
}

fn list(all: bool, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let (entries, problems) = escalation::list(town, all)?;
    if shell.is_json() {
        shell.json(&entries.iter().map(EntryView::new).collect::<Vec<_>>());
    } else if entries.is_empty() {
        shell.line("Nothing is escalated");
    } else {
        let rows: Vec<[String; 4]> = entries.iter().map(|entry| row(town, entry)).collect();
        let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max();
        let widths = [0, 1, 2, 3].map(|at| width(at).unwrap_or_default());
        for (entry, row) in entries.iter().zip(&rows) {
            let cells = row.iter().zip(widths);
            let line: String = cells
                .map(|(cell, width)| format!("{cell:width$}  "))
                .collect();
            shell.line(&format!("{line}{}", visible_line(&entry.bead.title)));
            // It may go on with the end of a log, which the bead's comment has.
            let reason = entry.record.reason.lines().next().unwrap_or_default();
            shell.line(&format!("    {}", visible_line(reason)));
        }
    }
    Ok(report(shell, &problems))
}

/// How urgent, which bead, where it stands, and since when.
fn row(town: &Town, entry: &Entry) -> [String; 4] {
    [
        entry.record.severity.to_string(),
        entry.bead.id.to_string(),
        standing(entry),
        age(&entry.record.at, town.now().timestamp()),
    ]
}

fn standing(entry: &Entry) -> String {
    let Record {
        acknowledged_by,
        resolved_by,
        ..
    } = &entry.record;
    let by = |what: &str, who: &String| format!("{what} by {}", visible_line(who));
    match (resolved_by, acknowledged_by) {
        (Some(who), _) => by("resolved", who),
        (None, _) if entry.bead.status != model::Status::Escalated => entry.bead.status.to_string(),
        (None, Some(who)) => by("seen", who),
        (None, None) => "waits".to_owned(),
    }
}

fn acknowledge(bead: &str, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let id = town.store.resolve_exact(bead)?;
    let done = escalation::acknowledge(town, &id)?;
    let by = done.record.acknowledged_by.unwrap_or_default();
    let value =
        serde_json::json!({"bead": id.to_string(), "acked_by": by, "changed": done.changed});
    let line = match done.changed {
        true => format!("Acknowledged {id}"),
        false => format!("{id} was seen by {} before", visible_line(&by)),
    };
    shell.answer(&value, &line);
    Ok(ExitStatus::OK)
}

fn resolve(
    bead: &str,
    answer: Option<&str>,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let id = town.store.resolve_exact(bead)?;
    let resumed = escalation::resolve(town, &id, answer)?;
    let worker = resumed.worker.as_ref().map(WorkerView::from);
    let state = worker
        .as_ref()
        .map_or("it is theirs to go on", |worker| worker.state.as_str());
    let line = format!("Resolved {id}, on the hook of {}: {state}", resumed.agent);
    let value = serde_json::json!({
        "bead": id.to_string(), "agent": resumed.agent.to_string(),
        "status": resumed.bead.status.as_str(), "worker": worker,
    });
    shell.answer(&value, &line);
    Ok(ExitStatus::OK)
}

impl EntryView {
    fn new(entry: &Entry) -> Self {
        let (bead, record) = (&entry.bead, &entry.record);
        Self {
            bead: bead.id.to_string(),
            title: bead.title.clone(),
            status: bead.status.to_string(),
            agent: bead.assignee.clone(),
            severity: record.severity.to_string(),
            reason: record.reason.clone(),
            by: record.by.clone(),
            at: record.at.to_string(),
            acked_by: record.acknowledged_by.clone(),
            resolved_by: record.resolved_by.clone(),
        }
    }
}
