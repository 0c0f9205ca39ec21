//! `gt hooks`: what the runtimes themselves run when a session starts or stops.

use super::hook_call::{Ask, HookCall};
use clap::{Args, Subcommand};
use cli::{CommandError, ExitStatus, Shell};
use town::Town;

pub(super) mod guard;

/// Have the runtimes themselves run `gt` when a session starts or stops
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer a runtime whether its agent may stop
    Guard(Guard),
}

/// Answer a runtime whether its agent may stop
///
/// Run by the runtime. Silence lets the agent stop; one with work on its hook is
/// reminded, twice in a session at most.
#[derive(Args)]
struct Guard {
    /// The runtime that asks
    #[arg(default_value = "claude", value_parser = agent::hooks::RUNTIMES)]
    runtime: String,
}

impl Arguments {
    /// The call of a runtime, if it is one.
    pub(crate) fn hook_call(&self) -> Option<HookCall> {
        match &self.command {
            Command::Guard(guard) => HookCall::new(Ask::Guard, &guard.runtime),
        }
    }
}

pub(crate) fn run(arguments: &Arguments, _: &Town, _: &Shell) -> Result<ExitStatus, CommandError> {
    match &arguments.command {
        // It was answered as a call of a runtime.
        Command::Guard(_) => Ok(ExitStatus::OK),
    }
}
