//! `gt polecat`: the workers of this repository.

use super::view::WorkerView;
use clap::{Args, Subcommand};
use cli::{CommandError, ExitStatus, Shell, visible_line};
use serde::Serialize;
use town::Town;
use town::polecat::{self, Polecat};

/// Show the workers and their worktrees
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List all of them
    List,
    /// Show one of them, with the end of its log
    Status(Status),
}

#[derive(Args)]
struct Status {
    /// Its name or address
    name: String,
}

#[derive(Debug, Serialize)]
struct PolecatView {
    agent: String,
    state: String,
    bead: Option<String>,
    title: Option<String>,
    attempt: Option<u32>,
    branch: Option<String>,
    worktree: Option<String>,
    worker: Option<WorkerView>,
    next: Option<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    match &arguments.command {
        Command::List => {
            let views: Vec<PolecatView> =
                polecat::list(town)?.iter().map(PolecatView::new).collect();
            if shell.is_json() {
                shell.json(&views);
            } else if views.is_empty() {
                shell.line("No polecats");
            }
            views
                .iter()
                .filter(|_| !shell.is_json())
                .for_each(|view| shell.line(&view.line()));
        }
        Command::Status(status) => {
            let one = polecat::find(town, &status.name)?;
            let view = PolecatView::new(&one);
            if shell.is_json() {
                shell.json(&view);
            } else {
                shell.out(&view.text());
                shell.out(&super::view::rows(&one.log_tail(20)));
            }
        }
    }
    Ok(ExitStatus::OK)
}

impl PolecatView {
    fn new(it: &Polecat) -> Self {
        Self {
            agent: it.agent.to_string(),
            state: it.state.to_string(),
            bead: it.bead.as_ref().map(|bead| bead.id.to_string()),
            title: it.bead.as_ref().map(|bead| bead.title.clone()),
            attempt: it.bead.as_ref().map(|bead| bead.attempt),
            branch: it.branch.clone(),
            worktree: it.worktree.as_ref().map(|path| path.display().to_string()),
            worker: it
                .session
                .as_ref()
                .map(|session| WorkerView::of(session, &it.state.to_string())),
            next: it.next(),
        }
    }

    fn line(&self) -> String {
        let bead = self.bead.as_deref().unwrap_or("-");
        let title = self.title.as_deref().unwrap_or("");
        let next = self
            .next
            .as_ref()
            .map(|next| format!("  ({next})"))
            .unwrap_or_default();
        format!(
            "{:<28} {:<9} {bead:<12} {}{next}",
            self.agent,
            self.state,
            visible_line(title)
        )
    }

    fn text(&self) -> String {
        let mut out = format!("{}: {}\n", self.agent, self.state);
        let mut row = |name: &str, value: &str| {
            out.push_str(&format!("  {name:<9} {}\n", visible_line(value)))
        };
        let bead = self
            .bead
            .as_ref()
            .map(|bead| format!("{bead}: {}", self.title.as_deref().unwrap_or("")));
        let log = self.worker.as_ref().and_then(|worker| worker.log.clone());
        for (name, value) in [
            ("bead", &bead),
            ("branch", &self.branch),
            ("worktree", &self.worktree),
            ("next", &self.next),
            ("log", &log),
        ] {
            value.iter().for_each(|value| row(name, value));
        }
        out
    }
}
