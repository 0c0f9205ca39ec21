//! Workers that crash, hang, or outlive the watcher.

use super::*;
use crate::gt::life::support::*;
use std::time::{Duration, Instant};

#[test]
fn one_that_crashes_is_started_again_then_escalated() {
    let town = watched("crash", &["crash_budget: 3"]);
    bead(&town, "gt-one", "Work");
    let began = Instant::now();
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "escalated");
    assert!(began.elapsed() >= Duration::from_secs(3), "1 s, then 2 s");
    assert_eq!(starts(&town, "gt-one"), 3);
    town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "parked");
    // The bead is first, and then its hook says why.
    let hook = || fs::read_to_string(hook_file(&town, &slung.agent)).unwrap();
    town.wait_until(LONG, || hook().contains("3 times in a row: exit status: 1"));
    let mail = || town.gt(&["mail", "inbox", "--json"]).ok().stdout;
    town.wait_until(LONG, || mail().contains("gt-one"));
    town.wait_until(LONG, || events(&town, "agent_escalated").len() == 1);
    assert_eq!(events(&town, "agent_restarted").len(), 2);
    assert!(slung.worktree.is_dir());
}

#[test]
fn an_answer_gives_it_a_fresh_start() {
    let town = watched("crash", &["crash_budget: 2"]);
    bead(&town, "gt-one", "Work");
    sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "escalated");
    town.gt(&["resume", "gt-one"]);
    town.wait_until(LONG, || events(&town, "agent_escalated").len() == 2);
    assert_eq!(starts(&town, "gt-one"), 4);
}

#[test]
fn one_that_hangs_is_told_once_then_escalated_and_stopped() {
    // Also on a slow machine it goes from one of its steps to the next in less.
    let town = watched("hang", &["stalled_after: 4s", "escalate_after: 2s"]);
    bead(&town, "gt-one", "Work");
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "escalated");
    town.wait_until(LONG, || town.agents_at_work().is_empty());
    town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "parked");
    assert_eq!(events(&town, "agent_stalled").len(), 1);
    assert_eq!(starts(&town, "gt-one"), 1);
    let hook = || fs::read_to_string(hook_file(&town, &slung.agent)).unwrap();
    town.wait_until(LONG, || hook().contains("shows no progress"));
    assert!(slung.worktree.is_dir());
}

#[test]
fn files_that_change_are_progress() {
    let town = watched("hang", &["stalled_after: 2s", "escalate_after: 1s"]);
    bead(&town, "gt-one", "Work");
    let slung = sling(&town, "gt-one", &[]);
    let began = Instant::now();
    let (mut last, mut longest) = (began, Duration::ZERO);
    while began.elapsed() < Duration::from_secs(6) {
        fs::write(slung.worktree.join("draft"), format!("{last:?}")).unwrap();
        longest = longest.max(last.elapsed());
        last = Instant::now();
        std::thread::sleep(Duration::from_millis(100));
    }
    // Whoever was kept from writing for so long has shown none.
    if longest < Duration::from_secs(1) {
        assert_eq!(events(&town, "agent_stalled").len(), 0);
        assert_eq!(status(&town, "gt-one"), "in_progress");
    }
    // Without it there is none.
    town.wait_until(LONG, || !events(&town, "agent_stalled").is_empty());
}

#[test]
fn a_killed_watcher_is_replaced_and_its_workers_are_adopted() {
    let town = watched("hang", &[]);
    bead(&town, "gt-one", "Work");
    sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || super::agent(&town, "gt-one")["state"] == "working");
    let (watcher, worker) = (pid(&town), town.agents_at_work()["gt-one"][0]);
    kill(watcher);
    let status = || town.gt(&["status", "--json"]).ok().json();
    town.wait_until(LONG, || status()["watcher"].is_null());
    town.gt(&["up"]).ok();
    assert_ne!(pid(&town), watcher);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(town.agents_at_work()["gt-one"], [worker]);
    assert_eq!(starts(&town, "gt-one"), 1);
    kill(worker);
    town.wait_until(LONG, || starts(&town, "gt-one") == 2);
    assert_eq!(town.agents_at_work()["gt-one"].len(), 1);
}

#[test]
fn stopping_the_watcher_stops_no_worker() {
    let town = watched("hang", &[]);
    bead(&town, "gt-one", "Work");
    sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || town.agents_at_work().len() == 1);
    town.gt(&["down"]).ok();
    assert_eq!(town.agents_at_work().len(), 1);
    let again = town.gt(&["down"]).ok();
    assert_eq!(again.text(), "No watcher runs here");
}

#[test]
fn a_kill_in_the_middle_of_the_end_is_no_crash() {
    let town = watched("hang", &[]);
    bead(&town, "gt-one", "Work");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    // As `gt done` leaves it that was killed after it wrote the bead.
    begin_to_end(&town, &slung.agent, "deferred");
    let path = ".beads/beads/o/gt-one.yaml";
    let file = town
        .read(path)
        .replace("status: in_progress", "status: deferred");
    town.write(path, &file);
    kill(town.agents_at_work()["gt-one"][0]);
    town.wait_until(LONG, || !hook_file(&town, &slung.agent).exists());
    town.wait_until(LONG, || !ticket_file(&town, &slung.agent).exists());
    assert_eq!(starts(&town, "gt-one"), 1);
}
