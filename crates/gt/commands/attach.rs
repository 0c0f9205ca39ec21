//! `gt attach`: a worker's terminal.

use clap::Args;
use cli::{CommandError, ExitStatus, Shell};
use model::text::shell_word;
use std::io::IsTerminal;
use town::{Town, attach, polecat};

/// Show a worker's terminal, to look and to type
///
/// `Ctrl-b d` leaves it; the worker goes on. Where standard output is no
/// terminal, the command that would show it is printed instead, with exit
/// status 0.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A worker's name or address, or the bead on its hook
    #[arg(value_name = "AGENT")]
    what: String,
    /// Only look: nothing you type reaches the worker
    #[arg(short, long)]
    read_only: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    let agent = polecat::agent_of(town, &arguments.what)?;
    let window = attach::window(town, &agent, arguments.read_only)?;
    if !shell.is_json() && std::io::stdout().is_terminal() {
        let Err(error) = window.show(town);
        return Err(error.into());
    }
    let words = window
        .command
        .iter()
        .map(|it| shell_word(&it.to_string_lossy()));
    let words: Vec<String> = words.collect();
    let value = serde_json::json!({
        "agent": window.agent.to_string(),
        "command": window.command.iter().map(|it| it.to_string_lossy()).collect::<Vec<_>>(),
    });
    shell.answer(&value, &words.join(" "));
    Ok(ExitStatus::OK)
}
