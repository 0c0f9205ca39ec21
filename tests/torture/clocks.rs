//! A clock that jumps, back by thirty days and on by ten years, while work crashed
//! and waits, is parked, asks, hangs, or is to be merged.
//!
//! Nobody waits for ever, nothing is started again and again, and nothing panics.
//! Needs libfaketime, and says so where it is missing. The workers' own commands
//! go by the machine's clock, so that both are at work at once.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use testkit::{Town, invariants};

use crate::gt::life::support::*;

const BACK: &str = "-30d";
const ON: &str = "+10y";

/// Where distributions put it.
const LIBRARIES: [&str; 3] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/faketime/libfaketime.so.1",
];

fn library() -> Option<PathBuf> {
    let found = LIBRARIES.iter().map(PathBuf::from).find(|it| it.exists());
    if found.is_none() {
        println!("SKIPPED: clocks do not jump here: libfaketime is not installed");
    }
    found
}

/// A town at work, and no watcher: one worker crashed and waits for its time, one
/// is parked on a gate, one on a timer, one asks, one works on, one is done.
fn busy() -> Town {
    let town = in_rig(Town::new(env!("CARGO_BIN_EXE_gt")), "hang");
    let path = town.root().join("config.yaml");
    let agents = fs::read_to_string(&path).expect("it was just written");
    let settings = "watcher:\n  crash_budget: 4\n  backoff: 2m\n  backoff_max: 5m\n";
    town.config(&format!("{agents}\n{settings}"));
    for id in ["crash", "gate", "timer", "asks", "hangs", "done"] {
        bead(&town, &format!("gt-{id}"), id);
    }
    town.gt(&["convoy", "create", "All", "gt-gate", "gt-done"])
        .ok();
    let work = idle(&town, "gt-done");
    work.commit(&town, "work.txt");
    work.gt(&town, &["done"]).ok();
    sling(&town, "gt-gate", &["--agent", "phase"]);
    sling(&town, "gt-timer", &["--agent", "phase"]);
    sling(&town, "gt-asks", &["--agent", "escalate"]);
    for id in ["gt-gate", "gt-timer", "gt-asks"] {
        town.wait_until(LONG, || !gate(&town, id).is_empty());
    }
    set_timer(&town, &gate(&town, "gt-timer"));
    sling(&town, "gt-hangs", &[]);
    town.gt(&["sling", "gt-crash", "app", "--agent", "crash"]);
    // What crashed is noted, with the time before which it is not started.
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || state(&town, "gt-crash") == "backing_off");
    town.gt(&["down"]).ok();
    town
}

/// What the hook of a bead waits for: empty while it does not.
fn gate(town: &Town, id: &str) -> String {
    let hook = hook_file(town, &field(town, id, "assignee"));
    let text = fs::read_to_string(hook).unwrap_or_default();
    let parked = text.split_once("\nparked:\n").map(|it| it.1);
    let on = parked.and_then(|text| plain(text, "  \"on\""));
    on.unwrap_or_default()
}

/// A gate that opens by itself after an hour.
fn set_timer(town: &Town, gate: &str) {
    let root = gate.split('.').next().unwrap_or(gate);
    let shard = &root.rsplit('-').next().unwrap_or(root)[..1];
    let path = format!(".beads/beads/{shard}/{gate}.yaml");
    let text = town.read(&path);
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("await_id: "))
        .collect();
    let text = kept
        .join("\n")
        .replace("await_type: human", "await_type: timer\n\ntimeout: 1h");
    town.write(&path, &format!("{text}\n"));
}

/// What `gt status` says of the agent that has a bead.
fn state(town: &Town, id: &str) -> String {
    let status = town.gt(&["status", "--json"]).ok().json();
    let agents = status["agents"].as_array().cloned().unwrap_or_default();
    let found = agents.iter().find(|agent| agent["bead"] == id);
    let state = found.and_then(|agent| agent["state"].as_str());
    state.unwrap_or_default().to_owned()
}

fn starts(town: &Town, id: &str) -> usize {
    let log = town.agent_log();
    log.iter().filter(|it| it.start && it.bead == id).count()
}

/// From here on the commands of the town go by another clock.
fn jump(town: &mut Town, library: PathBuf, by: &str) {
    let settings: [(&str, OsString); 4] = [
        ("LD_PRELOAD", library.into()),
        ("FAKETIME", by.into()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ("NO_FAKE_STAT", "1".into()),
    ];
    for (name, value) in settings {
        town.env(name, value);
    }
}

/// Every kind of command, none of which panics.
fn commands(town: &Town) {
    let bead = ["create", "Later", "--id", "gt-later"];
    let of_bd: [&[&str]; 8] = [
        &bead,
        &["list"],
        &["ready"],
        &["stale"],
        &["stats"],
        &["show", "gt-crash"],
        &["update", "gt-later", "--defer", "+1d"],
        &["close", "gt-later"],
    ];
    let of_gt: [&[&str]; 6] = [
        &["status"],
        &["convoy", "list"],
        &["escalate", "list"],
        &["mail", "inbox"],
        &["mq", "list"],
        &["mail", "send", "mayor", "-s", "When?", "-m", "Now"],
    ];
    let calls = of_bd.map(|args| ("bd", args)).into_iter();
    for (program, args) in calls.chain(of_gt.map(|args| ("gt", args))) {
        let said = town.call(program, args).run();
        assert!(!said.stderr.contains("panicked"), "{said}");
        assert!(said.status.code().is_some_and(|code| code <= 8), "{said}");
    }
}

fn jumps(by: &str) {
    let Some(library) = library() else {
        return;
    };
    let mut town = busy();
    let crashes = starts(&town, "gt-crash");
    let date = |town: &Town| town.call("date", &["+%F"]).run().ok().stdout;
    let today = date(&town);
    jump(&mut town, library, by);
    assert_ne!(date(&town), today);
    town.gt(&["up"]).ok();
    // The pause of what crashed is over, once.
    town.wait_until(LONG, || starts(&town, "gt-crash") > crashes);
    town.wait_until(LONG, || status(&town, "gt-done") == "closed");
    town.bd(&["close", &gate(&town, "gt-gate")]).ok();
    town.wait_until(LONG, || status(&town, "gt-gate") == "closed");
    if by == ON {
        town.wait_until(LONG, || status(&town, "gt-timer") == "closed");
    } else {
        assert_eq!(state(&town, "gt-timer"), "parked");
        let said = town.gt(&["status"]).ok();
        assert!(said.stdout.contains(" until "), "{said}");
        town.gt(&["resume", "gt-timer"]).ok();
        town.wait_until(LONG, || status(&town, "gt-timer") == "closed");
    }
    town.gt(&["escalate", "resolve", "gt-asks", "-m", "that one"])
        .ok();
    town.wait_until(LONG, || status(&town, "gt-asks") == "closed");
    assert_eq!(state(&town, "gt-hangs"), "working");
    assert_eq!(starts(&town, "gt-hangs"), 1);
    commands(&town);
    assert_eq!(starts(&town, "gt-crash"), crashes + 1, "a storm");
    town.gt(&["down"]).ok();
    for name in ["LD_PRELOAD", "FAKETIME"] {
        town.env(name, "");
    }
    // Back again: what was noted elsewhen holds nobody up.
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || starts(&town, "gt-crash") == crashes + 2);
    town.gt(&["down"]).ok();
    town.kill_all();
    if let Err(reason) = invariants::settle(&town).and_then(|()| invariants::hold(&town)) {
        panic!("{reason}");
    }
}

#[test]
fn back_by_thirty_days() {
    jumps(BACK);
}

#[test]
fn on_by_ten_years() {
    jumps(ON);
}
