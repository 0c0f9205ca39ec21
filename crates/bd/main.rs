//! `bd`: the beads of a repository, on the command line.
//!
//! Reads the words, makes one call into the store or the operations, shows one
//! view. It decides nothing, and runs neither git nor any other program.

mod answer;
mod commands;
mod fields;
mod narrow;
mod open;
mod picture;

use clap::Parser;
use cli::{GlobalArgs, Shell};
use std::process::ExitCode;

/// Track work as plain files next to the code.
#[derive(Parser)]
#[command(name = "bd", version, subcommand_required = true)]
#[command(arg_required_else_help = true)]
struct Arguments {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: commands::Command,
}

impl AsRef<GlobalArgs> for Arguments {
    fn as_ref(&self) -> &GlobalArgs {
        &self.global
    }
}

fn main() -> ExitCode {
    cli::run(|arguments: Arguments, shell: &Shell| {
        let context = open::Context::new(&arguments.global, shell)?;
        arguments.command.run(&context)
    })
}
