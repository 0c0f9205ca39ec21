//! `gt prime`: what an agent needs to know when it starts.

use super::hook_call::{Ask, HookCall};
use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use town::Town;
use town::prime::{self, Orders, Prime};

pub(super) mod hook;
mod text;

/// Print who you are and what is on your hook
///
/// Run by the hook's own agent it picks the work up; anybody else's call
/// changes nothing.
#[derive(Args)]
pub(crate) struct Arguments {
    /// As the session-start hook of a runtime: read what it says of the session
    /// from standard input, answer in its form, and never fail
    #[arg(long, value_name = "RUNTIME", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "claude", value_parser = agent::hooks::RUNTIMES)]
    hook: Option<String>,
}

impl Arguments {
    /// The call of a runtime, if it is one.
    pub(crate) fn hook_call(&self) -> Option<HookCall> {
        HookCall::new(Ask::Prime, self.hook.as_deref()?)
    }
}

pub(crate) fn run(_: &Arguments, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
    hook::warn_unless_noted(shell, town::runtime_hooks::note_by_environment(town));
    let prime = prime::prime(town)?;
    if shell.is_json() {
        shell.json(&json(&prime));
    } else {
        shell.out(&text::whole(&prime, usize::MAX));
    }
    Ok(ExitStatus::OK)
}

fn json(prime: &Prime) -> serde_json::Value {
    let (state, on) = match &prime.orders {
        Orders::Work { on, .. } => ("work", Some(on)),
        Orders::Parked(on) => ("parked", Some(on)),
        Orders::NoTicket(on) => ("no_ticket", Some(on)),
        Orders::Mail(_) => ("mail", None),
        Orders::Wait => ("wait", None),
    };
    let hook = on.and_then(|on| on.hook.as_ref());
    let mail: Vec<_> = match &prime.orders {
        Orders::Mail(letters) | Orders::Work { mail: letters, .. } => letters.iter().map(|it| serde_json::json!({ "id": it.id, "from": it.mail.from, "subject": it.mail.subject })).collect(),
        _ => Vec::new(),
    };
    let note = match &prime.orders {
        Orders::Work { note, .. } => note.as_deref().map(town::handoff::text),
        _ => None,
    };
    serde_json::json!({
        "agent": prime.name,
        "state": state,
        "bead": hook.map(|hook| hook.bead.to_string()),
        "title": hook.map(|hook| &hook.title),
        "attempt": hook.map(|hook| hook.attempt),
        "branch": hook.and_then(|hook| hook.branch.as_ref()),
        "instructions": hook.and_then(|hook| hook.instructions.as_ref()),
        "step": hook.and_then(|hook| hook.step.as_ref()),
        "handoff": note,
        "mail": mail,
    })
}
