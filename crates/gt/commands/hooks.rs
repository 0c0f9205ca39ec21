//! `gt hooks`: what the runtimes themselves run when a session starts or stops.

use super::hook_call::{Ask, HookCall};
use agent::hooks::{Dialect, RUNTIMES};
use clap::{Args, Subcommand};
use cli::{CommandError, ExitStatus, Shell};
use town::Town;
use town::runtime_hooks::install::{self, Place};

pub(super) mod guard;
mod list;

/// Have the runtimes themselves run `gt` when a session starts or stops
///
/// Workers get these hooks by themselves. In a work tree of your own they are
/// there only if you ask for them.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Put the hooks of a runtime into your work tree, hidden from git
    Install(Runtime),
    /// Take them out again, and nothing else
    Remove(Runtime),
    /// List the runtimes with their files, and whether their hooks are there
    List,
    /// Print what belongs into a runtime's file
    Show(Runtime),
    Guard(Guard),
}

#[derive(Args)]
struct Runtime {
    /// The runtime
    #[arg(value_parser = RUNTIMES)]
    runtime: String,
}

/// Answer a runtime whether its agent may stop
///
/// Run by the runtime. Silence lets the agent stop; one with work on its hook is
/// reminded: a worker twice at most, a session of your own once in a conversation.
#[derive(Args)]
struct Guard {
    /// The runtime that asks
    #[arg(default_value = "claude", value_parser = RUNTIMES)]
    runtime: String,
}

impl Arguments {
    /// The call of a runtime, if it is one.
    pub(crate) fn hook_call(&self) -> Option<HookCall> {
        match &self.command {
            Command::Guard(guard) => HookCall::new(Ask::Guard, &guard.runtime),
            _ => None,
        }
    }
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    match &arguments.command {
        Command::Install(at) => at.install(town, shell),
        Command::Remove(at) => at.remove(town, shell),
        Command::List => list::run(&place(town)?, shell),
        Command::Show(it) => it.show(shell),
        // It was answered as a call of a runtime.
        Command::Guard(_) => Ok(ExitStatus::OK),
    }
}

impl Runtime {
    fn install(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        town.check_writable()?;
        let (place, dialect) = (place(town)?, dialect(&self.runtime)?);
        let changed = install::install(&place, dialect)?;
        let verb = if changed { "Installed" } else { "Unchanged:" };
        self.answer(shell, &place, dialect, changed, verb);
        if changed && dialect == Dialect::Codex {
            shell.status("Codex runs them once you have trusted them there: /hooks");
        }
        Ok(ExitStatus::OK)
    }

    fn remove(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        town.check_writable()?;
        let (place, dialect) = (place(town)?, dialect(&self.runtime)?);
        let changed = install::remove(&place, dialect)?;
        let verb = if changed { "Removed" } else { "Not there:" };
        self.answer(shell, &place, dialect, changed, verb);
        Ok(ExitStatus::OK)
    }

    fn answer(&self, shell: &Shell, place: &Place, dialect: Dialect, changed: bool, verb: &str) {
        let file = place.root.join(dialect.file()).display().to_string();
        let line = format!("{verb} the hooks of {} in {file}", self.runtime);
        let value = serde_json::json!({
            "runtime": self.runtime, "file": file, "changed": changed,
        });
        shell.answer(&value, &line);
    }

    fn show(&self, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let dialect = dialect(&self.runtime)?;
        let text = dialect.whole();
        if shell.is_json() {
            shell.json(&serde_json::json!({ "file": dialect.file(), "text": text }));
        } else {
            shell.out(&text);
        }
        Ok(ExitStatus::OK)
    }
}

fn place(town: &Town) -> Result<Place, CommandError> {
    Ok(Place::around(&town.setup().cwd)?)
}

fn dialect(runtime: &str) -> Result<Dialect, CommandError> {
    Dialect::of(runtime).ok_or_else(|| CommandError::usage(format!("{runtime} has no hooks")))
}
