//! `gt sling`: one bead, several, and what it does not do when asked not to.

use super::support::*;

#[test]
fn one_bead_gets_a_polecat_a_branch_and_a_worktree_and_no_convoy() {
    let town = rig("hang");
    bead(&town, "gt-one", "Fix the login");
    let slung = sling(&town, "gt-one", &[]);
    assert_eq!(slung.branch, format!("polecat/toast/{}", slung.bead));
    assert_eq!(slung.agent, "app/polecats/toast");
    assert!(slung.worktree.join("README.md").exists());
    assert_eq!(field(&town, "gt-one", "assignee"), slung.agent);
    assert_eq!(field(&town, "gt-one", "branch"), slung.branch);
    assert_eq!(field(&town, "gt-one", "attempt"), "1");
    assert!(
        !town
            .repo()
            .join(".beads/convoys")
            .read_dir()
            .unwrap()
            .any(|_| true)
    );
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    assert_eq!(town.agents_at_work()["gt-one"].len(), 1);
    sound(&town);
}

#[test]
fn several_beads_get_a_polecat_each_and_one_convoy() {
    let town = rig("hang");
    for id in ["gt-one", "gt-two", "gt-three"] {
        bead(&town, id, id);
    }
    let answer = town
        .gt(&["sling", "gt-one", "gt-two", "gt-three", "app", "--json"])
        .ok()
        .json();
    let agents: std::collections::BTreeSet<_> =
        (0..3).map(|i| placed(&answer["slung"][i]).agent).collect();
    assert_eq!(agents.len(), 3);
    let convoy = answer["convoy"].as_str().unwrap().to_owned();
    let file = town.read(format!(".beads/convoys/{convoy}.yaml"));
    assert_eq!(plain(&file, "title").unwrap(), "gt-one and 2 more");
    assert_eq!(file.matches("  - title:").count(), 3);
    town.wait_until(LONG, || town.agents_at_work().len() == 3);
    // The workers may be writing while they begin: what is not renamed yet
    // is no convoy.
    let names = town.repo().join(".beads/convoys").read_dir().unwrap();
    let names = names.map(|entry| entry.unwrap().file_name());
    assert_eq!(
        names
            .filter(|name| !name.to_string_lossy().starts_with('.'))
            .count(),
        1
    );
    town.kill_all();
    sound(&town);
}

#[test]
fn convoys_are_made_or_not_as_asked() {
    let town = rig("hang");
    for id in ["gt-one", "gt-two", "gt-three"] {
        bead(&town, id, id);
    }
    let one = town
        .gt(&[
            "sling",
            "gt-one",
            "app",
            "--convoy",
            "-s",
            "Alone",
            "--no-spawn",
            "--json",
        ])
        .ok()
        .json();
    let file = town.read(format!(
        ".beads/convoys/{}.yaml",
        one["convoy"].as_str().unwrap()
    ));
    assert_eq!(plain(&file, "title").unwrap(), "Alone");
    let two = town
        .gt(&[
            "sling",
            "gt-two",
            "gt-three",
            "app",
            "--no-convoy",
            "--no-spawn",
            "--json",
        ])
        .ok()
        .json();
    assert!(two["convoy"].is_null());
    sound(&town);
}

#[test]
fn a_dry_run_writes_nothing_at_all() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    for args in [
        &["sling", "gt-one", "app", "--dry-run"][..],
        &["sling", "gt-one", "gt-two", "app", "-n"],
        &["sling", "gt-one", "app", "-n", "--json", "--convoy"],
        &["sling", "gt-one", "mayor", "-n"],
        &["sling", "gt-one", "app/ann", "-n"],
    ] {
        let answer = changes_nothing(&town, || town.gt(args)).ok();
        assert!(answer.stdout.contains("gt-one"), "{answer}");
    }
    let answer = town.gt(&["sling", "gt-one", "gt-two", "app", "-n"]).ok();
    assert!(answer.stdout.contains("would make a convoy"), "{answer}");
    assert!(town.processes().is_empty());
}

#[test]
fn without_a_spawn_it_stops_after_the_hook() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    assert!(hook_file(&town, &slung.agent).exists());
    assert!(ticket_file(&town, &slung.agent).exists());
    assert!(!slung.worktree.exists());
    assert!(town.processes().is_empty());
    assert_eq!(status(&town, "gt-one"), "hooked");
    sound(&town);

    // Slung again it gets what it lacks, and stays at its attempt.
    town.gt(&["sling", "gt-one", "app"]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    assert!(slung.worktree.join("README.md").exists());
    assert_eq!(field(&town, "gt-one", "attempt"), "1");
}

#[test]
fn the_agent_asked_for_is_the_one_that_runs() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &["--agent", "defer"]);
    wait_for(&town, "gt-one", "deferred");
    assert!(slung.worktree.join("begun-gt-one.txt").exists());
    bead(&town, "gt-two", "Two");
    let slung = sling(&town, "gt-two", &["--agent", "ignore", "--no-spawn"]);
    assert_eq!(on_hook(&town, &slung.agent, "runtime").unwrap(), "ignore");
}

#[test]
fn a_name_can_be_asked_for() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    let slung = sling(&town, "gt-one", &["--name", "rusty", "--no-spawn"]);
    assert_eq!(slung.branch, "polecat/rusty/gt-one");
    says(
        town.gt(&["sling", "gt-two", "app", "--name", "rusty"]),
        4,
        &["app/polecats/rusty", "gt-one", "gt unsling gt-one"],
    );
    says(
        town.gt(&["sling", "gt-two", "app", "--name", "../x"]),
        2,
        &["no name"],
    );
    says(
        town.gt(&["sling", "gt-two", "mayor", "--name", "x"]),
        2,
        &["--name"],
    );
    assert_eq!(status(&town, "gt-two"), "open");
}

#[test]
fn a_bead_named_twice_and_no_bead_are_refused() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    let fails = |args: &[&str], code: i32, word: &str| {
        says(changes_nothing(&town, || town.gt(args)), code, &[word]);
    };
    fails(
        &["sling", "gt-one", "gt-one", "app"],
        2,
        "gt-one is named twice",
    );
    fails(&["sling", "app"], 2, "which bead");
    fails(&["sling", "gt-one", "gt-two"], 2, "rig as target");
    fails(&["sling", "gt-one", "gt-two", "mayor"], 2, "rig as target");
    fails(&["sling", "gt-none", "app"], 3, "no issue found matching");
    fails(&["sling", "../x", "app"], 3, "../x");
}
