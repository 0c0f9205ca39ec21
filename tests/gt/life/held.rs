//! A bead that another agent has and nobody works on: it stays there unless it is
//! taken by force, and every hint does what it says.

use testkit::{Output, Town};

use super::support::*;

const TOAST: &str = "app/polecats/toast";

/// The commands that would put it on another hook.
const TAKING: [&str; 4] = [
    "sling gt-one",
    "sling gt-one .",
    "hook gt-one",
    "sling gt-one app/rusty",
];

#[track_caller]
fn refused_naming(town: &Town, words: &[&str]) {
    for command in TAKING {
        let args: Vec<&str> = command.split(' ').collect();
        let told = changes_nothing(town, || town.gt(&args));
        let told = says(told, 4, &[TOAST, "--force"]);
        says(told, 4, words);
    }
}

/// Runs a command of a hint, letter by letter.
#[track_caller]
fn follow(town: &Town, told: &Output, command: &str) -> Output {
    let quoted = format!("`{command}`");
    assert!(
        told.text().contains(&quoted) || told.stderr.contains(&quoted),
        "{told}"
    );
    let mut words = command.split(' ');
    let program = words.next().expect("a hint names a program");
    let output = town.call(program, &words.collect::<Vec<_>>()).run();
    output.ok()
}

fn escalated(agent: &str) -> Town {
    let town = rig(agent);
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    slung
        .gt(&town, &["done", "--escalate", "-m", "which?"])
        .ok();
    town
}

fn at_a_gate(agent: &str) -> Town {
    let town = rig(agent);
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one").gt(&town, &["done", "--phase"]).ok();
    town
}

fn queued(agent: &str) -> Town {
    let town = rig(agent);
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["--no-spawn"]);
    town
}

#[test]
fn an_escalated_bead_waits_for_its_answer() {
    let town = escalated("hang");
    let answer = "gt escalate resolve gt-one -m ANSWER";
    refused_naming(&town, &["escalated", "which?", answer]);
    let told = town.gt(&["sling", "gt-one"]).fails(4);
    follow(&town, &told, answer);
    assert_eq!(status(&town, "gt-one"), "in_progress");
    assert_eq!(field(&town, "gt-one", "assignee"), TOAST);
}

#[test]
fn a_parked_bead_waits_for_its_gate() {
    let town = at_a_gate("hang");
    refused_naming(&town, &["parked", "gt-gate-one.1_1", "gt resume gt-one"]);
    let told = town.gt(&["hook", "gt-one"]).fails(4);
    follow(&town, &told, "gt resume gt-one");
    assert_eq!(field(&town, "gt-one", "assignee"), TOAST);
}

#[test]
fn a_queued_bead_waits_for_its_worker() {
    let town = queued("hang");
    refused_naming(&town, &["waits to be started"]);
    let told = town.gt(&["sling", "gt-one"]).fails(4);
    follow(&town, &told, &format!("gt sling gt-one {TOAST}"));
    town.wait_until(LONG, || town.agents_at_work().contains_key("gt-one"));
    assert_eq!(field(&town, "gt-one", "attempt"), "1");
    town.kill_all();
    sound(&town);
}

#[test]
fn force_takes_it_and_leaves_no_question_open() {
    for target in [".", "app", "app/rusty", "app/toast"] {
        let town = escalated("hang");
        town.gt(&["sling", "gt-one", target, "--force", "--no-spawn"])
            .ok();
        assert_eq!(status(&town, "gt-one"), "hooked", "{target}");
        let open = town.gt(&["escalate", "list", "--json"]).ok().json();
        assert_eq!(open.as_array().map(Vec::len), Some(0), "{target}: {open}");
        let all = town
            .gt(&["escalate", "list", "--all", "--json"])
            .ok()
            .json();
        assert_eq!(all[0]["resolved_by"], "overseer", "{target}: {all}");
        sound(&town);
    }
}

#[test]
fn what_is_taken_off_a_hook_leaves_no_gate_open() {
    for command in [
        "sling gt-one . --force",
        "sling gt-one app/toast --force --no-spawn",
        "release gt-one",
        "close gt-one --force",
    ] {
        let town = at_a_gate("hang");
        town.gt(&command.split(' ').collect::<Vec<_>>()).ok();
        assert_eq!(status(&town, "gt-gate-one.1_1"), "closed", "{command}");
        sound(&town);
    }
}

#[test]
fn a_worker_that_ended_at_once_is_started_again_as_its_hint_says() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let command = "[sh, -c, 'echo x >>\"$HOME/ran\"; exit 3']";
    town.config(&format!(
        "default_runtime: broken\nruntimes:\n  broken:\n    command: {command}\n"
    ));
    let told = town.gt(&["sling", "gt-one", "app"]).fails(1);
    let again = format!("gt sling gt-one {TOAST}");
    assert!(told.stderr.contains(&format!("`{again}`")), "{told}");
    town.gt(&["sling", "gt-one", TOAST]).fails(1);
    let ran = std::fs::read_to_string(town.root().join("home/ran")).unwrap();
    assert_eq!(ran, "x\nx\n", "it was started again");
    assert_eq!(field(&town, "gt-one", "attempt"), "1");
    assert_eq!(field(&town, "gt-one", "assignee"), TOAST);
}

#[test]
fn a_worktree_that_is_gone_is_made_anew_as_the_doctor_says() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    town.kill_all();
    std::fs::remove_dir_all(&slung.worktree).unwrap();
    let told = town.gt(&["doctor"]).fails(5);
    follow(&town, &told, &format!("gt sling gt-one {TOAST}"));
    assert!(slung.worktree.join(".git").exists());
    town.kill_all();
}

#[test]
fn nor_does_it_go_on_in_a_worktree_that_is_gone_unless_the_doctor_says_how() {
    // Its worker still runs: it is handed out anew.
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    std::fs::remove_dir_all(&slung.worktree).unwrap();
    let told = town.gt(&["doctor"]).fails(5);
    follow(&town, &told, "gt sling gt-one app --force");
    assert_ne!(field(&town, "gt-one", "assignee"), TOAST);
    town.kill_all();
    // It waits: it goes on there.
    let town = at_a_gate("hang");
    let tree = town.root().join("home/.local/state/plaintown");
    std::fs::remove_dir_all(tree).unwrap();
    let told = town.gt(&["doctor"]).fails(5);
    assert!(told.text().contains("`gt resume gt-one`"), "{told}");
    // Its runtime ends at once; what it stands on is there again.
    town.gt(&["resume", "gt-one"]);
    let told = town.gt(&["doctor"]);
    assert!(!told.text().contains("are gone"), "{told}");
}

#[test]
fn work_that_nobody_has_is_handed_out_as_the_hints_say() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    for command in [["handoff", "gt-one"], ["attach", "gt-one"]] {
        let told = town.gt(&command).fails(4);
        assert!(told.stderr.contains("`gt sling gt-one app`"), "{told}");
    }
    let told = town.gt(&["handoff", "gt-one"]).fails(4);
    follow(&town, &told, "gt sling gt-one app");
    town.kill_all();
    let told = town.gt(&["attach", "gt-one"]).fails(4);
    follow(&town, &told, &format!("gt sling gt-one {TOAST}"));
    town.kill_all();
}

#[test]
fn who_claimed_it_is_named() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.bd(&["--actor", "ann", "update", "gt-one", "--claim"])
        .ok();
    let told = changes_nothing(&town, || town.gt(&["sling", "gt-one", "app"]));
    says(told, 4, &["in_progress: ann has it", "--force"]);
}

#[test]
fn wrong_names_are_told_for_what_they_are() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    let told = town.gt(&["sling", "gt-one", "gt-two", "app", "--name", "rusty"]);
    says(told, 2, &["--name names one polecat", "2 beads"]);
    let told = town.gt(&["sling", "gt-one", "app/crew/Bob"]);
    says(told, 2, &["`Bob` is no name", "lower-case"]);
}

#[test]
fn what_another_worktree_of_the_clone_has_handed_out_is_not_handed_out_again() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.git(&["add", "."]);
    town.git(&["commit", "--quiet", "-m", "beads"]);
    let linked = town.root().join("linked");
    let path = linked.to_str().expect("a path of text");
    town.git(&["worktree", "add", "--quiet", "-b", "feature", path]);
    let there = town.call("gt", &["sling", "gt-one", "app/nux"]);
    there.dir(&linked).run().ok();
    for args in [
        &["sling", "gt-one", "app"][..],
        &["sling", "gt-one", "app", "--force"],
        &["hook", "gt-one"],
    ] {
        let refused = town.gt(args);
        says(
            refused,
            4,
            &["app/polecats/nux", "another worktree of this clone"],
        );
        assert_eq!(status(&town, "gt-one"), "open");
    }
    town.wait_until(LONG, || {
        let at_work = town.agents_at_work();
        at_work.get("gt-one").is_some_and(|all| all.len() == 1)
    });
    town.kill_all();
}
