//! `bd`, run as a user runs it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says aloud what it skips"
)]

mod bytes;
mod cycles;
mod damaged;
pub(crate) mod disk;
mod listings;
mod merges;
mod names;
mod races;
mod shapes;
mod streams;
mod texts;
mod welcome;

use serde_json::Value;
use std::path::PathBuf;
use testkit::{Output, Town};

/// A town with a store of prefix `gt`.
#[track_caller]
fn town() -> Town {
    with_store(Town::new(env!("CARGO_BIN_EXE_bd")))
}

/// The same with a stopped clock, and the same IDs each time.
#[track_caller]
fn fixed_town() -> Town {
    let mut town = Town::new(env!("CARGO_BIN_EXE_bd"));
    town.at("2026-01-15T10:30:00Z").seed(1);
    with_store(town)
}

#[track_caller]
fn with_store(town: Town) -> Town {
    town.bd(&["init", "-p", "gt"]).ok();
    town
}

/// Creates a bead and returns its ID.
#[track_caller]
fn create(town: &Town, words: &[&str]) -> String {
    let mut args = vec!["create", "--silent"];
    args.extend(words);
    town.bd(&args).ok().text().to_owned()
}

/// The answer as JSON.
#[track_caller]
fn json(town: &Town, words: &[&str]) -> Value {
    let mut args = words.to_vec();
    args.push("--json");
    town.bd(&args).ok().json()
}

/// One bead as `show` has it.
#[track_caller]
fn bead(town: &Town, id: &str) -> Value {
    json(town, &["show", id])[0].clone()
}

/// Where the file of a bead without parent is.
fn file(town: &Town, id: &str) -> PathBuf {
    let shard = &id[id.rfind('-').expect("an ID has a hyphen") + 1..][..1];
    town.repo().join(format!(".beads/beads/{shard}/{id}.yaml"))
}

/// The error that `--json` prints.
#[track_caller]
fn error(output: &Output) -> Value {
    let line = output.stderr.lines().last().unwrap_or_default();
    serde_json::from_str(line).unwrap_or_else(|error| panic!("expected JSON ({error}) of {output}"))
}
