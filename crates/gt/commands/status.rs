//! `gt status`: where everything stands, and what would help.

use super::report;
use clap::Args;
use cli::views::View;
use cli::{CommandError, ExitStatus, Look, Shell, visible_line};
use serde::Serialize;
use std::fmt::Write;
use town::Town;
use watcher::{State, Verdict, status};

/// Show the watcher, every hook with what its agent does or waits for, and the merge queue
#[derive(Args)]
pub(crate) struct Arguments {}

#[derive(Serialize)]
struct StatusView {
    watcher: Option<WatcherView>,
    running: usize,
    limit: usize,
    agents: Vec<AgentView>,
    queue: Vec<QueueView>,
}

#[derive(Serialize)]
struct WatcherView {
    pid: u32,
    since: String,
    stopping: bool,
}

#[derive(Serialize)]
struct AgentView {
    agent: String,
    state: State,
    bead: Option<String>,
    attempt: Option<u32>,
    pid: Option<u32>,
    why: Option<String>,
    remedy: Option<String>,
}

#[derive(Serialize)]
struct QueueView {
    merge_request: String,
    bead: String,
    target: String,
    why: Option<String>,
}

pub(crate) fn run(_: &Arguments, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let status = status::look(town)?;
    let agent = |verdict: &Verdict| AgentView {
        agent: verdict.agent.to_string(),
        state: verdict.state,
        bead: verdict.bead.as_ref().map(ToString::to_string),
        attempt: verdict.attempt,
        pid: status.processes.get(&verdict.agent).copied(),
        why: verdict.why.clone(),
        remedy: verdict.remedy.clone(),
    };
    let view = StatusView {
        watcher: status.watcher.as_ref().map(|holder| WatcherView {
            pid: holder.process.pid,
            since: holder.since.clone(),
            stopping: holder.is_stopping,
        }),
        running: status.running,
        limit: status.limit,
        agents: status.agents.iter().map(agent).collect(),
        queue: status
            .queue
            .iter()
            .map(|(request, why)| QueueView {
                merge_request: request.bead.id.to_string(),
                bead: request.merge.source.to_string(),
                target: request.merge.target.clone(),
                why: why.clone(),
            })
            .collect(),
    };
    shell.show(&view);
    Ok(report(shell, &status.problems))
}

impl View for StatusView {
    fn text(&self, look: &Look) -> String {
        let mut text = match &self.watcher {
            Some(it) if it.stopping => format!(
                "Watcher: stopping (pid {}), once it has ended what it has begun\n",
                it.pid
            ),
            Some(it) => format!("Watcher: running since {} (pid {})\n", it.since, it.pid),
            None => "Watcher: not running; `gt up` starts it\n".to_owned(),
        };
        let (running, limit) = (self.running, self.limit);
        text.push_str(&format!("Workers: {running} of {limit} run\n"));
        let widest = |of: fn(&AgentView) -> usize| self.agents.iter().map(of).max();
        let agent = widest(|it| it.agent.len()).unwrap_or_default();
        let state = widest(|it| it.word().len()).unwrap_or_default();
        for it in &self.agents {
            text.push_str(&it.text(look, agent, state));
        }
        for entry in &self.queue {
            text.push_str(&entry.text());
        }
        text
    }
}

impl AgentView {
    /// With its first columns as wide as the widest of all.
    fn text(&self, look: &Look, agent: usize, state: usize) -> String {
        let bead = self.bead.as_deref().unwrap_or("-");
        let mut text = format!("{:agent$}  {:state$}  {bead}", self.agent, self.word());
        // Writing to a String cannot fail.
        let _ = match self.pid {
            Some(pid) => writeln!(text, "  (pid {pid})"),
            None => writeln!(text),
        };
        if let Some(why) = &self.why {
            let _ = writeln!(text, "    {}", visible_line(why));
        }
        if let Some(remedy) = &self.remedy {
            let _ = writeln!(text, "    {}", look.faint(&visible_line(remedy)));
        }
        text
    }

    fn word(&self) -> String {
        self.state.as_str().replace('_', " ")
    }
}

impl QueueView {
    fn text(&self) -> String {
        let why = self
            .why
            .as_deref()
            .unwrap_or("the refinery has not looked at it yet");
        format!(
            "{}  to be merged into {}\n    {}\n",
            self.merge_request,
            visible_line(&self.target),
            visible_line(why)
        )
    }
}
