//! Hooks that wait, and `gt resume`, with agents that go on by themselves.

use super::support::*;

#[test]
fn an_answered_escalation_goes_on_in_the_same_worktree() {
    let town = rig("escalate");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    wait_for(&town, "gt-one", "escalated");
    // Parked work is not started again by accident.
    says(
        town.gt(&["sling", "gt-one", "app"]),
        4,
        &["escalated", "gt escalate resolve gt-one"],
    );
    town.gt(&["resume", "gt-one", "-m", "the first half"]).ok();
    wait_for(&town, "gt-one", "completed");
    let text = std::fs::read_to_string(slung.worktree.join("begun-gt-one.txt")).unwrap();
    assert_eq!(text, "half\nwhole\n");
    let attempts: std::collections::BTreeSet<_> = town
        .agent_log()
        .into_iter()
        .map(|entry| entry.attempt)
        .collect();
    assert_eq!(attempts.len(), 1, "the same attempt went on");
    let comments = town.bd(&["comments", "gt-one"]).ok();
    assert!(comments.stdout.contains("the first half"), "{comments}");
    sound(&town);
}

#[test]
fn a_phase_goes_on_when_a_person_opens_its_gate() {
    let town = rig("phase");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || ended(&town, "gt-one") == 1);
    town.wait_until(LONG, || town.processes().is_empty());
    assert_eq!(status(&town, "gt-one"), "in_progress");
    town.gt(&["resume", "gt-one"]).ok();
    wait_for(&town, "gt-one", "completed");
    assert!(slung.worktree.join("first-gt-one.txt").exists());
    assert!(slung.worktree.join("second-gt-one.txt").exists());
    assert_eq!(status(&town, "gt-gate-one.1_1"), "closed");
    sound(&town);
}

#[test]
fn what_is_not_parked_cannot_be_resumed() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    says(
        changes_nothing(&town, || town.gt(&["resume", "gt-one"])),
        4,
        &["gt-one is open"],
    );
    sling(&town, "gt-one", &["--no-spawn"]);
    says(
        changes_nothing(&town, || town.gt(&["resume", "gt-one"])),
        4,
        &["no parked hook"],
    );
}

#[test]
fn an_escalation_can_be_released_instead() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    slung.gt(&town, &["done", "--escalate", "-m", "help"]).ok();
    town.gt(&["release", "gt-one"]).ok();
    assert_eq!(status(&town, "gt-one"), "open");
    assert!(!hook_file(&town, &slung.agent).exists());
    sound(&town);
}

#[test]
fn prime_on_a_parked_hook_says_stop() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    slung.gt(&town, &["done", "--phase"]).ok();
    let told = changes_nothing(&town, || slung.gt(&town, &["prime"])).ok();
    assert!(
        told.stdout.contains("parked") && told.stdout.contains("Stop here"),
        "{told}"
    );
}

#[test]
fn a_parked_worker_that_lives_on_takes_no_place() {
    let town = rig("hang");
    let config = town.read(".beads/config.yaml");
    let one = config.replace("max_polecats: 4", "max_polecats: 1");
    town.write(".beads/config.yaml", &one);
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    let first = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    let waits = town.gt(&["sling", "gt-two", "app"]).ok();
    assert!(waits.stdout.contains("waits: 1 of 1"), "{waits}");
    first.gt(&town, &["done", "--phase"]).ok();
    assert_eq!(ended(&town, "gt-one"), 0, "its process goes on");
    town.gt(&["sling", "gt-two", "app"]).ok();
    town.wait_until(LONG, || status(&town, "gt-two") == "in_progress");
    let shown = town.gt(&["status"]).ok();
    assert!(shown.stdout.contains("Workers: 1 of 1 run"), "{shown}");
}

#[test]
fn a_phase_waits_for_nothing_that_waits_for_it() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    bead(&town, "gt-three", "Three");
    town.bd(&["dep", "add", "gt-two", "gt-one"]).ok();
    town.bd(&["dep", "add", "gt-three", "gt-two"]).ok();
    let slung = idle(&town, "gt-one");
    for gate in ["gt-one", "gt-two", "gt-three"] {
        let done = ["done", "--phase", "--gate", gate];
        let refused = changes_nothing(&town, || slung.gt(&town, &done));
        says(refused, 4, &[gate, "cannot be its gate", "--gate"]);
    }
}

#[test]
fn whoever_goes_on_is_told_what_was_answered() {
    let mut town = rig("ignore");
    bead(&town, "gt-one", "One");
    town.at("2026-01-15T10:00:00Z");
    town.bd(&["comment", "gt-one", "of old"]).ok();
    town.at("2026-01-15T11:00:00Z");
    let slung = idle(&town, "gt-one");
    let escalate = ["done", "--escalate", "-m", "Which half?"];
    slung.gt(&town, &escalate).ok();
    let answer = ["escalate", "resolve", "gt-one", "-m", "The first one."];
    town.gt(&answer);
    town.wait_until(LONG, || town.processes().is_empty());
    let told = slung.gt(&town, &["prime"]).ok().stdout;
    let asked = "app/polecats/toast: ESCALATED: Which half?";
    let (_, after) = told.split_once(asked).expect(&told);
    assert!(after.contains("overseer: The first one."), "{told}");
    assert!(!told.contains("of old"), "{told}");
}

#[test]
fn what_waits_for_a_bead_is_said_to_go_on_with_that() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    let slung = idle(&town, "gt-one");
    let phase = ["done", "--phase", "--gate", "gt-two"];
    slung.gt(&town, &phase).ok();
    let shown = town.gt(&["status"]).ok().stdout;
    assert!(
        shown.contains("it goes on when gt-two is closed"),
        "{shown}"
    );
    assert!(!shown.contains("gt resume"), "{shown}");
    let file = town.repo().join(".beads/beads/t/gt-two.yaml");
    std::fs::remove_file(file).unwrap();
    let shown = town.gt(&["status"]).ok().stdout;
    assert!(shown.contains("gt-two is not there"), "{shown}");
    town.gt(&["release", "gt-one"]).ok();
    assert_eq!(status(&town, "gt-one"), "open");
}
