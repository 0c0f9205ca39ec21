//! `gt nudge`: saying something to a worker.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell, input};
use std::path::Path;
use town::nudge::Nudged;
use town::{Town, nudge, polecat};

/// Say something to a worker while it works
///
/// In tmux it is typed into the worker's terminal, as text and with Enter at
/// the end. A worker without a terminal has it in its inbox, which `gt prime`
/// and the hooks of its runtime show.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A worker's name or address, or the bead on its hook
    #[arg(value_name = "AGENT")]
    what: String,
    /// What to say; `-` reads it from standard input
    #[arg(required = true, value_name = "TEXT")]
    text: Vec<String>,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let agent = polecat::agent_of(town, &arguments.what)?;
    let text = match arguments.text.as_slice() {
        [only] if only == "-" => input::read_text(Path::new("-"))?,
        words => words.join(" "),
    };
    let nudged = nudge::nudge(town, &agent, &text)?;
    let (how, mail, line) = match nudged {
        Nudged::Typed => ("typed", None, format!("Typed into the terminal of {agent}")),
        Nudged::Mailed { id, runs } => {
            let why = if runs {
                "has no terminal"
            } else {
                "does not run"
            };
            let line = format!("{agent} {why}: it has mail ({id}), which `gt prime` shows it");
            ("mailed", Some(id), line)
        }
    };
    let value = serde_json::json!({ "agent": agent.to_string(), "how": how, "mail": mail });
    shell.answer(&value, &line);
    Ok(ExitStatus::OK)
}
