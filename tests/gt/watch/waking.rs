//! Parked hooks go on when what they wait for is there.

use super::*;
use crate::gt::life::support::*;

/// Slings a bead whose worker parks itself after its first phase.
fn parked(town: &Town) -> (Slung, String) {
    bead(town, "gt-one", "Work");
    let slung = sling(town, "gt-one", &[]);
    town.wait_until(LONG, || agent(town, "gt-one")["state"] == "parked");
    let hook = fs::read_to_string(hook_file(town, &slung.agent)).unwrap();
    let gate = hook.split_whitespace().find(|word| word.contains("-gate-"));
    let gate = gate.unwrap().to_owned();
    town.wait_until(LONG, || town.agents_at_work().is_empty());
    (slung, gate)
}

#[test]
fn a_gate_that_is_closed_starts_the_next_phase() {
    let town = watched("phase", &["refinery: false"]);
    let (_, gate) = parked(&town);
    assert_eq!(starts(&town, "gt-one"), 1);
    town.bd(&["close", &gate]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "completed");
    assert_eq!(starts(&town, "gt-one"), 2);
    town.wait_until(LONG, || events(&town, "gate_opened").len() == 1);
}

/// Makes another kind of gate of a gate that waits for a person.
fn turn(town: &Town, gate: &str, keys: &str) {
    let shard = gate.rsplit('-').next().unwrap().chars().next().unwrap();
    let path = format!(".beads/beads/{shard}/{gate}.yaml");
    let text = town.read(&path);
    let others = text.lines().filter(|line| !line.starts_with("await_id: "));
    let text: Vec<&str> = others.collect();
    let text = text.join("\n").replace("await_type: human", keys);
    town.write(&path, &format!("{text}\n"));
}

#[test]
fn a_timer_that_is_over_starts_the_next_phase() {
    let town = rig("phase");
    settle(&town, &["refinery: false"]);
    let (_, gate) = parked(&town);
    turn(&town, &gate, "await_type: timer\n\ntimeout: 2s");
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "completed");
    assert_eq!(status(&town, &gate), "closed");
}

#[test]
fn a_bead_that_is_closed_starts_the_next_phase() {
    let town = rig("phase");
    settle(&town, &["refinery: false"]);
    bead(&town, "gt-two", "Other work");
    let (_, gate) = parked(&town);
    turn(&town, &gate, "await_type: bead\n\nawait_id: gt-two");
    town.gt(&["up"]).ok();
    assert_eq!(status(&town, "gt-one"), "in_progress");
    town.bd(&["close", "gt-two"]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "completed");
    assert_eq!(status(&town, &gate), "closed");
}
