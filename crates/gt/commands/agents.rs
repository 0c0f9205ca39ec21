//! `gt agents`: who has work, and whether they are at it.

use super::report;
use clap::Args;
use cli::views::View;
use cli::{CommandError, ExitStatus, Look, Shell, visible_line};
use serde::Serialize;
use town::Town;
use town::agents::{self, Agent};

/// List the agents that have work, and what they are doing
#[derive(Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let roster = agents::list(town)?;
    let now = town.now().timestamp();
    let view = |agent: &Agent| AgentView {
        agent: agent.address.to_string(),
        role: agent.address.role(),
        state: agent.state.as_str(),
        bead: agent.bead.to_string(),
        title: agent.title.clone(),
        attempt: agent.attempt,
        since: agent.since.to_string(),
        age: cli::time::age(&agent.since, now),
    };
    shell.show(&AgentsView(roster.agents.iter().map(view).collect()));
    Ok(report(shell, &roster.problems))
}

/// The agents; an array as JSON.
#[derive(Serialize)]
#[serde(transparent)]
struct AgentsView(Vec<AgentView>);

#[derive(Serialize)]
struct AgentView {
    agent: String,
    role: &'static str,
    state: &'static str,
    bead: String,
    title: Option<String>,
    attempt: u32,
    since: String,
    #[serde(skip)]
    age: String,
}

impl View for AgentsView {
    fn text(&self, look: &Look) -> String {
        if self.0.is_empty() {
            return "No agent has work\n".to_owned();
        }
        let widest = |of: fn(&AgentView) -> usize| self.0.iter().map(of).max().unwrap_or(0);
        let agent = widest(|it| it.agent.len());
        let state = widest(|it| it.state.len());
        let bead = widest(|it| it.bead.len());
        let line = |it: &AgentView| {
            let title = visible_line(it.title.as_deref().unwrap_or_default());
            format!(
                "{:agent$}  {:state$}  {:bead$}  {title}  {}\n",
                it.agent,
                it.state,
                it.bead,
                look.faint(&it.age)
            )
        };
        self.0.iter().map(line).collect()
    }
}
