//! A start that is killed while the terminal's server goes on with it, and is
//! repeated at once.

use super::*;
use std::time::{Duration, Instant};

const SLING: [&str; 5] = ["sling", "gt-one", "app/toast", "--session", "tmux"];

#[test]
fn a_killed_start_is_never_a_second_worker() {
    kill_at(12);
}

#[test]
#[ignore = "takes minutes"]
fn a_killed_start_is_never_a_second_worker_at_any_moment() {
    kill_at(400);
}

/// Kills the start at this many moments of its life, then lets it be repeated.
fn kill_at(moments: u32) {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let began = Instant::now();
    town.gt(&SLING).ok();
    let life = began.elapsed();
    give_back(&town);
    for moment in 0..moments {
        let lives = life * moment / moments;
        let killed = killed_after(&town, lives);
        let mut answer = town.gt(&SLING);
        // What it left half done before the start says how it is completed.
        if !answer.status.success() {
            town.gt(&["doctor", "--fix"]);
            answer = town.gt(&SLING);
        }
        one_works(
            &town,
            &format!("killed after {lives:?}: {killed}\nthen: {answer}"),
        );
        give_back(&town);
    }
    town.gt(&["doctor", "--fix"]).ok();
    sound(&town);
}

/// Only the command itself is killed: what it has asked others for goes on.
fn killed_after(town: &Town, lives: Duration) -> String {
    let mut child = town.call("gt", &SLING).start();
    std::thread::sleep(lives);
    child.kill().unwrap();
    child.wait().unwrap().to_string()
}

/// One worker, which is the recorded one, and no order that is not taken.
#[track_caller]
fn one_works(town: &Town, context: &str) {
    let began = Instant::now();
    let orders = || {
        let folder = town
            .repo()
            .join(".git/plaintown/starting/app/polecats/toast");
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|it| it.file_name().to_string_lossy().into_owned())
            .collect::<Vec<_>>()
    };
    let is_there =
        || !town.agents_at_work().is_empty() && orders().iter().all(|it| it.contains('@'));
    while !is_there() {
        assert!(began.elapsed() < LONG, "nobody works: {context}");
        std::thread::sleep(Duration::from_millis(5));
    }
    let at_work = town.agents_at_work().remove("gt-one");
    assert_eq!(
        at_work,
        Some(vec![pid(town, "app/polecats/toast")]),
        "{context}"
    );
}

/// Takes the bead back and waits for the end of everything.
#[track_caller]
fn give_back(town: &Town) {
    town.gt(&["release", "gt-one"]).ok();
    town.wait_until(LONG, || town.processes().is_empty());
}
