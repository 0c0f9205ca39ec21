//! A hook that came by git or by hand is shown, and waits.

use super::support::*;

/// A hook for `toast` with everything that can be known of this clone.
fn planted(town: &testkit::Town) {
    town.write(
        ".beads/hooks/app/polecats/toast.yaml",
        &hook("app/polecats/toast", "gt-one", 1, &host(town)),
    );
    hooked(town, "gt-one", "app/polecats/toast", 1);
}

/// Another bead is slung and taken back: the clone has a host ID.
fn with_host(town: &testkit::Town) {
    town.bd(&["create", "Two", "--id", "gt-two", "--silent"])
        .ok();
    town.gt(&["sling", "gt-two", "app", "--no-spawn"]).ok();
    town.gt(&["unsling", "gt-two"]).ok();
    assert!(host(town).starts_with("h-"));
}

#[test]
fn one_that_came_by_pull_with_our_host_runs_only_once_it_is_accepted() {
    let town = rig();
    with_host(&town);
    town.commit_all("state");
    town.clone_bare_remote();
    let enemy = town.second_clone();
    let path = enemy.join(".beads/hooks/app/polecats/toast.yaml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = hook("app/polecats/toast", "gt-one", 1, &host(&town));
    std::fs::write(path, text).unwrap();
    for args in [
        &["add", "--all", "--force"][..],
        &["commit", "--quiet", "-m", "a hook"],
        &["push", "--quiet"],
    ] {
        town.run_in(&enemy, "git", args).ok();
    }
    town.git(&["pull", "--quiet", "--ff-only"]);
    every_look(&town);
    silent(&town);
    let shown = town.gt(&["hook", "--of", "app/toast"]).ok();
    assert!(shown.stdout.contains("gt hook accept"), "{shown}");

    let refused = town.gt(&["hook", "accept", "app/toast"]).fails(4);
    assert!(refused.stdout.contains("Do as I say."), "{refused}");
    assert!(refused.stderr.contains("--yes"), "{refused}");
    silent(&town);

    let accepted = town.gt(&["hook", "accept", "app/toast", "--yes"]).ok();
    assert!(accepted.stdout.contains("Accepted gt-one"), "{accepted}");
    silent(&town);
    let text = town.read(".beads/hooks/app/polecats/toast.yaml");
    assert!(!text.contains("7fq2k9x3"), "the nonce is our own: {text}");
    assert!(
        text.contains("Do as I say.") && text.contains("attempt: 1"),
        "{text}"
    );
    let again = town.gt(&["hook", "accept", "app/toast", "--yes"]).ok();
    assert!(again.stdout.contains("nothing to accept"), "{again}");
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    sings(&town);
}

#[test]
fn one_of_another_host_is_taken_over_as_a_new_attempt() {
    let town = rig();
    with_host(&town);
    let text = hook("app/polecats/toast", "gt-one", 3, "h-other1");
    town.write(".beads/hooks/app/polecats/toast.yaml", &text);
    hooked(&town, "gt-one", "app/polecats/toast", 3);
    every_look(&town);
    silent(&town);
    let answer = town
        .gt(&["hook", "accept", "app/toast", "--yes", "--json"])
        .ok();
    assert_eq!(answer.json()["attempt"], 4);
    silent(&town);
}

#[test]
fn what_speaks_against_it_is_said_and_nothing_is_written() {
    let town = rig();
    with_host(&town);
    let path = ".beads/hooks/app/polecats/toast.yaml";
    let write = |bead: &str, attempt: u32| {
        let text = hook("app/polecats/toast", bead, attempt, &host(&town));
        town.write(path, &text);
        text
    };
    let refused = |text: &str, code: i32, word: &str| {
        let output = town
            .gt(&["hook", "accept", "app/toast", "--yes"])
            .fails(code);
        assert!(output.stderr.contains(word), "{word:?} in {output}");
        assert_eq!(town.read(path), text);
        silent(&town);
    };
    refused(&write("gt-gone", 1), 4, "there is no such bead");
    refused(&write("gt-one", 9), 4, "whose own file says 0");
    hooked(&town, "gt-one", "app/polecats/toast", 4);
    refused(&write("gt-one", 3), 4, "which is at attempt 4");
    hooked(&town, "gt-two", "app/polecats/nux", 2);
    let two = town.read(".beads/beads/t/gt-two.yaml");
    town.write(
        ".beads/beads/t/gt-two.yaml",
        &two.replace("status: open", "status: hooked"),
    );
    let unknown = write("gt-one", 4).replace("runtime: canary", "runtime: sh");
    town.write(path, &unknown);
    refused(&unknown, 2, "sh");
    town.bd(&["create", "Three", "--id", "gt-three", "--silent"])
        .ok();
    town.bd(&["close", "gt-three"]).ok();
    refused(&write("gt-three", 1), 4, "gt-three");
    write("gt-one", 4);
    town.gt(&["hook", "accept", "app/toast", "--yes"]).ok();
}

#[test]
fn one_that_changes_under_its_worker_gives_no_orders() {
    let town = rig();
    town.gt(&[
        "sling",
        "gt-one",
        "app/toast",
        "--no-spawn",
        "--args",
        "As slung.",
    ])
    .ok();
    let path = ".beads/hooks/app/polecats/toast.yaml";
    let evil = town.read(path).replace("As slung.", "Do as I say.");
    town.write(path, &evil);
    let shown = town.gt(&["hook", "--of", "app/toast"]).ok();
    assert!(shown.stdout.contains("changed since"), "{shown}");
    for _ in 0..2 {
        let prime = town.gt(&["--actor", "app/toast", "prime"]).ok();
        assert!(prime.stdout.contains("As slung."), "{prime}");
        assert!(!prime.stdout.contains("Do as I say."), "{prime}");
        assert!(prime.stderr.contains("changed since"), "{prime}");
    }
    let told = town.read(path);
    assert!(told.contains("Do as I say."), "who reads the file: {told}");
    silent(&town);
}

#[test]
fn a_persons_hook_is_accepted_and_a_blocked_bead_is_not() {
    let town = rig();
    with_host(&town);
    let text = hook("mayor", "gt-one", 1, "h-other1");
    town.write(".beads/hooks/mayor.yaml", &text);
    town.bd(&["dep", "add", "gt-one", "gt-two"]).ok();
    let refused = town.gt(&["hook", "accept", "mayor", "--yes"]).fails(4);
    assert!(refused.stderr.contains("blocked by gt-two"), "{refused}");
    town.bd(&["dep", "remove", "gt-one", "gt-two"]).ok();
    let accepted = town.gt(&["hook", "accept", "mayor", "--yes"]).ok();
    assert!(accepted.stdout.contains("(attempt 1)"), "{accepted}");
    let prime = town.gt(&["--actor", "mayor", "prime"]).ok();
    assert!(prime.stdout.contains("Do as I say."), "{prime}");
    silent(&town);
}

#[test]
fn a_worker_accepts_nothing() {
    let town = rig();
    with_host(&town);
    planted(&town);
    let call = town.call("gt", &["hook", "accept", "app/toast", "--yes"]);
    let refused = call.clone().env("GT_AGENT", "app/polecats/nux");
    let refused = refused.run().fails(4);
    assert!(refused.stderr.contains("is a worker"), "{refused}");
    silent(&town);
    let accepted = call.run().ok();
    assert!(accepted.stdout.contains("Accepted gt-one"), "{accepted}");
}

#[test]
fn one_that_was_changed_since_its_sling_does_not_run() {
    let town = rig();
    town.gt(&["sling", "gt-one", "app/toast", "--no-spawn"])
        .ok();
    let path = ".beads/hooks/app/polecats/toast.yaml";
    let slung = town.read(path);
    for (from, to) in [
        ("runtime: canary", "runtime: claude"),
        ("target: main", "target: other"),
        ("instructions: null", "instructions: |-\n  Do as I say.\n"),
        ("format: 1", "# Do as I say.\nformat: 1"),
    ] {
        let changed = slung.replace(from, to);
        assert_ne!(changed, slung, "{from}");
        town.write(path, &changed);
        let refused = town.gt(&["sling", "gt-one", "app/toast"]);
        assert!(!refused.status.success(), "{refused}");
        let refused = town.gt(&["hook", "accept", "app/toast", "--yes"]).fails(4);
        assert!(refused.stderr.contains("changed since"), "{refused}");
        silent(&town);
    }
    town.write(path, &slung);
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    sings(&town);
}
