//! Hooks, tickets and beads that do not agree.

use super::super::life::support::*;
use super::{ONE, edit, repaired, reported, with_hook};
use std::fs;

#[test]
fn a_hook_that_vanished() {
    let (town, slung) = with_hook();
    let hook = hook_file(&town, &slung.agent);
    let text = fs::read(&hook).unwrap();
    fs::remove_file(&hook).unwrap();
    repaired(&town, &["write the hook with gt-one from its ticket"]);
    assert_eq!(fs::read(&hook).unwrap(), text);
}

#[test]
fn a_ticket_whose_bead_is_closed() {
    let (town, slung) = with_hook();
    begin_to_end(&town, &slung.agent, "closed");
    edit(&town, ONE, "status: in_progress", "status: closed");
    edit(
        &town,
        ONE,
        "closed_at: null",
        "closed_at: 2026-01-15T10:30:00Z",
    );
    repaired(&town, &["remove the hook", "retire the ticket"]);
    assert!(!hook_file(&town, &slung.agent).exists());
}

#[test]
fn a_ticket_whose_end_was_cut_short_before_anything_said_so() {
    let (town, slung) = with_hook();
    let ticket = fs::read(ticket_file(&town, &slung.agent)).unwrap();
    begin_to_end(&town, &slung.agent, "closed");
    repaired(&town, &["keep gt-one"]);
    assert_eq!(fs::read(ticket_file(&town, &slung.agent)).unwrap(), ticket);
}

#[test]
fn a_hook_without_a_ticket() {
    let (town, slung) = with_hook();
    fs::remove_file(ticket_file(&town, &slung.agent)).unwrap();
    reported(&town, "without a ticket");
}

#[test]
fn a_hook_without_a_ticket_for_work_that_is_over() {
    let (town, slung) = with_hook();
    let hook = fs::read(hook_file(&town, &slung.agent)).unwrap();
    town.gt(&["release", "gt-one"]).ok();
    fs::write(hook_file(&town, &slung.agent), hook).unwrap();
    repaired(&town, &["remove the hook, gt-one is open"]);
}

#[test]
fn a_hook_that_is_not_the_one_that_was_slung() {
    let (town, slung) = with_hook();
    let hook = format!(".beads/hooks/{}.yaml", slung.agent);
    let nonce = on_hook(&town, &slung.agent, "nonce").unwrap();
    edit(&town, &hook, &nonce, "zzzzzzzz");
    reported(&town, "is not the one that was slung");
}

#[test]
fn a_hook_of_an_earlier_attempt() {
    let (town, slung) = with_hook();
    let old = fs::read(hook_file(&town, &slung.agent)).unwrap();
    town.gt(&["release", "gt-one"]).ok();
    let again = sling(&town, "gt-one", &["app/toast", "--no-spawn"]);
    assert_eq!(again.agent, slung.agent);
    fs::write(hook_file(&town, &slung.agent), old).unwrap();
    repaired(&town, &["write the hook with gt-one from its ticket"]);
}

#[test]
fn a_bead_that_no_hook_holds() {
    let (town, slung) = with_hook();
    fs::remove_file(hook_file(&town, &slung.agent)).unwrap();
    fs::remove_file(ticket_file(&town, &slung.agent)).unwrap();
    reported(&town, "gt-one is in_progress, and no hook holds it");
    town.gt(&["release", "gt-one"]).ok();
    sound(&town);
}

#[test]
fn an_escalation_that_was_cut_short() {
    let (town, slung) = with_hook();
    let hook = hook_file(&town, &slung.agent);
    let text = fs::read(&hook).unwrap();
    slung.gt(&town, &["done", "--escalate", "-m", "why"]).ok();
    fs::write(&hook, text).unwrap();
    repaired(&town, &["park the hook, gt-one is escalated"]);
}

#[test]
fn a_hook_that_waits_for_a_closed_bead() {
    let (town, slung) = with_hook();
    bead(&town, "gt-two", "Two");
    slung
        .gt(&town, &["done", "--phase", "--gate", "gt-two"])
        .ok();
    sound(&town);
    town.bd(&["close", "gt-two"]).ok();
    repaired(&town, &["gt-one: let it go on"]);
    assert_eq!(
        on_hook(&town, &slung.agent, "parked").as_deref(),
        Some("null")
    );
    assert!(town.processes().is_empty(), "the doctor starts no worker");
}

#[test]
fn a_hook_that_waits_for_a_timer() {
    let (mut town, slung) = with_hook();
    town.at("2026-03-01T10:00:00Z");
    town.bd(&["create", "Gate", "--id", "gt-gate1", "--type", "gate"])
        .ok();
    let made = "created_at:";
    let timer = "await_type: timer\n\ntimeout: 30m\n\ncreated_at:";
    edit(&town, ".beads/beads/g/gt-gate1.yaml", made, timer);
    slung
        .gt(&town, &["done", "--phase", "--gate", "gt-gate1"])
        .ok();
    town.at("2026-03-01T10:29:00Z");
    sound(&town);
    town.at("2026-03-01T10:31:00Z");
    repaired(&town, &["gt-one: let it go on"]);
    assert_eq!(status(&town, "gt-gate1"), "closed");
    assert_eq!(
        field(&town, "gt-gate1", "close_reason"),
        "its time has come"
    );
}

#[test]
fn a_hook_that_waits_for_nothing() {
    let (town, slung) = with_hook();
    bead(&town, "gt-two", "Two");
    slung
        .gt(&town, &["done", "--phase", "--gate", "gt-two"])
        .ok();
    fs::remove_file(town.repo().join(".beads/beads/t/gt-two.yaml")).unwrap();
    reported(&town, "gt-one waits for gt-two, which is not there");
}

#[test]
fn a_hook_whose_bead_cannot_be_read() {
    let (town, slung) = with_hook();
    let text = town.read(ONE);
    town.write(ONE, &format!("{text}<<<<<<< ours\n"));
    let line = text.lines().count() + 1;
    let place = format!("{ONE}:{line}: ");
    for _ in 0..2 {
        let told = town.gt(&["doctor"]).fails(5).stdout;
        let what = format!(
            "the hook of {} holds gt-one, which cannot be read: ",
            slung.agent
        );
        let item = told.lines().find(|it| it.contains(&what));
        assert!(item.is_some_and(|it| it.contains(&place)), "{told}");
        assert!(!told.contains("ticket"), "{told}");
        // Nor is one that came by git taken for one without a bead.
        fs::remove_file(ticket_file(&town, &slung.agent)).unwrap_or_default();
    }
}

#[test]
fn a_gate_whose_bead_was_taken_off_the_hook() {
    let (town, slung) = with_hook();
    let done = slung.gt(&town, &["done", "--phase", "--json"]).ok().json();
    let gate = done["gate"].as_str().expect("a gate").to_owned();
    sound(&town);
    let open = bead_file(&town, &gate);
    town.gt(&["release", "gt-one"]).ok();
    assert_ne!(bead_file(&town, &gate), open);
    // As if the release had been killed before it closed the gate.
    town.write(format!(".beads/beads/o/{gate}.yaml"), &open);
    repaired(&town, &["waits for it no more"]);
    assert_eq!(status(&town, &gate), "closed");
}
