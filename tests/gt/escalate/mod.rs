//! `gt escalate`, `list`, `ack` and `resolve`, with real workers; whom an
//! escalation reaches.

mod killed;
mod refused;
mod told;

use super::life::support::*;
use serde_json::json;

#[test]
fn somebody_else_escalates_and_the_worker_is_stopped() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || !town.agents_at_work().is_empty());
    let args = [
        "escalate",
        "gt-one",
        "-m",
        "the key is gone",
        "--severity",
        "critical",
    ];
    let answer = town.gt(&[&args[..], &["--json"]].concat()).ok().json();
    assert_eq!(answer["told"], json!(["mayor", "overseer"]));
    assert_eq!(answer["stopped"], json!(true));
    assert!(town.processes().is_empty(), "its worker was stopped");
    assert_eq!(status(&town, "gt-one"), "escalated");
    let hook = std::fs::read_to_string(hook_file(&town, &slung.agent)).unwrap();
    assert!(hook.contains("reason: escalated"), "{hook}");
    assert!(hook.contains("the key is gone"), "{hook}");
    sound(&town);
}

#[test]
fn it_is_listed_seen_and_answered() {
    let town = rig("escalate");
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &[]);
    wait_for(&town, "gt-one", "escalated");
    let listed = || town.gt(&["escalate", "list", "--json"]).ok().json();
    let first = listed();
    assert_eq!(first[0]["bead"], json!("gt-one"));
    assert_eq!(first[0]["severity"], json!("high"));
    assert_eq!(first[0]["reason"], json!("which half?"));
    assert_eq!(first[0]["acked_by"], json!(null));
    let text = town.gt(&["escalate", "list"]).ok().stdout;
    assert!(text.starts_with("high  gt-one  waits"), "{text}");
    assert!(text.ends_with("\n    which half?\n"), "{text}");

    assert_eq!(
        town.gt(&["escalate", "ack", "gt-one"]).ok().stdout,
        "Acknowledged gt-one\n"
    );
    let ack = ["--actor", "ann", "escalate", "ack", "gt-one"];
    let again = changes_nothing(&town, || town.gt(&ack)).ok();
    assert!(again.stdout.contains("seen by overseer"), "{again}");

    town.gt(&["escalate", "resolve", "gt-one", "-m", "the first"])
        .ok();
    wait_for(&town, "gt-one", "completed");
    assert_eq!(listed(), json!([]));
    let all = town
        .gt(&["escalate", "list", "--all", "--json"])
        .ok()
        .json();
    assert_eq!(all[0]["resolved_by"], json!("overseer"));
    let comments = town.bd(&["comments", "gt-one"]).ok().stdout;
    assert!(comments.contains("the first"), "{comments}");
    sound(&town);
}

#[test]
fn its_own_agent_escalates_in_either_words() {
    for args in [
        &["escalate", "gt-one", "-m", "which?", "--severity", "low"][..],
        &["done", "--escalate", "-m", "which?", "--severity", "low"],
    ] {
        let town = rig("ignore");
        bead(&town, "gt-one", "One");
        let slung = idle(&town, "gt-one");
        slung.gt(&town, args).ok();
        assert_eq!(status(&town, "gt-one"), "escalated");
        let listed = town.gt(&["escalate", "list", "--json"]).ok().json();
        assert_eq!(listed[0]["by"], json!(slung.agent));
        assert_eq!(listed[0]["severity"], json!("low"));
        sound(&town);
    }
}

#[test]
fn an_answered_question_can_be_asked_again() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one");
    for _ in 0..2 {
        town.gt(&["escalate", "gt-one", "-m", "why?"]).ok();
        assert_eq!(status(&town, "gt-one"), "escalated");
        town.gt(&["escalate", "resolve", "gt-one"]).ok();
        town.wait_until(LONG, || town.processes().is_empty());
        assert_eq!(status(&town, "gt-one"), "in_progress");
    }
}

#[test]
fn the_watcher_asks_when_a_worker_crashes_too_often() {
    let town = rig("crash");
    let config = std::fs::read_to_string(town.root().join("config.yaml")).unwrap();
    town.config(&format!("{config}watcher:\n  crash_budget: 1\n"));
    bead(&town, "gt-one", "One");
    let mut watcher = town.call("gt", &["up", "--foreground"]).start();
    town.gt(&["sling", "gt-one", "app"]);
    town.wait_until(LONG, || status(&town, "gt-one") == "escalated");
    let escalated = || town.gt(&["escalate", "list", "--json"]).json();
    town.wait_until(LONG, || escalated()[0]["by"] == json!("app/witness"));
    let inbox = || town.gt(&["mail", "inbox", "mayor"]).stdout;
    town.wait_until(LONG, || inbox().contains("Escalated: One (gt-one)"));
    // The mayor is not the last who is told.
    town.wait_until(LONG, || town.gt(&["doctor"]).status.success());
    town.gt(&["down"]).ok();
    watcher.wait().unwrap();
    town.wait_until(LONG, || town.processes().is_empty());
    sound(&town);
}
