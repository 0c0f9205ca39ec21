//! The watcher, with real processes: what it starts, restarts, wakes, tells and
//! leaves alone.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]
#![allow(
    clippy::print_stdout,
    reason = "what was measured is shown with --nocapture"
)]

mod again;
mod alone;
mod disk;
mod feed;
mod idle;
mod lost;
mod outlived;
mod reused;
mod room;
mod spawning;
mod strays;
mod supervising;
mod told;
mod unheard;
mod unreadable;
mod unstartable;
mod vanished;
mod waking;

use std::fs;
use std::io::Write;

use serde_json::Value;
use testkit::Town;

use super::life::support::rig;

/// A rig with this agent as its default and these settings of the watcher,
/// which runs in the background.
#[track_caller]
fn watched(agent: &str, settings: &[&str]) -> Town {
    let town = rig(agent);
    settle(&town, settings);
    town.gt(&["up"]).ok();
    town
}

/// Adds settings of the watcher to the user's configuration.
fn settle(town: &Town, settings: &[&str]) {
    let path = town.root().join("config.yaml");
    let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
    if !settings.is_empty() {
        writeln!(file, "\nwatcher:\n  {}", settings.join("\n  ")).unwrap();
    }
}

/// So many workers may run at once.
fn allow(town: &Town, workers: usize) {
    let config = town.read(".beads/config.yaml");
    let (before, after) = config.split_once("max_polecats: ").unwrap();
    let rest = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let config = format!("{before}max_polecats: {workers}{rest}");
    town.write(".beads/config.yaml", &config);
}

/// What the watcher told so far, of this kind.
fn events(town: &Town, kind: &str) -> Vec<Value> {
    let path = town.repo().join(".git/plaintown/events.jsonl");
    let text = fs::read_to_string(path).unwrap_or_default();
    let all = text.lines().map(|line| serde_json::from_str(line).unwrap());
    all.filter(|event: &Value| event["event"] == kind).collect()
}

/// How often an agent was started on a bead, by its own log.
fn starts(town: &Town, bead: &str) -> usize {
    let log = town.agent_log();
    log.iter().filter(|it| it.start && it.bead == bead).count()
}

/// The watcher's process.
#[track_caller]
fn pid(town: &Town) -> u32 {
    let status = town.gt(&["status", "--json"]).ok().json();
    let pid = status["watcher"]["pid"].as_u64();
    pid.and_then(|pid| u32::try_from(pid).ok())
        .expect("a watcher runs")
}

/// What `gt status` says of the agent that has a bead.
#[track_caller]
fn agent(town: &Town, bead: &str) -> Value {
    let status = town.gt(&["status", "--json"]).ok().json();
    let agents = status["agents"].as_array().unwrap().clone();
    let found = agents.into_iter().find(|it| it["bead"] == bead);
    found.unwrap_or(Value::Null)
}

/// Ends a process at once, by its number.
fn kill(pid: u32) {
    signal("-9", pid);
}

#[track_caller]
fn signal(name: &str, pid: u32) {
    let mut sent = std::process::Command::new("kill");
    sent.args([name, &pid.to_string()]);
    assert!(sent.status().unwrap().success());
}
