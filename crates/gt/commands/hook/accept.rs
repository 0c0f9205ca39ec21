//! `gt hook accept`: a hook that came by git or by hand, shown and accepted.

use crate::commands::confirm::confirm;
use clap::Args;
use cli::views::HookView;
use cli::{CommandError, ExitStatus, Shell, visible_line};
use model::Address;
use serde_json::json;
use town::accept::{self, Offered, Standing};
use town::{Town, hooking};

/// Accept a hook that came by git or by hand, so that it may run here
///
/// It becomes a new attempt of this clone. Nothing is started: `gt sling` does
/// that, or the watcher.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Whose hook; your own, if not given
    agent: Option<Address>,
    /// Accept without asking, after showing it
    #[arg(short, long)]
    yes: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let agent = match &arguments.agent {
        Some(agent) => agent.clone(),
        None => hooking::own_address(town)?,
    };
    match accept::look(town, &agent)? {
        Standing::Ours(hook) => {
            let value = json!({ "agent": agent.to_string(), "bead": hook.bead.to_string(), "changed": false });
            shell.answer(
                &value,
                &format!("{} was slung here: there is nothing to accept", hook.bead),
            );
            Ok(ExitStatus::OK)
        }
        Standing::Offered(offered) => decide(arguments, &offered, town, shell),
    }
}

fn decide(
    arguments: &Arguments,
    offered: &Offered,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    if !shell.is_json() {
        let note = match &offered.runtime {
            Some(name) => format!("its worker would be `{name}`, and be told the instructions"),
            None => "nobody is started for it".to_owned(),
        };
        shell.show(&HookView::new(&offered.hook).with_note(note));
        shell.flush();
    }
    let agent = &offered.hook.agent;
    let question = format!("Let it run here, as a new attempt at {}?", offered.bead.id);
    if !confirm(&question, arguments.yes, shell)? {
        shell.line("Not accepted: nothing runs for it");
        return Ok(ExitStatus::OK);
    }
    let slung = accept::accept(town, offered)?;
    let bead = &slung.bead;
    let value = json!({
        "agent": agent.to_string(), "bead": bead.id.to_string(), "attempt": bead.attempt,
        "branch": slung.place.as_ref().map(|place| place.branch.clone()), "changed": true,
    });
    let line = format!(
        "Accepted {}: {} (attempt {})",
        bead.id,
        visible_line(&bead.title),
        bead.attempt
    );
    shell.answer(&value, &line);
    if agent.is_spawned() {
        let id = &bead.id;
        shell.status(&format!(
            "`gt sling {id} {agent}` starts it, or the watcher"
        ));
    }
    Ok(ExitStatus::OK)
}
