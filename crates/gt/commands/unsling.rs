//! `gt unsling` and `gt release`: taking work away from whoever has it.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use town::life::Changed;
use town::release::Released;
use town::work::Outlived;
use town::{Town, release};

/// Take a bead off the hook it is on
///
/// The bead is open again; its worker is asked to stop, and killed after a
/// grace time. Its worktree and branch are kept. Where git has brought a bead that
/// went on without the work here, only this clone's hook is cleared, and the bead
/// stays as it is.
#[derive(Args)]
pub(crate) struct Unsling {
    /// The bead; the one on your own hook if none is named
    bead: Option<String>,
}

/// Give beads back: from a hook, or where they were put down
///
/// Each is open again; its worker is asked to stop, and killed after a grace time.
/// Its worktree and branch are kept. Where git has brought a bead that went on
/// without the work here, only this clone's hook is cleared, and the bead stays as
/// it is.
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
        tell(&release::release_named(town, text)?, town, shell);
    }
    Ok(ExitStatus::OK)
}

fn tell(released: &Released, town: &Town, shell: &Shell) {
    match released {
        Released::Bead(changed) => tell_bead(changed, town, shell),
        Released::Hook(outlived) => tell_hook(outlived, shell),
    }
}

fn tell_hook(outlived: &Outlived, shell: &Shell) {
    let (bead, agent) = (&outlived.bead, &outlived.agent);
    let status = outlived.says.as_ref().map(|(status, _)| status.as_str());
    let value = serde_json::json!({
        "bead": bead.to_string(), "status": status, "released_from": agent.to_string(),
    });
    let rest = match &outlived.says {
        None => ": there is no such bead".to_owned(),
        Some((status, attempt)) => format!("; it stays {status}, at attempt {attempt}"),
    };
    shell.answer(
        &value,
        &format!("Took {bead} off the hook of {agent}{rest}"),
    );
}

fn tell_bead(changed: &Changed, town: &Town, shell: &Shell) {
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
