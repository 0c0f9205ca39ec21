//! From the words of the command line to the exit status.
//!
//! Every way out of a program goes through here: help, a wrong flag, a failed
//! command, a fault in the program itself. None of them prints anything that
//! breaks the promise of `--json`.

use crate::{CommandError, ExitStatus, GlobalArgs, Shell};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;
use std::process::ExitCode;

mod fault;

/// Parses the process's command line, runs the command and says how to exit.
pub fn run<A>(command: impl FnOnce(A, &Shell) -> Result<ExitStatus, CommandError>) -> ExitCode
where
    A: clap::Parser + AsRef<GlobalArgs>,
{
    let words: Vec<OsString> = std::env::args_os().collect();
    let wants_json = wants_json(&words);
    fault::install(wants_json);
    let status = match A::try_parse_from(words) {
        Ok(args) => {
            let shell = Shell::of_process(args.as_ref().into());
            let result = command(args, &shell);
            shell.finish(result)
        }
        Err(error) => {
            let mode = crate::shell::Mode {
                json: wants_json,
                ..Default::default()
            };
            not_a_command(&Shell::of_process(mode), &error)
        }
    };
    status.into()
}

/// Whether `--json` is among the words, for errors that come before parsing.
fn wants_json(words: &[OsString]) -> bool {
    words
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| word == "--json")
}

/// Help, a version, or a command line that cannot be read.
fn not_a_command(shell: &Shell, error: &clap::Error) -> ExitStatus {
    let rendered = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            if shell.look().colour {
                shell.out(&rendered.ansi().to_string());
            } else {
                shell.out(&rendered.to_string());
            }
            shell.finish(Ok(ExitStatus::OK))
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !shell.is_json() => {
            shell.status(rendered.to_string().trim_end());
            model::Class::Usage.into()
        }
        _ => shell.finish(Err(usage_error(error))),
    }
}

/// What clap says, as message and hints.
fn usage_error(error: &clap::Error) -> CommandError {
    let text = error.render().to_string();
    let said = text.strip_prefix("error: ").unwrap_or(&text);
    let message = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a subcommand is required".into(),
        _ => first_paragraph(said),
    };
    let mut usage = CommandError::usage(message);
    usage.hints = paragraphs(said)
        .filter_map(|part| part.trim_start().strip_prefix("tip: ").map(one_line))
        .collect();
    if let Some(ContextValue::StyledStr(synopsis)) = error.get(ContextKind::Usage) {
        usage.hints.push(one_line(&synopsis.to_string()));
    }
    usage.with_hint("`--help` says more")
}

fn first_paragraph(text: &str) -> String {
    paragraphs(text).next().map(one_line).unwrap_or_default()
}

fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
