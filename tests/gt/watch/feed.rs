//! `gt feed`: what was told of the past, by whom, whoever watched.

use super::*;
use crate::gt::life::support::*;

/// Each step of a bead: from, to, and by whom.
fn steps(town: &Town, bead: &str) -> Vec<(String, String, String)> {
    let out = town.gt(&["feed", bead, "-n", "0", "--json"]).ok().stdout;
    let events = out.lines().map(|line| serde_json::from_str(line).unwrap());
    let changes = events.filter(|it: &Value| it["event"] == "bead_changed" && it["bead"] == bead);
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    changes
        .map(|it| (text(&it["from"]), text(&it["to"]), text(&it["by"])))
        .collect()
}

fn step(from: &str, to: &str, by: &str) -> (String, String, String) {
    (from.to_owned(), to.to_owned(), by.to_owned())
}

#[test]
fn each_step_is_told_by_who_takes_it_without_a_watcher() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let worker = idle(&town, "gt-one");
    worker.call(&town, "gt", &["prime"]).run().ok();
    worker.commit(&town, "work");
    worker.call(&town, "gt", &["done"]).run().ok();
    town.gt(&["refinery", "run"]).ok();
    let agent = worker.agent.as_str();
    let told = steps(&town, "gt-one");
    let expected = [
        step("-", "open", "overseer"),
        step("open", "hooked", "overseer"),
        step("hooked", "in_progress", agent),
        step("in_progress", "completed", agent),
    ];
    assert_eq!(told[..4], expected);
    assert_eq!(told[4].0, "completed");
    assert_eq!(told[4].1, "closed");
    assert_eq!(told.len(), 5);
    let text = town.gt(&["feed", "one", "-n", "0"]).ok().stdout;
    for line in ["is on its hook (attempt 1)", "has landed as", "by overseer"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let last = town.gt(&["feed", "-n", "1"]).ok().stdout;
    assert_eq!(last.lines().count(), 1);
}

#[test]
fn what_was_refused_or_changed_nothing_is_not_told() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let before = town.gt(&["feed", "-n", "0"]).ok().stdout;
    town.bd(&["create", "Again", "--id", "gt-one"]).fails(4);
    town.bd(&["update", "gt-one", "--title", "Two"]).ok();
    town.gt(&["sling", "gt-gone", "app"]).fails(3);
    assert_eq!(town.gt(&["feed", "-n", "0"]).ok().stdout, before);
    assert_eq!(town.gt(&["feed", "gt-two"]).ok().stdout, "");
    assert_eq!(town.gt(&["feed", "--since", "2999-01-01"]).ok().stdout, "");
}

#[test]
fn what_changed_by_hand_while_nobody_watched_is_told_later() {
    let town = watched("ignore", &[]);
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    let by_hand = |id: &str, from: &str, to: &str| {
        let path = format!(".beads/beads/{}/{id}.yaml", id.chars().nth(3).unwrap());
        let text = town.read(&path);
        town.write(
            &path,
            &text.replace(&format!("status: {from}"), &format!("status: {to}")),
        );
    };
    by_hand("gt-one", "open", "deferred");
    let last = |id: &str| steps(&town, id).last().cloned().unwrap();
    town.wait_until(LONG, || last("gt-one") == step("open", "deferred", "-"));
    town.gt(&["down"]).ok();
    by_hand("gt-one", "deferred", "open");
    town.bd(&["defer", "gt-two"]).ok();
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || last("gt-one") == step("deferred", "open", "-"));
    assert_eq!(steps(&town, "gt-one").len(), 3);
    let told = steps(&town, "gt-two");
    assert_eq!(told.len(), 2, "it was told by who did it: {told:?}");
}

#[test]
fn what_was_removed_by_hand_while_nobody_watched_is_told_later() {
    let town = watched("hang", &[]);
    for id in ["gt-one", "gt-two", "gt-three"] {
        bead(&town, id, "Work");
    }
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    town.gt(&["down"]).ok();
    fs::remove_file(hook_file(&town, &slung.agent)).unwrap();
    fs::remove_file(town.repo().join(".beads/beads/t/gt-two.yaml")).unwrap();
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || {
        let removed = events(&town, "hook_removed");
        removed.len() == 1 && removed[0]["bead"] == "gt-one" && removed[0]["attempt"] == 1
    });
    let gone = step("open", "-", "-");
    town.wait_until(LONG, || steps(&town, "gt-two").last() == Some(&gone));
    assert_eq!(steps(&town, "gt-three").len(), 1);
}

#[test]
fn a_torn_line_spoils_nothing() {
    let town = watched("ignore", &[]);
    bead(&town, "gt-one", "One");
    town.gt(&["down"]).ok();
    let path = town.repo().join(".git/plaintown/events.jsonl");
    let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(br#"{"at":"2026-01-15T10:00:00Z","event":"bead_ch"#)
        .unwrap();
    assert_eq!(steps(&town, "gt-one").len(), 1);
    town.gt(&["up"]).ok();
    town.bd(&["defer", "gt-one"]).ok();
    assert_eq!(steps(&town, "gt-one").len(), 2);
}

#[test]
fn a_journal_that_cannot_be_written_fails_no_command() {
    let town = rig("ignore");
    let path = town.repo().join(".git/plaintown/events.jsonl");
    let _ = fs::remove_file(&path);
    fs::create_dir_all(&path).unwrap();
    bead(&town, "gt-one", "One");
    town.bd(&["defer", "gt-one"]).ok();
    assert_eq!(status(&town, "gt-one"), "deferred");
}
