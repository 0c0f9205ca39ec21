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
    Agents(commands::agents::Arguments),
    Convoy(commands::convoy::Arguments),
    Mail(commands::mail::Arguments),
    Mq(commands::mq::Arguments),
    Ready(commands::ready::Arguments),
    Show(commands::show::Arguments),
    Refinery(commands::refinery::Arguments),
    Sling(commands::sling::Arguments),
    Hook(commands::hook::Arguments),
    Unsling(commands::unsling::Unsling),
    Release(commands::unsling::Release),
    Prime(commands::prime::Arguments),
    Done(commands::done::Arguments),
    Resume(commands::resume::Arguments),
    Close(commands::close::Arguments),
    Polecat(commands::polecat::Arguments),
    Logs(commands::logs::Arguments),
    Doctor(commands::doctor::Arguments),
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
        Command::Agents(arguments) => commands::agents::run(&arguments, &opener.town()?, shell),
        Command::Convoy(arguments) => commands::convoy::run(&arguments, &opener.town()?, shell),
        Command::Mail(arguments) => commands::mail::run(&arguments, &opener.town()?, shell),
        Command::Mq(arguments) => commands::mq::run(&arguments, &opener.town()?, shell),
        Command::Ready(arguments) => commands::ready::run(&arguments, &opener.town()?, shell),
        Command::Show(arguments) => commands::show::run(&arguments, &opener.town()?, shell),
        Command::Refinery(arguments) => {
            commands::refinery::run(&arguments, &opener.town()?, shell)
        }
        Command::Sling(arguments) => commands::sling::run(&arguments, &opener.town()?, shell),
        Command::Hook(arguments) => commands::hook::run(&arguments, &opener.town()?, shell),
        Command::Unsling(arguments) => {
            commands::unsling::unsling(&arguments, &opener.town()?, shell)
        }
        Command::Release(arguments) => {
            commands::unsling::release(&arguments, &opener.town()?, shell)
        }
        Command::Prime(arguments) => commands::prime::run(&arguments, &opener.town()?, shell),
        Command::Done(arguments) => commands::done::run(&arguments, &opener.town()?, shell),
        Command::Resume(arguments) => commands::resume::run(&arguments, &opener.town()?, shell),
        Command::Close(arguments) => commands::close::run(&arguments, &opener.town()?, shell),
        Command::Polecat(arguments) => commands::polecat::run(&arguments, &opener.town()?, shell),
        Command::Logs(arguments) => commands::logs::run(&arguments, &opener.town()?, shell),
        Command::Doctor(arguments) => commands::doctor::run(&arguments, &opener.town()?, shell),
    }
}
