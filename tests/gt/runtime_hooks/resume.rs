//! A worker that died goes on with its conversation, if its runtime can.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::support::*;
use crate::gt::life::support::*;

fn expected(list: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(plan, resume): &(&str, &str)| ((*plan).to_owned(), (*resume).to_owned());
    list.iter().map(owned).collect()
}

#[test]
fn one_that_crashed_goes_on_with_its_conversation() {
    let town = claude(&["crash", "work"]);
    bead(&town, "gt-one", "One");
    let first = town.gt(&["sling", "gt-one", "app", "--json"]);
    let slung = placed(&first.json()["slung"][0]);
    town.wait_until(LONG, || town.processes().is_empty());
    assert_eq!(
        session(&town, &slung.agent, "conversation"),
        "conversation-0"
    );

    town.gt(&["sling", "gt-one", "app"]);
    wait_for(&town, "gt-one", "completed");
    let starts = expected(&[("crash", ""), ("work", "conversation-0")]);
    assert_eq!(calls(&town), starts);
    let prompt = wrote(&town, "prompt");
    assert!(prompt.contains("was started again"), "{prompt}");
    let told = wrote(&town, "told");
    assert!(told.contains("begin now") && told.contains("go on where you were"));
    sound(&town);
}

#[test]
fn a_conversation_that_cannot_go_on_is_begun_anew() {
    let town = claude(&["crash", "refuse", "work"]);
    bead(&town, "gt-one", "One");
    for _ in 0..3 {
        town.gt(&["sling", "gt-one", "app"]);
        town.wait_until(LONG, || town.processes().is_empty());
    }
    let starts = [("crash", ""), ("refuse", "conversation-0"), ("work", "")];
    assert_eq!(calls(&town), expected(&starts));
    assert!(wrote(&town, "prompt").contains("Run `gt prime` now, before"));
    assert_eq!(status(&town, "gt-one"), "completed");
    sound(&town);
}

#[test]
fn one_that_crashes_when_it_goes_on_is_not_asked_again() {
    let town = claude(&["crash", "crash", "work"]);
    bead(&town, "gt-one", "One");
    for _ in 0..3 {
        town.gt(&["sling", "gt-one", "app"]);
        town.wait_until(LONG, || town.processes().is_empty());
    }
    let starts = [("crash", ""), ("crash", "conversation-0"), ("work", "")];
    assert_eq!(calls(&town), expected(&starts));
    assert_eq!(status(&town, "gt-one"), "completed");
}

/// Codex runs no hook in a new worktree, and tells the commands of its agent.
#[test]
fn one_that_tells_in_the_environment_goes_on_too() {
    let town = claude(&[]);
    let script = "#!/bin/sh\necho \"$*\" | head -1 >>\"$HOME/argv\"\n\
                  export CODEX_THREAD_ID=thread-7\ngt prime >/dev/null\n\
                  case $* in *resume*) gt done --no-mr ;; esac\n";
    let path = town.root().join("programs/codex");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    bead(&town, "gt-one", "One");
    for _ in 0..2 {
        // What the caller's own conversation is called is nobody's business.
        let args = ["sling", "gt-one", "app", "--agent", "codex"];
        town.call("gt", &args)
            .env("CODEX_THREAD_ID", "callers")
            .run();
        town.wait_until(LONG, || town.processes().is_empty());
    }
    let argv = wrote(&town, "argv");
    let second = argv.lines().nth(1).unwrap();
    assert!(second.contains(" resume thread-7 "), "{argv}");
    assert_eq!(status(&town, "gt-one"), "closed");
    let hidden = fs::read_to_string(town.repo().join(".git/info/exclude"));
    assert!(!hidden.unwrap_or_default().contains("codex"));
}

#[test]
fn a_resumed_gate_and_another_attempt_are_told_apart() {
    let town = claude(&["crash", "crash", "work"]);
    bead(&town, "gt-one", "One");
    let first = town.gt(&["sling", "gt-one", "app", "--json"]);
    let slung = placed(&first.json()["slung"][0]);
    town.wait_until(LONG, || town.processes().is_empty());
    own(&town, &slung, &["done", "--escalate", "-m", "which one?"])
        .run()
        .ok();
    town.gt(&["resume", "gt-one", "-m", "the second"]);
    town.wait_until(LONG, || town.processes().is_empty());
    // Another attempt is another conversation.
    town.gt(&["release", "gt-one"]).ok();
    town.gt(&["sling", "gt-one", "app"]);
    wait_for(&town, "gt-one", "completed");
    let starts = [("crash", ""), ("crash", "conversation-0"), ("work", "")];
    assert_eq!(calls(&town), expected(&starts));
    sound(&town);
}

#[test]
fn the_watcher_goes_on_with_it_by_itself() {
    let town = claude(&["crash", "crash", "work"]);
    town.config("watcher:\n  refinery: false\n");
    bead(&town, "gt-one", "One");
    town.gt(&["up"]).ok();
    town.gt(&["sling", "gt-one", "app", "--no-spawn"]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "completed");
    town.gt(&["down"]).ok();
    let starts = [("crash", ""), ("crash", "conversation-0"), ("work", "")];
    assert_eq!(calls(&town), expected(&starts));
    town.wait_until(LONG, || town.processes().is_empty());
    sound(&town);
}
