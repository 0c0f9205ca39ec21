//! Everything that can be wrong with a hook: `gt status` names it and a remedy,
//! and the remedy works.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod files;
mod ground;
mod offered;
mod watched;
mod workers;

use serde_json::Value;
use std::fs;
use testkit::{Output, Town};

use super::life::support::*;

/// What `gt status` says of an agent.
#[track_caller]
fn of(town: &Town, agent: &str) -> Value {
    let status = town.gt(&["status", "--json"]).json();
    let agents = status["agents"].as_array().unwrap().clone();
    let found = agents.into_iter().find(|it| it["agent"] == agent);
    found.unwrap_or(Value::Null)
}

/// That an agent is shown in this state, for this reason, in both forms.
#[track_caller]
fn shows(town: &Town, agent: &str, state: &str, why: &str) -> Value {
    let shown = of(town, agent);
    assert_eq!(shown["state"], state, "{shown}");
    let said = shown["why"].as_str().unwrap_or_default();
    assert!(said.contains(why), "{why:?} in {shown}");
    let text = town.gt(&["status"]).ok().stdout;
    assert!(text.contains(why), "{why:?} in {text}");
    shown
}

/// Waits until an agent's worker is seen to have ended.
#[track_caller]
fn ended(town: &Town, agent: &str) {
    town.wait_until(LONG, || of(town, agent)["state"] == "backing_off");
}

/// The command that a remedy names first.
#[track_caller]
fn command(shown: &Value) -> String {
    let remedy = shown["remedy"].as_str().unwrap_or_default();
    let command = remedy.split('`').nth(1);
    command
        .unwrap_or_else(|| panic!("no command in {shown}"))
        .to_owned()
}

/// Does what the remedy says, in a person's shell.
#[track_caller]
fn heed(town: &Town, shown: &Value) -> Output {
    let mut command = command(shown);
    if command.starts_with("gt hook accept") {
        command.push_str(" --yes");
    }
    town.run_in(town.repo(), "sh", &["-c", &command])
}

/// A bead slung to `toast`, without a process.
#[track_caller]
fn slung(town: &Town) -> Slung {
    bead(town, "gt-one", "One");
    sling(town, "gt-one", &["--no-spawn"])
}

/// A hook that nobody slung here: that of a bead which was, under another name.
#[track_caller]
fn plant(town: &Town, agent: &str, change: &[(&str, &str)]) {
    let model = fs::read_to_string(hook_file(town, TOAST)).unwrap();
    let mut text = model.replace(TOAST, agent);
    for (from, to) in change {
        assert!(text.contains(from), "{from:?} in {text}");
        text = text.replace(from, to);
    }
    let path = hook_file(town, agent);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const TOAST: &str = "app/polecats/toast";
const NUX: &str = "app/polecats/nux";
