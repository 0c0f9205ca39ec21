//! `gt hook`: what is on a hook, and putting a bead on one's own.

mod accept;

use clap::{Args, Subcommand};
use cli::views::HookView;
use cli::{CommandError, ExitStatus, Shell, visible_line};
use model::Address;
use town::{Town, hooking};

/// Show what is on your hook, or put a bead on it
///
/// Putting a bead on it notes the worktree and branch the command runs in:
/// `gt done` expects to be run there.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The bead to put on your hook
    bead: Option<String>,
    /// Show this agent's hook instead of your own
    #[arg(long, value_name = "ADDRESS", conflicts_with = "bead")]
    of: Option<Address>,
    /// What to remember about how to do it
    #[arg(long, value_name = "TEXT", requires = "bead")]
    args: Option<String>,
    /// Also a bead that is blocked, deferred, or somebody else's
    #[arg(short, long, requires = "bead")]
    force: bool,
}

#[derive(Subcommand)]
enum Command {
    Accept(accept::Arguments),
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    if let Some(Command::Accept(arguments)) = &arguments.command {
        return accept::run(arguments, town, shell);
    }
    match &arguments.bead {
        Some(text) => take(arguments, text, town, shell),
        None => {
            let agent = arguments
                .of
                .clone()
                .map_or_else(|| hooking::own_address(town), Ok)?;
            show(town, &agent, shell)
        }
    }
}

fn take(
    arguments: &Arguments,
    text: &str,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let id = town.store.resolve_exact(text)?;
    let hooked = hooking::take(town, &id, arguments.force, arguments.args.clone())?;
    let what = if hooked.changed {
        "Hooked"
    } else {
        "On your hook already:"
    };
    let value = serde_json::json!({
        "bead": hooked.bead.id.to_string(), "agent": hooked.agent.to_string(), "attempt": hooked.bead.attempt,
        "branch": hooked.branch, "changed": hooked.changed,
    });
    shell.answer(
        &value,
        &format!(
            "{what} {}: {}",
            hooked.bead.id,
            visible_line(&hooked.bead.title)
        ),
    );
    if hooked.on_target {
        let branch = hooked.branch.unwrap_or_default();
        shell.status(&format!(
            "note: you are on {branch}, which work lands on; for a merge request `gt unsling`, `git switch -c {id}` and hook it there"
        ));
    } else if hooked.changed {
        shell.status("begin; when it is done: commit, then `gt done`");
    }
    Ok(ExitStatus::OK)
}

fn show(town: &Town, agent: &Address, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let on = hooking::look(town, agent)?;
    let mut view = on
        .hook
        .as_ref()
        .map_or_else(|| HookView::empty(agent), HookView::new);
    match (&on.hook, &on.ticket) {
        _ if on.is_changed => view = view.with_note("it was changed since it was slung: what was slung counts, and nothing is started for it"),
        (Some(_), None) => view = view.with_note("this clone has no ticket for it: it came by git or by hand, and nothing runs for it here before `gt hook accept`"),
        (None, Some(ticket)) => {
            view = view.with_note(format!("its file is gone, but its ticket for {} stands: `gt doctor --fix` restores it", ticket.bead));
        }
        _ => {}
    }
    if on.hook.is_some() && on.bead.is_none() {
        view = view.with_note("its bead is not there");
    }
    shell.show(&view);
    Ok(ExitStatus::OK)
}
