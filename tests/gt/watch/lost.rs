//! Hooks that are renamed into place: one by one, while git checks out, and many at
//! once. Each worker is started, and once. How soon is for the benchmark to say.

use super::*;
use crate::gt::life::support::*;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Hooks with tickets and worktrees, taken away: (bead, hidden, place).
fn prepared(town: &Town, count: usize) -> Vec<(String, PathBuf, PathBuf)> {
    let ids: Vec<String> = (0..count)
        .map(|number| format!("gt-b{number:04}"))
        .collect();
    for id in &ids {
        bead(town, id, "Work");
    }
    let mut hidden = Vec::new();
    for batch in ids.chunks(50) {
        let mut args = vec!["sling"];
        args.extend(batch.iter().map(String::as_str));
        args.extend(["app", "--json"]);
        let call = town.call("gt", &args).limit(Duration::from_secs(300));
        let answer = call.run().json();
        for entry in answer["slung"].as_array().unwrap() {
            let slung = placed(entry);
            let place = hook_file(town, &slung.agent);
            let aside = town.root().join(format!("{}.yaml", slung.bead));
            hidden.push((slung.bead, aside, place));
        }
    }
    town.wait_until(LONG, || town.processes().is_empty());
    for (_, aside, place) in &hidden {
        fs::rename(place, aside).unwrap();
    }
    // As if nobody had started them yet.
    let private = town.repo().join(".git/plaintown");
    fs::remove_dir_all(private.join("sessions")).unwrap();
    fs::remove_file(agent_log(town)).unwrap();
    hidden
}

/// Where the scripted agents say that they have started.
fn agent_log(town: &Town) -> PathBuf {
    town.root().join("agents.log")
}

/// A repository with two branches that differ in 300 files.
fn two_branches() -> Town {
    let town = rig("ignore");
    for (branch, text) in [("main", "one\n"), ("two", "two\n")] {
        if branch != "main" {
            town.git(&["checkout", "--quiet", "-b", branch]);
        }
        for number in 0..300 {
            town.write(format!("src/{number}"), text);
        }
        town.commit_all(branch);
    }
    town.git(&["checkout", "--quiet", "main"]);
    town
}

/// One hook after the other; the next one when its worker runs.
fn one_by_one(town: &Town, hidden: &[(String, PathBuf, PathBuf)]) {
    for (bead, aside, place) in hidden {
        fs::rename(aside, place).unwrap();
        started(town, bead);
    }
}

/// Waits until the worker has written its first line.
#[track_caller]
fn started(town: &Town, bead: &str) {
    let wanted = format!("start {bead} ");
    let log = agent_log(town);
    let end = Instant::now() + LONG;
    while !fs::read_to_string(&log).is_ok_and(|text| text.contains(&wanted)) {
        assert!(Instant::now() < end, "{bead} was lost");
        std::thread::sleep(Duration::from_micros(200));
    }
}

#[test]
fn none_is_lost() {
    let town = two_branches();
    allow(&town, 80);
    let hidden = prepared(&town, 80);
    settle(
        &town,
        &["crash_budget: 1000", "backoff: 2h", "backoff_max: 2h"],
    );
    town.gt(&["up"]).ok();
    let (calm, rest) = hidden.split_at(30);
    let (disturbed, together) = rest.split_at(30);
    one_by_one(&town, calm);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _over = Over(&over);
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                town.git(&["checkout", "--quiet", "two"]);
                town.git(&["checkout", "--quiet", "main"]);
            }
        });
        one_by_one(&town, disturbed);
    });
    for (_, aside, place) in together {
        fs::rename(aside, place).unwrap();
    }
    for (bead, ..) in together {
        started(&town, bead);
    }
    for (bead, ..) in &hidden {
        assert_eq!(starts(&town, bead), 1, "{bead}");
    }
}
