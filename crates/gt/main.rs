//! `gt`: hands beads to agents, and shows what became of them.
//!
//! Reads the command line, makes one call into the operations, and shows one
//! view. It decides nothing itself.

mod commands;
mod open;

use clap::{Parser, Subcommand};
use cli::{CommandError, ExitStatus, GlobalArgs, Shell};
use open::Opener;
use std::process::ExitCode;

/// Hand work to coding agents, with nothing but plain files and git.
#[derive(Parser)]
#[command(name = "gt", version, subcommand_required = true)]
#[command(arg_required_else_help = true)]
struct Arguments {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Convoy(commands::convoy::Arguments),
    Mail(commands::mail::Arguments),
}

impl AsRef<GlobalArgs> for Arguments {
    fn as_ref(&self) -> &GlobalArgs {
        &self.global
    }
}

fn main() -> ExitCode {
    cli::run(run)
}

fn run(arguments: Arguments, shell: &Shell) -> Result<ExitStatus, CommandError> {
    let opener = Opener::new(&arguments.global)?;
    match arguments.command {
        Command::Convoy(arguments) => commands::convoy::run(&arguments, &opener.town()?, shell),
        Command::Mail(arguments) => commands::mail::run(&arguments, &opener.town()?, shell),
    }
}
