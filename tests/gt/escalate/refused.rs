//! What cannot be escalated, seen or answered.

use super::super::life::support::*;

#[test]
fn what_nobody_works_on_cannot_be_escalated() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let escalate = || town.gt(&["escalate", "gt-one", "-m", "why"]);
    says(changes_nothing(&town, escalate), 4, &["gt-one", "open"]);
    town.bd(&["update", "gt-one", "--claim"]).ok();
    says(
        changes_nothing(&town, escalate),
        4,
        &["no hook holds gt-one"],
    );
    says(
        town.gt(&["escalate", "gt-nope0", "-m", "x"]),
        3,
        &["no issue found"],
    );
}

#[test]
fn it_needs_a_reason_and_a_known_severity() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one");
    let refused = |args: &[&str]| changes_nothing(&town, || town.gt(args));
    says(
        refused(&["escalate", "gt-one", "-m", " "]),
        2,
        &["needs a reason"],
    );
    says(refused(&["escalate", "gt-one"]), 2, &["--message"]);
    let urgent = ["escalate", "gt-one", "-m", "x", "--severity", "urgent"];
    says(refused(&urgent), 2, &["critical, high, medium or low"]);
    says(refused(&["done", "--severity", "low"]), 2, &["--severity"]);
}

#[test]
fn only_what_is_escalated_is_seen_or_answered() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one");
    for command in ["ack", "resolve"] {
        let refused = changes_nothing(&town, || town.gt(&["escalate", command, "gt-one"]));
        says(refused, 4, &["not escalated", "gt escalate list"]);
    }
}

#[test]
fn a_worker_whose_attempt_is_over_escalates_nothing() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let first = idle(&town, "gt-one");
    let late = first.call(&town, "gt", &["escalate", "gt-one", "-m", "x"]);
    town.gt(&["release", "gt-one"]).ok();
    idle(&town, "gt-one");
    says(changes_nothing(&town, || late.run()), 4, &["over"]);
}

#[test]
fn what_waits_for_a_gate_goes_on_waiting_for_it() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    slung.gt(&town, &["done", "--phase"]).ok();
    let escalate = || town.gt(&["escalate", "gt-one", "-m", "why"]);
    let refused = changes_nothing(&town, escalate);
    says(refused, 4, &["waits for gt-gate-one.1_1", "gt show gt-one"]);
}
