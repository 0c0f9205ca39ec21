//! `gt watch` and `gt status`: what people and programs are told.

use super::*;
use crate::gt::life::support::*;
use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::mpsc;
use std::time::Duration;

/// What is told from now on.
fn listen(child: &mut Child) -> mpsc::Receiver<Value> {
    let (sender, told) = mpsc::channel();
    let stdout = child.stdout.take().expect("it is a pipe");
    let lines = BufReader::new(stdout).lines();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let _ = sender.send(serde_json::from_str::<Value>(&line).expect("it is JSON"));
        }
    });
    told
}

/// The first event. What happens before it listens is not told: so beads are made until
/// one is.
fn first_of(town: &Town, told: &mpsc::Receiver<Value>) -> Value {
    let mut beads = 0..200;
    let first = std::iter::from_fn(|| {
        bead(town, &format!("gt-b{}", beads.next()?), "Work");
        Some(told.recv_timeout(Duration::from_millis(200)))
    });
    first.flatten().next().expect("a bead is told")
}

#[test]
fn watching_prints_what_happens_and_needs_no_watcher() {
    let town = rig("hang");
    let mut child = town.call("gt", &["watch", "--json"]).start();
    let told = listen(&mut child);
    let kind = |event: Value| event["event"].as_str().unwrap().to_owned();
    let first = first_of(&town, &told);
    assert_eq!(kind(first), "bead_changed");
    bead(&town, "gt-one", "Work");
    sling(&town, "gt-one", &[]);
    let mut kinds = Vec::new();
    while !kinds.iter().any(|kind| kind == "agent_started") {
        kinds.push(kind(told.recv_timeout(LONG).unwrap()));
    }
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
    let text = || fs::read_to_string(&out).unwrap_or_default();
    let canary = town.root().join("canary");
    let title = format!("$(touch {})", canary.display());
    // What happens before it listens is not told.
    let mut number = 0;
    town.wait_until(LONG, || {
        number += 1;
        bead(&town, &format!("gt-b{number}"), &title);
        std::thread::sleep(Duration::from_millis(100));
        text().ends_with('\n')
    });
    let event: Value = serde_json::from_str(text().lines().next().unwrap()).unwrap();
    assert!(event["bead"].as_str().unwrap().starts_with("gt-b"));
    assert!(!canary.exists());
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

#[test]
fn of_a_name_that_is_used_again_each_worker_is_told_once() {
    let town = watched("hang", &[]);
    let of = |kind: &str, bead: &str| {
        let told = events(&town, kind);
        told.iter().filter(|it| it["bead"] == bead).count()
    };
    for id in ["gt-one", "gt-two", "gt-three"] {
        bead(&town, id, "Work");
        let slung = sling(&town, id, &["app/toast"]);
        town.wait_until(LONG, || starts(&town, id) == 1);
        town.wait_until(LONG, || of("agent_started", id) == 1);
        // It is looked at, so that its end is seen.
        town.wait_until(LONG, || agent(&town, id)["state"] == "working");
        town.gt(&["release", id]).ok();
        town.wait_until(LONG, || of("agent_exited", id) == 1);
        let worktree = slung.worktree.to_string_lossy();
        town.git(&["worktree", "remove", "-f", "-f", &worktree])
            .ok();
        // The next one knows nothing of it but what was told.
        town.gt(&["down"]).ok();
        town.gt(&["up"]).ok();
    }
    for kind in ["agent_started", "agent_exited"] {
        assert_eq!(events(&town, kind).len(), 3, "{kind}");
    }
}

#[test]
fn what_was_there_before_is_no_news() {
    let town = rig("hang");
    // In the last of all folders.
    bead(&town, "gt-zz9zz", "Old");
    let mut child = town.call("gt", &["watch", "--json"]).start();
    let told = listen(&mut child);
    let first = first_of(&town, &told);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_ne!(first["bead"], "gt-zz9zz", "{first}");
}
