//! A program with nothing but the way in and the way out, for the tests.

use clap::{Parser, Subcommand};
use plaintown_cli::{CommandError, ExitStatus, GlobalArgs, Shell};
use std::process::ExitCode;

/// Prints, fails or breaks as told.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print lines
    Lines {
        /// How many
        count: usize,
    },
    /// Print events until nobody reads on
    Stream,
    /// Fail with a hint
    Fail,
    /// Break
    Panic,
}

impl AsRef<GlobalArgs> for Arguments {
    fn as_ref(&self) -> &GlobalArgs {
        &self.global
    }
}

fn main() -> ExitCode {
    plaintown_cli::run(|arguments: Arguments, shell: &Shell| {
        match arguments.command {
            Command::Lines { count } => (0..count).for_each(|n| shell.line(&n.to_string())),
            Command::Stream => {
                while !shell.is_closed() {
                    shell.json_line(&["event"]);
                }
            }
            Command::Fail => {
                shell.line("before");
                return Err(CommandError::not_found("no such thing").with_hint("look elsewhere"));
            }
            Command::Panic => panic!("told \x1b[2J so"),
        }
        Ok(ExitStatus::OK)
    })
}
