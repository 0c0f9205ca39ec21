//! Work that is taken away, or put down: what stops and what is kept.

use std::time::{Duration, Instant};

use super::support::*;

#[test]
fn release_stops_the_worker_and_keeps_its_worktree() {
    for command in ["release", "unsling"] {
        let town = rig("hang");
        bead(&town, "gt-one", "One");
        let slung = sling(&town, "gt-one", &[]);
        town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
        std::fs::write(slung.worktree.join("half.txt"), "half").unwrap();
        town.gt(&[command, "gt-one"]).ok();
        assert!(town.processes().is_empty(), "the worker still runs");
        assert_eq!(ended(&town, "gt-one"), 1, "it was asked, and said goodbye");
        assert_eq!(status(&town, "gt-one"), "open");
        assert_eq!(field(&town, "gt-one", "assignee"), "null");
        assert!(slung.worktree.join("half.txt").exists());
        assert!(!hook_file(&town, &slung.agent).exists());
        assert!(!ticket_file(&town, &slung.agent).exists());
        sound(&town);
    }
}

#[test]
fn a_worker_that_does_not_listen_is_killed_after_a_grace_time() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let stubborn = "trap \"\" TERM; touch \"$HOME/deaf\"; while :; do sleep 1; done";
    town.config(&format!(
        "runtimes:\n  deaf:\n    command: [sh, -c, '{stubborn}']\n"
    ));
    sling(&town, "gt-one", &["--agent", "deaf"]);
    town.wait_until(LONG, || town.root().join("home/deaf").exists());
    let start = Instant::now();
    town.gt(&["release", "gt-one"]).ok();
    assert!(
        start.elapsed() >= Duration::from_secs(4),
        "it had no grace time"
    );
    assert!(town.processes().is_empty());
    sound(&town);
}

#[test]
fn what_was_released_is_free_for_anybody() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let first = idle(&town, "gt-one");
    let commit = first.commit(&town, "begun.txt");
    town.gt(&["release", "gt-one"]).ok();
    let second = sling(&town, "gt-one", &[]);
    assert_ne!(second.agent, first.agent);
    assert_eq!(field(&town, "gt-one", "attempt"), "2");
    assert_eq!(head(&town, &second.worktree), commit);
    town.kill_all();
    sound(&town);
}

#[test]
fn put_down_work_is_continued_by_another_from_the_kept_branch() {
    let town = rig("defer");
    bead(&town, "gt-one", "One");
    let first = sling(&town, "gt-one", &[]);
    wait_for(&town, "gt-one", "deferred");
    let kept = head(&town, &first.worktree);
    says(
        town.gt(&["sling", "gt-one", "app"]),
        4,
        &["deferred", "gt release gt-one"],
    );
    says(
        town.gt(&["unsling", "gt-one"]),
        4,
        &["deferred", "gt release"],
    );
    let told = town.gt(&["release", "gt-one"]).ok();
    assert!(told.stderr.contains(&first.branch), "{told}");
    let second = sling(&town, "gt-one", &["--agent", "hang"]);
    assert_ne!(second.branch, first.branch);
    assert_eq!(
        second.branch,
        format!(
            "polecat/{}/gt-one",
            second.agent.rsplit('/').next().unwrap()
        )
    );
    assert_eq!(head(&town, &second.worktree), kept);
    assert!(second.worktree.join("begun-gt-one.txt").exists());
    town.kill_all();
    sound(&town);
}

#[test]
fn a_polecat_gets_its_own_released_bead_back() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let first = idle(&town, "gt-one");
    let commit = first.commit(&town, "begun.txt");
    town.gt(&["release", "gt-one"]).ok();
    let again = sling(&town, "gt-one", &["app/toast"]);
    assert_eq!(again.worktree, first.worktree);
    assert_eq!(head(&town, &again.worktree), commit);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    town.kill_all();
    let done = again.gt(&town, &["done"]).ok();
    assert!(done.stdout.contains("gt-mr-one.2"), "{done}");
    sound(&town);
}

#[test]
fn nothing_that_nobody_has_can_be_released() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    for command in ["release", "unsling"] {
        says(
            changes_nothing(&town, || town.gt(&[command, "gt-one"])),
            4,
            &["gt-one", "open"],
        );
        says(town.gt(&[command, "gt-none"]), 3, &["gt-none"]);
    }
    says(
        town.gt(&["unsling"]),
        3,
        &["nothing is on the hook of overseer"],
    );
    town.bd(&["close", "gt-one"]).ok();
    says(
        town.gt(&["release", "gt-one"]),
        4,
        &["closed", "bd reopen gt-one"],
    );
}

#[test]
fn ones_own_bead_needs_no_name() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.gt(&["hook", "gt-one"]).ok();
    town.gt(&["unsling"]).ok();
    assert_eq!(status(&town, "gt-one"), "open");
    sound(&town);
}

#[test]
fn all_that_are_named_are_released_whatever_their_branches_are_called() {
    let town = rig("hang");
    for (id, name) in [("gt-one", "app/toast"), ("gt-two", "app/acorn")] {
        bead(&town, id, id);
        sling(&town, id, &[name, "--no-spawn"]);
    }
    let text = bead_file(&town, "gt-one");
    let branch = plain(&text, "branch").expect("it has one");
    let text = text.replace(&format!("branch: {branch}"), "branch: a..b");
    town.write(".beads/beads/o/gt-one.yaml", &text);
    town.gt(&["release", "gt-one", "gt-two"]).ok();
    assert_eq!(status(&town, "gt-one"), "open");
    assert_eq!(status(&town, "gt-two"), "open");
    town.kill_all();
}
