//! Asking a person, who has to be there.

use cli::{CommandError, Shell};
use std::io::{BufRead, IsTerminal};

/// Whether to go on: `yes` was said on the command line, or is said now. On
/// anything but a terminal nobody can be asked, and nothing counts as a yes.
pub(crate) fn confirm(question: &str, yes: bool, shell: &Shell) -> Result<bool, CommandError> {
    if yes {
        return Ok(true);
    }
    if shell.is_json() || !std::io::stdin().is_terminal() {
        return Err(CommandError::refused("nobody is there to be asked")
            .with_hint("look at it, then repeat the command with --yes"));
    }
    shell.status(&format!("{question} [y/N]"));
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| CommandError::environment(format!("cannot read the answer: {error}")))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
