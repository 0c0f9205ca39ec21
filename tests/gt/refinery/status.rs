//! The queue as it is shown, and one refinery at a time.

use super::queue::*;
use std::time::Duration;
use testkit::Town;

#[test]
fn the_queue_says_what_waits_and_why() {
    let town = town();
    assert_eq!(
        town.gt(&["refinery", "status"]).ok().stdout,
        "The merge queue is empty\n"
    );
    filed(&town, "gt-abc12", &[("a.txt", "two\n")]);
    town.write("a.txt", "mine\n");
    town.gt(&["refinery", "run"]).ok();
    let output = town.gt(&["refinery", "status"]).ok();
    assert!(output.stdout.starts_with("#1  gt-mr-abc12.1"), "{output}");
    assert!(
        output.stdout.contains("uncommitted changes are in the way"),
        "{output}"
    );
    let json = town.gt(&["refinery", "status", "--json"]).ok().json();
    assert_eq!(json[0]["id"], "gt-mr-abc12.1");
    assert!(
        json[0]["waiting"].as_str().unwrap().contains("a.txt"),
        "{json}"
    );
}

#[test]
fn one_refinery_at_a_time() {
    let town = town();
    gates(&town, &[("slow", &["sh", "-c", "sleep 2"], 20)]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let mut first = town.call("gt", &["refinery", "run"]).start();
    assert!(is_at_work(&town));
    let second = town.gt(&["refinery", "run"]).fails(7);
    assert!(second.stderr.contains("a refinery is at work"), "{second}");
    assert!(second.stderr.contains("(pid "), "{second}");
    assert!(first.wait().unwrap().success());
    assert_eq!(
        outcome(&town, &id("gt-mr-abc12.1")).as_deref(),
        Some("merged")
    );
}

/// The first gate has begun.
fn is_at_work(town: &Town) -> bool {
    let log = town
        .git_dir()
        .join("plaintown/logs/gates/gt-mr-abc12.1-slow.log");
    for _ in 0..1000 {
        if log.exists() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

#[test]
fn an_empty_queue_writes_nothing() {
    let town = town();
    let output = town.gt(&["refinery", "run", "--json"]).ok();
    assert_eq!(output.json(), serde_json::json!([]));
    assert_eq!(town.git(&["status", "--porcelain"]).text(), "");
}
