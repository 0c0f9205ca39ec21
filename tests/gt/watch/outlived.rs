//! A branch on which a bead is over, looked at while the bead's hook waits, or
//! nothing runs for it: the ticket stands, and back on the own branch the work goes
//! on. Nobody but who ends an attempt retires its ticket.

use super::*;
use crate::gt::life::support::*;

const TOAST: &str = "app/polecats/toast";

/// A branch called `elsewhere` on which the bead reads so.
fn branch(town: &Town, was: &str, is: &str) {
    let git = |args: &[&str]| town.run_in(town.repo(), "git", args).ok();
    git(&["add", ".beads"]);
    git(&["commit", "--quiet", "--allow-empty", "-m", "Track"]);
    git(&["switch", "--quiet", "-c", "elsewhere"]);
    let text = bead_file(town, "gt-one");
    assert!(text.contains(was), "{was:?} in {text}");
    town.write(".beads/beads/o/gt-one.yaml", &text.replace(was, is));
    git(&["commit", "--quiet", "-am", "Elsewhere"]);
}

fn switch(town: &Town, branch: &str) {
    let to = ["switch", "--quiet", branch];
    town.run_in(town.repo(), "git", &to).ok();
}

/// What anybody might try, and how it is refused.
fn nobody_gets_it(town: &Town) {
    let before = (bead_file(town, "gt-one"), ticket(town));
    let hook = fs::read(hook_file(town, &before.1.0)).unwrap();
    let tries: [&[&str]; 7] = [
        &["gt", "sling", "gt-one", "app"],
        &["gt", "sling", "gt-one", "app", "--force"],
        &["gt", "hook", "gt-one", "--force"],
        &["gt", "resume", "gt-one"],
        &["bd", "close", "gt-one", "--force"],
        &["bd", "update", "gt-one", "--claim"],
        &["bd", "defer", "gt-one"],
    ];
    for words in tries {
        let told = town.run_in(town.repo(), words[0], &words[1..]);
        let hints = ["no command here has ended attempt 1", "`gt release gt-one`"];
        says(told, 4, &hints);
    }
    let told = town.gt(&["doctor", "--fix"]).fails(5).stdout;
    assert!(told.contains("`gt release gt-one` takes it off"), "{told}");
    assert_eq!((bead_file(town, "gt-one"), ticket(town)), before);
    assert_eq!(fs::read(hook_file(town, &before.1.0)).unwrap(), hook);
}

/// Whose ticket stands, and its text.
fn ticket(town: &Town) -> (String, String) {
    let all = [TOAST, "overseer"];
    let found = all.iter().find(|it| ticket_file(town, it).exists());
    let agent = found.expect("a ticket stands");
    let text = fs::read_to_string(ticket_file(town, agent)).unwrap();
    ((*agent).to_owned(), text)
}

fn is_told(town: &Town) {
    let is_it = |it: &Value| {
        it["what"]
            .as_str()
            .is_some_and(|it| it.contains("no command"))
    };
    town.wait_until(LONG, || events(town, "problem").iter().any(is_it));
    let shown = agent(town, "gt-one");
    assert_eq!(shown["state"], "over", "{shown}");
    let remedy = shown["remedy"].as_str().unwrap();
    assert!(remedy.contains("bring the bead back with git"), "{shown}");
}

#[test]
fn a_hook_that_waits_goes_on_when_git_brings_its_bead_back() {
    for (kind, was) in [("phase", "in_progress"), ("escalate", "escalated")] {
        let town = watched(kind, &[]);
        bead(&town, "gt-one", "One");
        let slung = sling(&town, "gt-one", &["app/toast"]);
        town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "parked");
        town.wait_until(LONG, || town.agents_at_work().is_empty());
        let was = format!("status: {was}");
        branch(&town, &was, "status: closed");
        is_told(&town);
        nobody_gets_it(&town);
        switch(&town, "main");
        town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "parked");
        town.gt(&["resume", "gt-one", "-m", "Go on."]).ok();
        // The watcher lands it at once.
        town.wait_until(LONG, || status(&town, "gt-one") == "closed");
        assert_eq!(field(&town, "gt-mr-one.1", "branch"), slung.branch);
        town.gt(&["down"]).ok();
        sound(&town);
    }
}

#[test]
fn work_by_hand_goes_on_when_git_brings_its_bead_back() {
    let town = watched("hang", &[]);
    bead(&town, "gt-one", "One");
    let tree = town.root().join("linked");
    let path = tree.to_str().unwrap();
    town.git(&["worktree", "add", "--quiet", "-b", "feature", path]);
    town.run_in(&tree, "gt", &["hook", "gt-one"]).ok();
    for (was, is) in [
        ("status: hooked", "status: deferred"),
        ("assignee: overseer", "assignee: mayor"),
        ("attempt: 1", "attempt: 4"),
    ] {
        branch(&town, was, is);
        is_told(&town);
        nobody_gets_it(&town);
        // Nor does a command of whoever works on it end anything.
        let done = town.run_in(&tree, "gt", &["done", "--no-mr"]);
        says(
            done,
            4,
            &["no command here has ended", "bring the bead back"],
        );
        switch(&town, "main");
        town.git(&["branch", "--quiet", "-D", "elsewhere"]);
    }
    town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "by_hand");
    commit_in(&town, &tree, "work.txt");
    town.run_in(&tree, "gt", &["done"]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "closed");
    town.gt(&["down"]).ok();
    sound(&town);
}

#[test]
fn what_an_ended_worker_left_is_given_back_as_the_hint_says() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    branch(&town, "status: in_progress", "status: closed");
    let before = bead_file(&town, "gt-one");
    town.gt(&["unsling", "gt-one"]).ok();
    assert!(!ticket_file(&town, &slung.agent).exists());
    assert_eq!(bead_file(&town, "gt-one"), before);
    town.gt(&["doctor"]).ok();
    town.bd(&["reopen", "gt-one"]).ok();
    let again = sling(&town, "gt-one", &["--no-spawn"]);
    assert_eq!(again.branch.split('/').next_back(), Some("gt-one"));
    sound(&town);
}
