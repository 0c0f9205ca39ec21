//! `gt done`: the four ways for an agent to end.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use model::Exit;
use town::Town;
use town::done::{self, Ended, Request};
use town::escalation::Severity;

/// End the work on your hook, in one of four ways
///
/// Without a flag the work is COMPLETED: your commits are pushed if there is a
/// remote, and a merge request is filed with them. Nothing may be uncommitted.
#[derive(Args)]
pub(crate) struct Arguments {
    /// ESCALATED: somebody has to decide something; say what with -m
    #[arg(long, group = "exit")]
    escalate: bool,
    /// DEFERRED: the work is put down; whoever gets it next continues on its branch
    #[arg(long, group = "exit")]
    defer: bool,
    /// PHASE_COMPLETE: this phase is done; the next one starts when a gate opens
    #[arg(long, group = "exit")]
    phase: bool,
    /// One of COMPLETED, ESCALATED, DEFERRED, PHASE_COMPLETE
    #[arg(long, value_name = "NAME", group = "exit")]
    status: Option<Exit>,
    /// There is nothing to merge: close the bead
    #[arg(long)]
    no_mr: bool,
    /// Commit what is uncommitted first
    #[arg(short = 'a', long)]
    all: bool,
    /// Why, or what whoever comes next should know
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,
    /// How urgent an escalation is: critical, high, medium or low; high where none is said
    #[arg(long, value_name = "SEVERITY")]
    severity: Option<Severity>,
    /// What the next phase waits for; without one a gate that a person opens
    #[arg(long, value_name = "ID")]
    gate: Option<String>,
}

impl Arguments {
    fn exit(&self) -> Exit {
        match self {
            Self {
                status: Some(exit), ..
            } => *exit,
            Self { escalate: true, .. } => Exit::Escalated,
            Self { defer: true, .. } => Exit::Deferred,
            Self { phase: true, .. } => Exit::PhaseComplete,
            _ => Exit::Completed,
        }
    }
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let gate = arguments
        .gate
        .as_deref()
        .map(|text| town.store.resolve_exact(text))
        .transpose()?;
    let ended = done::done(
        town,
        &Request {
            exit: arguments.exit(),
            no_mr: arguments.no_mr,
            commit_all: arguments.all,
            message: arguments.message.clone(),
            gate,
            severity: arguments.severity,
        },
    )?;
    let value = serde_json::json!({
        "bead": ended.bead.id.to_string(),
        "exit": ended.exit.to_string(),
        "status": ended.bead.status.as_str(),
        "merge_request": ended.merge_request.as_ref().map(ToString::to_string),
        "branch": ended.branch,
        "pushed_to": ended.pushed_to,
        "gate": ended.gate.as_ref().map(ToString::to_string),
    });
    shell.answer(
        &value,
        &format!("{} {}: {}", ended.exit, ended.bead.id, told(&ended)),
    );
    shell.flush();
    // The work has ended all the same, so this is no failure of the command.
    if let Err(error) = town::relief::dismiss(town, &ended.agent) {
        shell.warn(&format!("your session does not end by itself: {error}"));
    }
    Ok(ExitStatus::OK)
}

fn told(ended: &Ended) -> String {
    let branch = ended.branch.as_deref().unwrap_or("no branch");
    match (&ended.exit, &ended.merge_request, &ended.gate) {
        (Exit::Completed, Some(mr), _) => {
            let pushed = ended
                .pushed_to
                .as_ref()
                .map(|remote| format!(", pushed to {remote}"))
                .unwrap_or_default();
            format!("merge request {mr} is filed for {branch}{pushed}; the refinery lands it")
        }
        (Exit::Completed, None, _) => "closed, nothing to merge".to_owned(),
        (Exit::Escalated, ..) => {
            "those who decide have mail; stop here, you go on when it is answered".to_owned()
        }
        (Exit::Deferred, ..) => format!("put down; the work is kept on {branch}"),
        (Exit::PhaseComplete, _, gate) => {
            let gate = gate.as_ref().map_or_else(String::new, ToString::to_string);
            format!(
                "the next phase waits for {gate}; if that is a gate, `gt resume {}` opens it",
                ended.bead.id
            )
        }
    }
}
