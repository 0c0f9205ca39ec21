//! A branch on which a bead is over, looked at while the bead's hook waits, or
//! nothing runs for it: the ticket stands, and back on the own branch the work goes
//! on. Nobody but who ends an attempt retires its ticket.

use super::*;
use crate::gt::life::support::*;
use std::path::Path;

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
        &["bd", "update", "gt-one", "--status", "open"],
        &["bd", "update", "gt-one", "--claim"],
        &["bd", "defer", "gt-one"],
    ];
    for words in tries {
        let told = town.run_in(town.repo(), words[0], &words[1..]);
        let hints = [
            "no command here has ended attempt 1",
            "`gt release gt-one` ends it here",
        ];
        says(told, 4, &hints);
    }
    let told = town.gt(&["doctor", "--fix"]).fails(5).stdout;
    assert!(told.contains("`gt release gt-one` takes it off"), "{told}");
    assert_eq!((bead_file(town, "gt-one"), ticket(town)), before);
    assert_eq!(fs::read(hook_file(town, &before.1.0)).unwrap(), hook);
}

/// Whose ticket stands, and its text.
fn ticket(town: &Town) -> (String, String) {
    let mut all = [TOAST, "overseer", "app/polecats/acorn"].iter();
    let found = all.find(|it| ticket_file(town, it).exists());
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
            &["no command here has ended", "git brings the bead back"],
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

/// A worker follows hints: it is not told to end itself.
#[test]
fn a_worker_is_told_to_wait_and_does_not_end_its_own_work() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    slung.commit(&town, "work.txt");
    branch(&town, "status: in_progress", "status: closed");
    let before = ticket(&town);
    let tries: [&[&str]; 5] = [
        &["done"],
        &["prime"],
        &["done", "--escalate", "-m", "why"],
        &["release", "gt-one"],
        &["unsling"],
    ];
    for words in tries {
        let told = says(slung.gt(&town, words), 4, &["commit what you have"]);
        assert!(!told.stderr.contains("gt release"), "{told}");
    }
    assert_eq!(ticket(&town), before);
    switch(&town, "main");
    slung.gt(&town, &["done"]).ok();
    assert_eq!(status(&town, "gt-one"), "completed");
    sound(&town);
}

/// What a command began and did not come to is taken back before git can make
/// something of it.
#[test]
fn an_end_that_was_cut_short_is_taken_back_by_the_watcher() {
    let town = watched("phase", &[]);
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["app/toast"]);
    town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "parked");
    let before = ticket(&town);
    begin_to_end(&town, TOAST, "open");
    town.wait_until(LONG, || ticket(&town) == before);
    town.gt(&["down"]).ok();
    // Nor does a mark retire what it was not for.
    begin_to_end(&town, TOAST, "open");
    branch(&town, "status: in_progress", "status: closed");
    let told = town.gt(&["doctor", "--fix"]).fails(5).stdout;
    assert!(told.contains("no command here has ended"), "{told}");
    switch(&town, "main");
    town.gt(&["doctor", "--fix"]).ok();
    assert_eq!(ticket(&town), before);
    sound(&town);
}

#[test]
fn an_end_that_fails_leaves_no_trace_of_itself() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    slung.commit(&town, "work.txt");
    let before = ticket(&town);
    let session = town
        .repo()
        .join(format!(".git/plaintown/sessions/{TOAST}.yaml"));
    let remembered = fs::read_to_string(&session).unwrap();
    // Where the merge request's folder would be lies a file.
    let folder = town.repo().join(".beads/beads/o");
    let aside = town.root().join("aside");
    fs::rename(&folder, &aside).unwrap();
    fs::create_dir(&folder).unwrap();
    fs::copy(aside.join("gt-one.yaml"), folder.join("gt-one.yaml")).unwrap();
    fs::create_dir(folder.join("gt-mr-one.1.yaml")).unwrap();
    let told = slung.gt(&town, &["done"]);
    assert!(!told.status.success(), "{told}");
    assert_eq!(ticket(&town), before);
    assert_eq!(fs::read_to_string(&session).unwrap(), remembered);
    fs::remove_dir(folder.join("gt-mr-one.1.yaml")).unwrap();
    slung.gt(&town, &["done"]).ok();
    sound(&town);
}

/// A move that was killed once the new hook was there.
#[test]
fn whoever_lost_the_bead_by_a_killed_move_is_free_again() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    let files = [
        hook_file(&town, &slung.agent),
        ticket_file(&town, &slung.agent),
    ];
    let before = files.clone().map(|it| fs::read(it).unwrap());
    let to = ["sling", "gt-one", "overseer", "--force"];
    town.gt(&to).ok();
    for (file, bytes) in files.iter().zip(&before) {
        fs::write(file, bytes).unwrap();
    }
    begin_to_end(&town, &slung.agent, "hooked");
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || files.iter().all(|it| !it.exists()));
    town.gt(&["down"]).ok();
    sound(&town);
}

/// What another clone did with the same bead is not accepted over the work here.
#[test]
fn a_merge_request_for_work_that_goes_on_here_is_not_accepted() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    slung.commit(&town, "work.txt");
    let folder = |name: &str| town.repo().join(".git/plaintown").join(name);
    let copy = |from: &Path, to: &Path| {
        let words = ["-a", from.to_str().unwrap(), to.to_str().unwrap()];
        town.run_in(town.root(), "cp", &words).ok();
    };
    let hook = fs::read(hook_file(&town, TOAST)).unwrap();
    for name in ["attempts", "tickets"] {
        copy(&folder(name), &town.root().join(name));
    }
    let before = ticket(&town);
    slung.gt(&town, &["done"]).ok();
    // As if it had been done elsewhere, and pulled.
    for name in ["attempts", "tickets"] {
        fs::remove_dir_all(folder(name)).unwrap();
        copy(&town.root().join(name), &folder(name));
    }
    fs::write(hook_file(&town, TOAST), hook).unwrap();
    let accept = || town.gt(&["mq", "accept", "gt-mr-one.1", "--yes"]);
    says(accept(), 4, &["no command here has ended attempt 1"]);
    assert_eq!(ticket(&town), before);
    town.gt(&["release", "gt-one"]).ok();
    accept().ok();
}

/// A linked worktree with a store of its own, where the bead is over: the work goes
/// on in the other store, and is nothing that this one could end.
#[test]
fn another_store_of_the_clone_is_left_alone() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    branch(&town, "status: in_progress", "status: closed");
    switch(&town, "main");
    let tree = town.root().join("linked");
    let path = tree.to_str().unwrap();
    town.git(&["worktree", "add", "--quiet", path, "elsewhere"]);
    let before = ticket(&town);
    let doctor = town.run_in(&tree, "gt", &["doctor"]);
    assert!(!doctor.stdout.contains("no command here"), "{doctor}");
    town.run_in(&tree, "bd", &["reopen", "gt-one"]).ok();
    assert_eq!(ticket(&town), before);
    slung.commit(&town, "work.txt");
    slung.gt(&town, &["done"]).ok();
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
