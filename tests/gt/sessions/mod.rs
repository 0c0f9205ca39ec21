//! Workers in terminals, with real tmux.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod attach;
mod handoff;
mod killed;
mod leaving;
mod logs;
mod nudge;
mod terminal;

use std::fs;
use std::path::PathBuf;

use testkit::{Output, Town};

use super::life::support::*;

/// The socket of the store's own tmux server.
fn socket(town: &Town) -> PathBuf {
    town.repo().join(".git/plaintown/tmux.sock")
}

/// A command of the store's own tmux server.
fn tmux(town: &Town, args: &[&str]) -> Output {
    let socket = socket(town);
    let mut words = vec!["-S", socket.to_str().unwrap()];
    words.extend(args);
    let is_there = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join("tmux").is_file());
    assert!(is_there, "these tests need tmux: install it");
    town.call("tmux", &words).run()
}

/// The sessions of the server with the processes of their windows.
fn sessions(town: &Town) -> Vec<(String, u32)> {
    let panes = tmux(
        town,
        &["list-panes", "-a", "-F", "#{session_name} #{pane_pid}"],
    );
    let lines = panes.stdout.lines().filter_map(|line| line.split_once(' '));
    lines
        .map(|(name, pid)| (name.to_owned(), pid.parse().unwrap()))
        .collect()
}

/// What the file of an agent's session says under a key.
fn of_session(town: &Town, agent: &str, key: &str) -> Option<String> {
    let path = format!(".git/plaintown/sessions/{agent}.yaml");
    let text = fs::read_to_string(town.repo().join(path)).ok()?;
    plain(&text, key)
}

/// The number of the process that an agent's session records.
fn pid(town: &Town, agent: &str) -> u32 {
    let process = of_session(town, agent, "process").unwrap();
    process.split(':').nth(1).unwrap().parse().unwrap()
}
