//! `gt unsling` and `gt release`: taking work away from whoever has it.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use town::life::Changed;
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
    tell(&release::unsling(town, &id)?, shell);
    Ok(ExitStatus::OK)
}

pub(crate) fn release(
    arguments: &Release,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    for text in &arguments.beads {
        let id = town.store.resolve_exact(text)?;
        tell(&release::release(town, &id)?, shell);
    }
    Ok(ExitStatus::OK)
}

fn tell(changed: &Changed, shell: &Shell) {
    let bead = &changed.bead;
    let from = changed.orphan.as_ref().map(ToString::to_string);
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
    if let Some(branch) = &bead.branch {
        shell.status(&format!(
            "its work so far is kept on {branch}; whoever gets it next continues there"
        ));
    }
}
