//! Commands that meet: exactly one outcome, and nothing half of each.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use testkit::{Call, Output, Town};

use super::support::*;

fn winners(answers: &[Output]) -> Vec<&Output> {
    answers.iter().filter(|it| it.status.success()).collect()
}

/// That the losers say why, in one of the documented statuses.
#[track_caller]
fn others_say_why(answers: &[Output]) {
    for loser in answers.iter().filter(|it| !it.status.success()) {
        assert!(matches!(loser.status.code(), Some(3 | 4)), "{loser}");
        assert!(
            loser.stderr.contains("gt-one") || loser.stderr.contains("is over"),
            "{loser}"
        );
        assert!(!loser.stderr.contains("panicked"), "{loser}");
    }
}

#[test]
fn of_two_slings_of_a_bead_one_wins_and_the_other_says_why() {
    for _ in 0..8 {
        let town = rig("hang");
        bead(&town, "gt-one", "One");
        let targets = ["app/ann", "app/bob"];
        let calls =
            targets.map(|target| town.call("gt", &["sling", "gt-one", target, "--no-spawn"]));
        let answers = Call::race(&calls);
        // A holder that was never started may be taken over by the second.
        assert!(!winners(&answers).is_empty(), "{answers:?}");
        others_say_why(&answers);
        let hooks = ["app/polecats/ann", "app/polecats/bob"].map(|agent| hook_file(&town, agent));
        assert_eq!(hooks.iter().filter(|file| file.exists()).count(), 1);
        sound(&town);
    }
}

#[test]
fn of_two_slings_with_workers_one_worker_is_left() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let calls = [(); 4].map(|()| town.call("gt", &["sling", "gt-one", "app"]));
    let answers = Call::race(&calls);
    assert!(!winners(&answers).is_empty(), "{answers:?}");
    others_say_why(&answers);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    assert_eq!(town.agents_at_work()["gt-one"].len(), 1);
    town.kill_all();
    sound(&town);
}

#[test]
fn fifty_slings_at_once_all_succeed_with_a_name_each() {
    let town = rig("hang");
    let config = town.read(".beads/config.yaml");
    town.write(
        ".beads/config.yaml",
        &config.replace("max_polecats: 4", "max_polecats: 50"),
    );
    let ids: Vec<_> = (0..50)
        .map(|n| bead(&town, &format!("gt-b{n}"), "Work"))
        .collect();
    let calls: Vec<_> = ids
        .iter()
        .map(|id| town.call("gt", &["sling", id, "app", "--json"]))
        .collect();
    let start = Instant::now();
    let answers = Call::race(&calls);
    println!("50 slings at once: {:?}", start.elapsed());
    let slung: Vec<_> = answers
        .into_iter()
        .map(|answer| placed(&answer.ok().json()["slung"][0]))
        .collect();
    let names: BTreeSet<_> = slung.iter().map(|it| it.agent.clone()).collect();
    assert_eq!(names.len(), 50);
    assert!(
        slung
            .iter()
            .all(|it| it.worktree.join("README.md").exists())
    );
    town.kill_all();
    sound(&town);
}

/// A polecat that is ready to end its work.
fn ready() -> (Town, Slung) {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    slung.commit(&town, "work.txt");
    (town, slung)
}

#[test]
fn done_twice_at_once_files_one_merge_request() {
    for _ in 0..5 {
        let (town, slung) = ready();
        let calls = [(); 3].map(|()| slung.call(&town, "gt", &["done"]));
        let answers = Call::race(&calls);
        // The same end of the same attempt: whoever comes late finds it done.
        assert!(!winners(&answers).is_empty(), "{answers:?}");
        others_say_why(&answers);
        let told = winners(&answers).into_iter().map(|it| &it.stdout);
        assert_eq!(told.collect::<BTreeSet<_>>().len(), 1);
        let made = town
            .bd(&["list", "--all", "-t", "merge-request", "--json"])
            .ok()
            .json();
        assert_eq!(made.as_array().unwrap().len(), 1);
        assert_eq!(status(&town, "gt-one"), "completed");
        sound(&town);
    }
}

#[test]
fn two_different_ends_at_once_have_one_outcome() {
    for _ in 0..5 {
        let (town, slung) = ready();
        let exits = [&["done"][..], &["done", "--defer"], &["done", "--no-mr"]];
        let calls = exits.map(|args| slung.call(&town, "gt", args));
        let answers = Call::race(&calls);
        let won: Vec<_> = (0..3).filter(|&i| answers[i].status.success()).collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        assert_eq!(
            status(&town, "gt-one"),
            ["completed", "deferred", "closed"][won[0]]
        );
        sound(&town);
    }
}

#[test]
fn release_and_done_at_once_have_one_outcome() {
    for _ in 0..5 {
        let (town, slung) = ready();
        let calls = [
            slung.call(&town, "gt", &["done"]),
            town.call("gt", &["release", "gt-one"]),
        ];
        let answers = Call::race(&calls);
        assert_eq!(winners(&answers).len(), 1, "{answers:?}");
        others_say_why(&answers);
        let expected = if answers[0].status.success() {
            "completed"
        } else {
            "open"
        };
        assert_eq!(status(&town, "gt-one"), expected);
        sound(&town);
    }
}

#[test]
fn sling_and_close_at_once_have_one_outcome() {
    for round in 0..8 {
        let town = rig("hang");
        bead(&town, "gt-one", "One");
        let calls = [
            town.call("gt", &["sling", "gt-one", "app", "--no-spawn"]),
            town.call("bd", &["close", "gt-one"]),
        ];
        let answers = Call::race(&calls);
        assert_eq!(winners(&answers).len(), 1, "round {round}: {answers:?}");
        others_say_why(&answers);
        let expected = if answers[0].status.success() {
            "hooked"
        } else {
            "closed"
        };
        assert_eq!(status(&town, "gt-one"), expected);
        sound(&town);
    }
}

#[test]
fn two_moves_by_force_at_once_leave_one_worker() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["app/toast"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    let calls =
        ["app/ann", "app/bob"].map(|to| town.call("gt", &["sling", "gt-one", to, "--force"]));
    let answers = Call::race(&calls);
    assert!(!winners(&answers).is_empty(), "{answers:?}");
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    assert_eq!(town.agents_at_work()["gt-one"].len(), 1, "{answers:?}");
    town.kill_all();
    sound(&town);
}

#[test]
fn a_worker_that_a_watcher_started_may_have_asked_before_the_sling_is_through() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    town.gt(&["sling", "gt-one", "app", "--no-spawn"]).ok();
    town.gt(&["release", "gt-one"]).ok();
    // While it makes the worktree, everything else happens.
    let sling = town.call("gt", &["sling", "gt-one", "app/toast"]).start();
    let hook = hook_file(&town, "app/polecats/toast");
    town.wait_until(Duration::from_secs(30), || hook.exists());
    let session = town
        .repo()
        .join(".git/plaintown/sessions/app/polecats/toast.yaml");
    fs::create_dir_all(session.parent().unwrap()).unwrap();
    let nonce = on_hook(&town, "app/polecats/toast", "nonce").unwrap();
    let text = format!(
        "format: 1\n\nagent: app/polecats/toast\n\nbead: gt-one\n\nattempt: 2\n\nnonce: {nonce}\n\n\
         process: \"b:1:1\"\n\nruntime: ignore\n\nlog: /dev/null\n\nconversation: null\n\n\
         resumed: null\n\nreminders: 0\n\nterminal: null\n\nstarted_at: 2026-01-15T10:00:00Z\n"
    );
    fs::write(&session, text).unwrap();
    town.gt(&["escalate", "gt-one", "-m", "which way?"]).ok();
    let out = sling.wait_with_output().unwrap();
    assert!(out.status.success(), "{out:?}");
    assert_eq!(status(&town, "gt-one"), "escalated");
}
