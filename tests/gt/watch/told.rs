//! `gt watch` and `gt status`: what people and programs are told.

use super::*;
use crate::gt::life::support::*;
use std::io::{BufRead, BufReader};
use std::time::Duration;

#[test]
fn watching_prints_what_happens_and_needs_no_watcher() {
    let town = rig("hang");
    let mut child = town.call("gt", &["watch", "--json"]).start();
    std::thread::sleep(Duration::from_millis(500));
    bead(&town, "gt-one", "Work");
    sling(&town, "gt-one", &[]);
    let mut kinds = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let event: Value = serde_json::from_str(&line.unwrap()).unwrap();
        kinds.push(event["event"].as_str().unwrap().to_owned());
        if kinds.iter().any(|kind| kind == "agent_started") {
            break;
        }
    }
    assert_eq!(kinds[0], "bead_changed");
    assert!(kinds.contains(&"hook_appeared".to_owned()), "{kinds:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    let told = events(&town, "bead_changed");
    let by_command = |it: &Value| it["by"].is_string();
    assert!(told.iter().all(by_command), "it writes nothing: {told:?}");
}

#[test]
fn a_reaction_gets_the_event_and_no_shell() {
    let town = rig("hang");
    let out = town.root().join("reactions");
    let script = format!("cat >>{}", out.display());
    let args = ["watch", "--exec", "sh", "-c", &script];
    let mut child = town.call("gt", &args).start();
    std::thread::sleep(Duration::from_millis(500));
    bead(&town, "gt-one", "$(touch /tmp/canary)");
    let text = || fs::read_to_string(&out).unwrap_or_default();
    town.wait_until(LONG, || text().ends_with('\n'));
    let event: Value = serde_json::from_str(text().lines().next().unwrap()).unwrap();
    assert_eq!(event["bead"], "gt-one");
    assert_eq!(event["to"], "open");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_convoy_that_is_done_is_told_and_closed() {
    let town = watched("hang", &[]);
    bead(&town, "gt-one", "Work");
    town.gt(&["convoy", "create", "All", "gt-one"]).ok();
    // By hand: no command refreshes the convoy.
    let path = ".beads/beads/o/gt-one.yaml";
    let text = town.read(path).replace("status: open", "status: closed");
    let text = text.replace("closed_at: null", "closed_at: 2026-01-15T10:00:00Z");
    town.write(path, &text);
    town.wait_until(LONG, || events(&town, "convoy_completed").len() == 1);
}

#[test]
fn a_file_that_nobody_can_read_is_told_once_with_its_remedy() {
    let town = watched("hang", &[]);
    bead(&town, "gt-one", "Work");
    let slung = sling(&town, "gt-one", &[]);
    fs::write(hook_file(&town, &slung.agent), "<<<<<<< HEAD\n").unwrap();
    town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "unreadable");
    let shown = agent(&town, "gt-one");
    assert!(
        shown["why"].as_str().unwrap().contains("conflict markers"),
        "{shown}"
    );
    assert!(shown["remedy"].is_string());
    town.wait_until(LONG, || !events(&town, "problem").is_empty());
    assert_eq!(town.agents_at_work().len(), 1);
}
