//! An agent that stops with work on its hook is reminded, and is never kept.

use std::fs;

use super::support::*;
use crate::gt::life::support::*;

const STOP: &[u8] = br#"{"session_id":"a","hook_event_name":"Stop","stop_hook_active":false}"#;

#[test]
fn one_that_forgets_to_end_its_work_is_reminded_and_ends_it() {
    let town = claude(&["forgetful"]);
    bead(&town, "gt-one", "One");
    town.gt(&["sling", "gt-one", "app"]).ok();
    wait_for(&town, "gt-one", "closed");
    assert_eq!(wrote(&town, "held"), "", "with its work done it may stop");
    sound(&town);
}

#[test]
fn one_that_will_not_is_let_go() {
    // Held back again and again, it says that it was.
    let town = claude(&["lazy"]);
    bead(&town, "gt-one", "One");
    town.gt(&["sling", "gt-one", "app"]);
    town.wait_until(LONG, || town.processes().is_empty());
    assert_eq!(wrote(&town, "held").lines().count(), 1);
    // One that never says so is held back twice.
    let town = claude(&["lazy"]);
    fs::write(home(&town, "turns"), "").unwrap();
    bead(&town, "gt-one", "One");
    let slung = town.gt(&["sling", "gt-one", "app", "--json"]);
    let slung = placed(&slung.json()["slung"][0]);
    town.wait_until(LONG, || town.processes().is_empty());
    let held = wrote(&town, "held");
    assert_eq!(held.lines().count(), 2, "{held}");
    assert!(held.contains("gt-one is still on your hook") && held.contains("gt done"));
    assert_eq!(session(&town, &slung.agent, "reminders"), "2");
    assert_eq!(status(&town, "gt-one"), "in_progress");
    sound(&town);
}

#[test]
fn each_runtime_is_held_back_in_its_own_form_and_only_by_its_own_work() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    let guard = |runtime: &str| hook(&town, &slung, &["hooks", "guard", runtime], STOP);
    assert_eq!(guard("gemini").json()["decision"], "deny");
    let followup = guard("cursor").json()["followup_message"].clone();
    assert!(followup.as_str().unwrap().contains("gt-one"), "{followup}");
    changes_nothing(&town, || assert_eq!(guard("codex").stdout, ""));
}

#[test]
fn what_is_not_its_own_or_cannot_be_read_lets_it_stop() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    let silent = |call: testkit::Call, said: &[u8]| {
        let answer = changes_nothing(&town, || call.stdin(said).run().ok());
        assert_eq!((answer.stdout.as_str(), answer.stderr.as_str()), ("", ""));
    };
    let guard = |runtime| own(&town, &slung, &["hooks", "guard", runtime]);
    let here = town.call("gt", &["hooks", "guard"]).dir(&slung.worktree);
    silent(here, STOP);
    silent(guard("claude").env("GT_ATTEMPT", "1-stale000"), STOP);
    silent(guard("claude"), br#"{"stop_hook_active":true}"#);
    silent(guard("cursor"), br#"{"status":"aborted"}"#);
    silent(town.call("gt", &["hooks", "guard"]).dir(town.root()), STOP);

    let file = hook_file(&town, &slung.agent);
    let whole = fs::read_to_string(&file).unwrap();
    let call = guard("claude");
    fs::write(&file, "agent: [\n").unwrap();
    silent(call, STOP);
    fs::write(&file, whole).unwrap();
    own(&town, &slung, &["done", "--escalate", "-m", "why"])
        .run()
        .ok();
    silent(guard("claude"), STOP);
}

/// A stop in a session that a person has started.
fn stop(town: &testkit::Town, session: &str, more: &str) -> testkit::Output {
    let said = format!(r#"{{"session_id":"{session}","hook_event_name":"Stop"{more}}}"#);
    let call = town.call("gt", &["hooks", "guard"]);
    call.stdin(said.as_bytes()).run().ok()
}

#[test]
fn a_persons_own_session_is_reminded_once_in_a_conversation() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    assert_eq!(stop(&town, "a", "").stdout, "", "nothing is on the hook");
    town.gt(&["hook", "gt-one"]).ok();
    let blocked = r#","stop_hook_active":true"#;
    assert_eq!(stop(&town, "a", blocked).stdout, "", "never twice in a row");
    let reminded = stop(&town, "a", "").json();
    assert_eq!(reminded["decision"], "block");
    assert!(reminded["reason"].as_str().unwrap().contains("gt-one"));
    for more in [blocked, ""] {
        changes_nothing(&town, || assert_eq!(stop(&town, "a", more).stdout, ""));
    }
    // Another conversation does not know; nor does one about another attempt.
    assert_ne!(stop(&town, "b", "").stdout, "");
    assert_eq!(stop(&town, "a", "").stdout, "");
    town.gt(&["unsling", "gt-one"]).ok();
    assert_eq!(stop(&town, "c", "").stdout, "");
    town.gt(&["hook", "gt-one"]).ok();
    assert_ne!(stop(&town, "a", "").stdout, "");
    town.gt(&["done", "--escalate", "-m", "why"]).ok();
    assert_eq!(stop(&town, "d", "").stdout, "", "it waits for an answer");
}

#[test]
fn the_hook_of_a_crew_is_that_of_its_session() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    town.gt(&["sling", "gt-one", "app/crew/ann"]).ok();
    assert_eq!(stop(&town, "a", "").stdout, "", "it is not the overseer's");
    let ann = || {
        let call = town.call("gt", &["hooks", "guard"]);
        let call = call.env("GT_AGENT", "app/crew/ann").stdin(STOP);
        call.run().ok().stdout
    };
    assert!(ann().contains("gt-one"));
    assert_eq!(ann(), "");
}

#[test]
fn a_session_elsewhere_is_left_alone() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let other = town.root().join("elsewhere");
    let path = other.to_str().unwrap();
    town.git(&["worktree", "add", "--quiet", path, "-b", "other"]);
    town.gt(&["hook", "gt-one"]).ok();
    let store = town.repo().join(".beads");
    let call = town.call("gt", &["--db", store.to_str().unwrap(), "hooks", "guard"]);
    assert_eq!(call.dir(&other).stdin(STOP).run().ok().stdout, "");
    assert_ne!(stop(&town, "a", "").stdout, "");
}
