//! `gt unsling` and `gt release`: taking work away from whoever has it.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use model::Address;
use town::life::Changed;
use town::release::Released;
use town::{Town, release};

/// Take a bead off the hook it is on
///
/// The bead is open again; its worker is asked to stop, and killed after a
/// grace time. Its worktree and branch are kept.
#[derive(Args)]
pub(crate) struct Unsling {
    /// The bead; the one on your own hook if none is named
    bead: Option<String>,
}

/// Give beads back: from a hook, or where they were put down
#[derive(Args)]
pub(crate) struct Release {
    /// The beads
    #[arg(required = true)]
    beads: Vec<String>,
}

pub(crate) fn unsling(
    arguments: &Unsling,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let id = match &arguments.bead {
        Some(text) => town.store.resolve_exact(text)?,
        None => release::own_bead(town)?,
    };
    tell(&release::unsling(town, &id)?, town, shell);
    Ok(ExitStatus::OK)
}

pub(crate) fn release(
    arguments: &Release,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    for text in &arguments.beads {
        match release::release_named(town, text)? {
            Released::Bead(changed) => tell(&changed, town, shell),
            Released::Hook(agent) => tell_lost(text, &agent, shell),
        }
    }
    Ok(ExitStatus::OK)
}

fn tell_lost(bead: &str, agent: &Address, shell: &Shell) {
    let value =
        serde_json::json!({ "bead": bead, "status": null, "released_from": agent.to_string() });
    shell.answer(
        &value,
        &format!("Took {bead} off the hook of {agent}: there is no such bead"),
    );
}

fn tell(changed: &Changed, town: &Town, shell: &Shell) {
    let bead = &changed.bead;
    let from = changed.loser.as_ref().map(ToString::to_string);
    let value = serde_json::json!({
        "bead": bead.id.to_string(), "status": bead.status.as_str(), "released_from": from, "branch": bead.branch,
    });
    let holder = from
        .map(|agent| format!(" from {agent}"))
        .unwrap_or_default();
    shell.answer(
        &value,
        &format!("Released {}{holder}: it is {}", bead.id, bead.status),
    );
    if let Some(branch) = release::kept_branch(town, bead) {
        shell.status(&format!(
            "its work so far is kept on {branch}; whoever gets it next continues there"
        ));
    }
}
