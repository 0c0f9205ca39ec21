//! `gt internal`: what Plaintown has itself started to do. Not for people.

use agent::process::Identity;
use clap::{Args, Subcommand};
use cli::{CommandError, ExitStatus};
use model::{Address, Class};
use std::path::{Path, PathBuf};
use town::Town;
use town::relief::{self, Relief};

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
    /// End a worker that asked for it, once the command that asked is over
    Relieve {
        /// Whose worker
        agent: Address,
        /// The process of the command
        command: Identity,
        /// The worker's process, where it is known
        worker: Option<Identity>,
    },
    /// Write what comes on standard input to a log
    Log {
        /// The log
        log: PathBuf,
        /// How large it grows, in bytes, before it is put aside
        limit: u64,
        /// Go on in the background
        #[arg(long)]
        aside: bool,
    },
}

impl Arguments {
    /// Does what needs no store; none for the rest.
    pub(crate) fn run_alone(&self) -> Option<Result<ExitStatus, CommandError>> {
        match &self.command {
            Command::Start { order } => Some(start(order)),
            Command::Log { log, limit, aside } => Some(keep(log, *limit, *aside)),
            Command::Relieve { .. } => None,
        }
    }
}

pub(crate) fn run(arguments: Arguments, town: &Town) -> Result<ExitStatus, CommandError> {
    if let Command::Relieve {
        agent,
        command,
        worker,
    } = arguments.command
    {
        let relief = Relief {
            agent,
            command,
            worker,
        };
        relief::relieve(town, &relief)?;
    }
    Ok(ExitStatus::OK)
}

fn start(order: &Path) -> Result<ExitStatus, CommandError> {
    let Err(error) = agent::launch::become_worker(order);
    let hint = error.hint();
    let failed = CommandError::new(Class::Environment, error.to_string());
    Err(match hint {
        Some(hint) => failed.with_hint(hint),
        None => failed,
    })
}

fn keep(log: &Path, limit: u64, aside: bool) -> Result<ExitStatus, CommandError> {
    if aside {
        agent::launch::go_aside()
            .map_err(|error| CommandError::environment(format!("cannot fork: {error}")))?;
    }
    let input = std::io::stdin().lock();
    agent::logs::keep(input, log, limit).map_err(|error| {
        CommandError::environment(format!("cannot write {}: {error}", log.display()))
    })?;
    Ok(ExitStatus::OK)
}
