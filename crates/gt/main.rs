//! `gt`: hands beads to agents, and shows what became of them.
//!
//! Reads the command line, makes one call into the operations, and shows one
//! view. It decides nothing itself.

mod commands;
#[path = "../bd/open.rs"]
mod open;

use clap::{Parser, Subcommand};
use cli::{CommandError, ExitStatus, GlobalArgs, Shell};
use commands::hook_call::HookCall;
use open::Context;
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
    Ready(commands::ready::Arguments),
    Sling(commands::sling::Arguments),
    Hook(commands::hook::Arguments),
    Unsling(commands::unsling::Unsling),
    Release(commands::unsling::Release),
    Prime(commands::prime::Arguments),
    Done(commands::done::Arguments),
    Handoff(commands::handoff::Arguments),
    Resume(commands::resume::Arguments),
    Escalate(commands::escalate::Arguments),
    Close(commands::close::Arguments),
    Show(commands::show::Arguments),
    Convoy(commands::convoy::Arguments),
    Mq(commands::mq::Arguments),
    Refinery(commands::refinery::Arguments),
    Polecat(commands::polecat::Arguments),
    Agents(commands::agents::Arguments),
    Logs(commands::logs::Arguments),
    Attach(commands::attach::Arguments),
    Nudge(commands::nudge::Arguments),
    Hooks(commands::hooks::Arguments),
    Mail(commands::mail::Arguments),
    Doctor(commands::doctor::Arguments),
    Up(commands::up::Arguments),
    Down(commands::down::Arguments),
    Status(commands::status::Arguments),
    Watch(commands::watch::Arguments),
    Feed(commands::feed::Arguments),
    Trust(commands::trust::Arguments),
    Config(commands::config::Arguments),
    Internal(commands::internal::Arguments),
}

impl Command {
    /// What a runtime runs as its hook.
    fn hook_call(&self) -> Option<HookCall> {
        match self {
            Self::Prime(arguments) => arguments.hook_call(),
            Self::Mail(arguments) => arguments.hook_call(),
            Self::Hooks(arguments) => arguments.hook_call(),
            _ => None,
        }
    }
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
    // What a terminal's server starts has nothing to do with a store.
    if let Command::Internal(arguments) = &arguments.command
        && let Some(done) = arguments.run_alone()
    {
        return done;
    }
    let context = Context::new(&arguments.global, shell)?;
    // It is answered also where no store can be opened.
    if let Some(call) = arguments.command.hook_call() {
        return Ok(call.run(&context));
    }
    let (town, shell) = (context.town()?, context.shell);
    match arguments.command {
        Command::Agents(arguments) => commands::agents::run(&arguments, &town, shell),
        Command::Convoy(arguments) => commands::convoy::run(&arguments, &town, shell),
        Command::Mail(arguments) => commands::mail::run(&arguments, &town, shell),
        Command::Mq(arguments) => commands::mq::run(&arguments, &town, shell),
        Command::Ready(arguments) => commands::ready::run(&arguments, &town, shell),
        Command::Show(arguments) => commands::show::run(&arguments, &town, shell),
        Command::Refinery(arguments) => commands::refinery::run(&arguments, &town, shell),
        Command::Sling(arguments) => commands::sling::run(&arguments, &town, shell),
        Command::Hook(arguments) => commands::hook::run(&arguments, &town, shell),
        Command::Unsling(arguments) => commands::unsling::unsling(&arguments, &town, shell),
        Command::Release(arguments) => commands::unsling::release(&arguments, &town, shell),
        Command::Prime(arguments) => commands::prime::run(&arguments, &town, shell),
        Command::Done(arguments) => commands::done::run(&arguments, &town, shell),
        Command::Handoff(arguments) => commands::handoff::run(&arguments, &town, shell),
        Command::Resume(arguments) => commands::resume::run(&arguments, &town, shell),
        Command::Escalate(arguments) => commands::escalate::run(&arguments, &town, shell),
        Command::Close(arguments) => commands::close::run(&arguments, &town, shell),
        Command::Polecat(arguments) => commands::polecat::run(&arguments, &town, shell),
        Command::Hooks(arguments) => commands::hooks::run(&arguments, &town, shell),
        Command::Logs(arguments) => commands::logs::run(&arguments, &town, shell),
        Command::Attach(arguments) => commands::attach::run(&arguments, &town, shell),
        Command::Nudge(arguments) => commands::nudge::run(&arguments, &town, shell),
        Command::Doctor(arguments) => commands::doctor::run(&arguments, &town, shell),
        Command::Up(arguments) => commands::up::run(&arguments, town, shell),
        Command::Down(arguments) => commands::down::run(&arguments, &town, shell),
        Command::Status(arguments) => commands::status::run(&arguments, &town, shell),
        Command::Watch(arguments) => commands::watch::run(&arguments, town, shell),
        Command::Feed(arguments) => commands::feed::run(&arguments, &town, shell),
        Command::Trust(arguments) => commands::trust::run(&arguments, &town, shell),
        Command::Config(arguments) => commands::config::run(&arguments, &town, shell),
        Command::Internal(arguments) => commands::internal::run(arguments, &town),
    }
}
