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

#[test]
fn a_timer_that_is_over_starts_the_next_phase() {
    let town = rig("phase");
    settle(&town, &["refinery: false"]);
    let (_, gate) = parked(&town);
    let shard = gate.rsplit('-').next().unwrap().chars().next().unwrap();
    let path = format!(".beads/beads/{shard}/{gate}.yaml");
    let timer = "await_type: timer\n\ntimeout: 2s";
    let text = town.read(&path).replace("await_type: human", timer);
    town.write(&path, &text);
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "completed");
    assert_eq!(status(&town, &gate), "closed");
}
