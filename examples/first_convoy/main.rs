//! A first convoy: three beads become three merged commits, in a temporary folder.
//!
//! Promises the whole way of real work (worktrees, worker processes, merge gates) and
//! that it fails, with the workers' logs, if anything is not as it should be. Never
//! reads or changes your configuration, and needs no model: the agent is a script.
//!
//! `cargo run --release --example first_convoy`; `-- --keep` leaves the folder to look at.

mod binaries;
mod checks;
mod place;
mod story;

use std::io::{self, Write};
use std::process::ExitCode;

use place::Place;

const USAGE: &str = "usage: first_convoy [--keep]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let keep = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--keep"] => true,
        _ => {
            complain(USAGE);
            return ExitCode::from(2);
        }
    };
    match run(keep) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(keep: bool) -> anyhow::Result<()> {
    let binaries = binaries::build()?;
    let place = Place::new(&binaries)?;
    let told = story::tell(&place).inspect_err(|_| complain(&place.clean_up_after_failure()));
    if keep {
        let folder = place.keep();
        say(&format!("\nKept: {}", folder.display()));
    }
    told
}

/// Prints a line; a reader that went away is no reason to stop.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
