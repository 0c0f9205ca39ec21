//! A bead that is slung again: the same hook, a live one, a dead one, by force.

use super::support::*;

#[test]
fn slung_twice_to_its_own_hook_changes_nothing() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &["app/toast"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    let again = changes_nothing(&town, || town.gt(&["sling", "gt-one", "app/toast"])).ok();
    assert!(again.stdout.contains("already"), "{again}");
    assert_eq!(town.agents_at_work()["gt-one"].len(), 1);
    town.gt(&["hook", "gt-one"]).fails(4);
    assert_eq!(
        on_hook(&town, &slung.agent, "attempt").as_deref(),
        Some("1")
    );

    bead(&town, "gt-two", "Two");
    town.gt(&["hook", "gt-two"]).ok();
    let again = changes_nothing(&town, || town.gt(&["hook", "gt-two"])).ok();
    assert!(again.stdout.contains("already"), "{again}");
}

#[test]
fn a_live_agents_bead_is_refused_naming_it() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    for target in ["app", "app/rusty", "mayor", "."] {
        let answer = changes_nothing(&town, || town.gt(&["sling", "gt-one", target]));
        says(answer, 4, &[&slung.agent, "--force", "gt release gt-one"]);
    }
}

#[test]
fn force_moves_it_and_the_loser_changes_nothing_any_more() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let first = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    let done = first.call(&town, "gt", &["done"]);
    let prime = first.call(&town, "gt", &["prime"]);
    let escalate = first.call(&town, "gt", &["done", "--escalate", "-m", "x"]);
    first.commit(&town, "late.txt");
    let second = sling(&town, "gt-one", &["app/rusty", "--force"]);
    assert_ne!(second.agent, first.agent);
    town.wait_until(LONG, || {
        town.agents_at_work()
            .get("gt-one")
            .is_some_and(|all| all.len() == 1)
    });
    assert_eq!(ended(&town, "gt-one"), 1, "the old worker was stopped");
    assert!(!hook_file(&town, &first.agent).exists());
    assert_eq!(field(&town, "gt-one", "attempt"), "2");
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    for call in [done, prime, escalate] {
        says(
            changes_nothing(&town, || call.run()),
            4,
            &["is over", "stop here"],
        );
    }
    town.kill_all();
    sound(&town);
}

#[test]
fn a_dead_agents_hook_is_started_again_or_taken_over() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let first = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    town.kill_all();
    let commit = first.commit(&town, "begun.txt");
    // Without another name: the same agent, worktree and attempt.
    town.gt(&["sling", "gt-one", "app"]).ok();
    town.wait_until(LONG, || town.agents_at_work().contains_key("gt-one"));
    assert_eq!(field(&town, "gt-one", "attempt"), "1");
    assert_eq!(field(&town, "gt-one", "assignee"), first.agent);
    town.kill_all();
    // To another one: taken over, with the work so far.
    let second = sling(&town, "gt-one", &["app/rusty", "--agent", "hang"]);
    assert_eq!(field(&town, "gt-one", "assignee"), "app/polecats/rusty");
    assert_eq!(field(&town, "gt-one", "attempt"), "2");
    assert_eq!(head(&town, &second.worktree), commit);
    assert!(!hook_file(&town, &first.agent).exists());
    town.kill_all();
    sound(&town);
}

#[test]
fn a_dead_agents_hook_is_started_with_the_words_of_the_new_sling() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let first = idle(&town, "gt-one");
    let commit = first.commit(&town, "begun.txt");
    let again = sling(&town, "gt-one", &["--agent", "hang", "--args", "Slowly"]);
    assert_eq!(
        (&again.agent, &again.worktree),
        (&first.agent, &first.worktree)
    );
    assert_eq!(field(&town, "gt-one", "attempt"), "2");
    assert_eq!(
        on_hook(&town, &again.agent, "runtime").as_deref(),
        Some("hang")
    );
    town.wait_until(LONG, || town.agents_at_work().contains_key("gt-one"));
    assert_eq!(head(&town, &again.worktree), commit);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    town.kill_all();
    sound(&town);
}

#[test]
fn a_polecat_whose_worktree_is_of_another_bead_is_not_taken() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    idle(&town, "gt-one");
    town.gt(&["release", "gt-one"]).ok();
    says(
        changes_nothing(&town, || town.gt(&["sling", "gt-two", "app/toast"])),
        4,
        &[
            "app/polecats/toast still has the worktree of gt-one",
            "gt sling gt-two app",
        ],
    );
}

#[test]
fn nobody_begins_behind_what_was_done_since() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one").commit(&town, "first.txt");
    town.gt(&["release", "gt-one"]).ok();
    let second = sling(&town, "gt-one", &["app/rusty", "--no-spawn"]);
    town.gt(&["release", "gt-one"]).ok();
    town.git(&["branch", "polecat/acorn/gt-one", "main"]);
    town.git(&["branch", &second.branch, "polecat/toast/gt-one"]);
    says(
        changes_nothing(&town, || town.gt(&["sling", "gt-one", "app/acorn"])),
        4,
        &[
            "lacks what was done since on polecat/rusty/gt-one",
            "gt sling gt-one app",
        ],
    );
    let third = sling(&town, "gt-one", &[]);
    assert_eq!(
        third.agent, "app/polecats/almond",
        "toast and acorn are passed over"
    );
    assert!(third.worktree.join("first.txt").exists());
}

#[test]
fn force_takes_completed_work_out_of_the_queue() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let first = idle(&town, "gt-one");
    let commit = first.commit(&town, "begun.txt");
    first.gt(&town, &["done"]).ok();
    says(
        changes_nothing(&town, || town.gt(&["sling", "gt-one", "app"])),
        4,
        &["completed", "gt mq status gt-one", "--force"],
    );
    let second = sling(&town, "gt-one", &["--force"]);
    assert_eq!(field(&town, "gt-mr-one.1", "status"), "closed");
    assert_eq!(field(&town, "gt-mr-one.1", "outcome"), "superseded");
    assert_eq!(head(&town, &second.worktree), commit);
    town.kill_all();
    sound(&town);
}

#[test]
fn a_hooked_bead_is_closed_by_nobody_without_force() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    for program in ["bd", "gt"] {
        let own = slung.call(&town, program, &["close", "gt-one"]);
        says(
            changes_nothing(&town, || own.run()),
            4,
            &["gt done", "--no-mr"],
        );
        let other = town.call(program, &["close", "gt-one"]);
        says(changes_nothing(&town, || other.run()), 4, &["--force"]);
    }
    town.gt(&["close", "gt-one", "--force", "-r", "not needed"])
        .ok();
    assert_eq!(status(&town, "gt-one"), "closed");
    assert!(town.processes().is_empty(), "its worker still runs");
    assert!(!hook_file(&town, &slung.agent).exists());
    assert!(slung.worktree.exists());
    sound(&town);
}

#[test]
fn a_claimed_bead_is_refused_naming_who_has_it() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.bd(&["--actor", "ann", "update", "gt-one", "--claim"])
        .ok();
    says(
        changes_nothing(&town, || town.gt(&["sling", "gt-one", "app"])),
        4,
        &["in_progress", "--force"],
    );
    sling(&town, "gt-one", &["--force", "--no-spawn"]);
    assert_eq!(field(&town, "gt-one", "assignee"), "app/polecats/toast");
    sound(&town);
}
