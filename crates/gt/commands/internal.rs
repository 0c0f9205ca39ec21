//! `gt internal`: what Plaintown has itself started to do. Not for people.

use clap::{Args, Subcommand};
use cli::{CommandError, ExitStatus};
use model::Class;
use std::path::PathBuf;

/// What this program starts of itself
#[derive(Args)]
#[command(hide = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Become the worker of an order, in the terminal that this runs in
    Start {
        /// The order
        order: PathBuf,
    },
    /// Write what comes on standard input to a log
    Log {
        /// The log
        log: PathBuf,
        /// How large it grows, in bytes, before it is put aside
        limit: u64,
    },
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, CommandError> {
    match &arguments.command {
        Command::Start { order } => {
            let Err(error) = agent::launch::become_worker(order);
            let hint = error.hint();
            let failed = CommandError::new(Class::Environment, error.to_string());
            Err(match hint {
                Some(hint) => failed.with_hint(hint),
                None => failed,
            })
        }
        Command::Log { log, limit } => {
            let input = std::io::stdin().lock();
            agent::logs::keep(input, log, *limit).map_err(|error| {
                CommandError::environment(format!("cannot write {}: {error}", log.display()))
            })?;
            Ok(ExitStatus::OK)
        }
    }
}
