//! A worker whose bead was given to another: it changes nothing, and may tell
//! what it found.

use testkit::{Output, Town};

use super::support::*;

/// A worker as it was when it was started.
struct Old {
    slung: Slung,
    attempt: String,
}

impl Old {
    fn of(town: &Town, slung: Slung) -> Self {
        let word = |key: &str| on_hook(town, &slung.agent, key).expect("it is on the hook");
        let attempt = format!("{}-{}", word("attempt"), word("nonce"));
        Self { slung, attempt }
    }

    fn run(&self, town: &Town, words: &str) -> Output {
        let (program, args) = words.split_once(' ').expect("a program and its arguments");
        let args: Vec<&str> = args.split(' ').collect();
        let hook = hook_file(town, &self.slung.agent);
        self.slung
            .call(town, program, &args)
            .env("GT_ATTEMPT", &self.attempt)
            .env("GT_HOOK", hook.to_str().expect("a path of text"))
            .run()
    }
}

/// Its bead is on the hook of `app/other`, where a successor has begun.
fn superseded(town: &Town) -> Old {
    bead(town, "gt-one", "One");
    bead(town, "gt-two", "Two");
    let old = Old::of(town, idle(town, "gt-one"));
    old.run(town, "bd comment gt-one begun").ok();
    town.gt(&["sling", "gt-one", "app/other", "--force", "--no-spawn"])
        .ok();
    old
}

const WRITING: &str = "bd close gt-one
bd close gt-one --force
bd close gt-two
bd update gt-one --claim
bd update gt-one --title x
bd update gt-one --status open
bd update gt-one --parent gt-two
bd update gt-two --claim
bd ready --claim
bd reopen gt-one
bd defer gt-one
bd note gt-one x
bd label add gt-one x
bd dep add gt-one gt-two
bd dep remove gt-one gt-two
bd comment gt-one x
bd --actor ann close gt-one --force
bd --actor ann comment gt-one x
gt close gt-one --force
gt release gt-one
gt unsling gt-one
gt sling gt-one
gt sling gt-one app/other
gt sling gt-two app
gt sling gt-one app --force
gt hook gt-one --force
gt hook gt-two
gt escalate gt-one -m x
gt resume gt-one
gt handoff gt-one
gt handoff
gt prime
gt done
gt done --no-mr
gt done --escalate -m x
gt convoy create Batch gt-one
bd dep relate gt-one gt-two
bd label remove gt-two x
gt doctor --fix";

#[test]
fn it_changes_nothing() {
    let town = rig("hang");
    let old = superseded(&town);
    for command in WRITING.lines() {
        let told = changes_nothing(&town, || old.run(&town, command));
        let told = says(told, 4, &["is over", "stop here"]);
        assert!(told.stderr.contains(&old.slung.agent), "{command}: {told}");
    }
    assert_eq!(field(&town, "gt-one", "assignee"), "app/polecats/other");
    sound(&town);
}

#[test]
fn one_whose_bead_was_released_changes_nothing_either() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let old = Old::of(&town, idle(&town, "gt-one"));
    town.gt(&["release", "gt-one"]).ok();
    for command in [
        "bd update gt-one --claim",
        "bd close gt-one",
        "gt sling gt-one app/toast",
    ] {
        says(
            changes_nothing(&town, || old.run(&town, command)),
            4,
            &["is over"],
        );
    }
}

#[test]
fn it_may_look_and_tell_what_it_found() {
    let town = rig("hang");
    let old = superseded(&town);
    for command in ["bd show gt-one", "gt show gt-one", "bd ready", "gt hook"] {
        old.run(&town, command).ok();
    }
    old.run(&town, "bd create Found --deps discovered-from:gt-one")
        .ok();
    old.run(&town, "bd comment gt-two seen").ok();
    old.run(&town, "gt mail send mayor -s Found -m it").ok();
    sound(&town);
}

#[test]
fn while_its_attempt_stands_it_may_end_it_in_any_words() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    let worker = Old::of(&town, idle(&town, "gt-one"));
    worker.run(&town, "bd label add gt-one x").ok();
    worker.run(&town, "bd dep add gt-two gt-one").ok();
    worker
        .run(
            &town,
            "bd close gt-one --force --duplicate gt-two --comment same",
        )
        .ok();
    assert_eq!(status(&town, "gt-one"), "closed");
}

#[test]
fn it_gives_its_own_work_to_nobody() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let worker = Old::of(&town, idle(&town, "gt-one"));
    for target in ["app/other", "mayor"] {
        let sling = format!("gt sling gt-one {target} --force");
        let refused = changes_nothing(&town, || worker.run(&town, &sling));
        says(refused, 4, &["your own hook", "gt done --defer"]);
    }
}

#[test]
fn one_that_stands_in_another_store_is_sent_back_to_its_own() {
    let (town, other) = (rig("hang"), rig("hang"));
    bead(&town, "gt-one", "One");
    let worker = Old::of(&town, idle(&town, "gt-one"));
    let hook = hook_file(&town, &worker.slung.agent);
    let astray = |folder: &std::path::Path, words: &[&str]| {
        let call = worker.slung.call(&town, "gt", words).dir(folder);
        let call = call.env("GT_ATTEMPT", &worker.attempt);
        call.env("GT_HOOK", hook.to_str().expect("text")).run()
    };
    for words in [&["done", "--no-mr"][..], &["prime"]] {
        let told = astray(&other.repo(), words);
        let told = says(told, 4, &["in another store", "worktree that you were"]);
        assert!(!told.stderr.contains("is over"), "{told}");
        let nowhere = astray(std::path::Path::new("/"), words);
        let nowhere = says(nowhere, 6, &["worktree that you were started in"]);
        assert!(!nowhere.stderr.contains("init"), "{nowhere}");
    }
}

#[test]
fn a_store_that_did_not_sling_it_does_not_ask() {
    let (town, other) = (rig("hang"), rig("hang"));
    let old = superseded(&town);
    bead(&other, "gt-far", "Far");
    let store = other.repo().join(".beads");
    let command = format!("bd --db {} close gt-far", store.display());
    old.run(&town, &command).ok();
    assert_eq!(status(&other, "gt-far"), "closed");
}

#[test]
fn after_its_own_end_it_may_run_the_refinery() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    let worker = Old::of(&town, idle(&town, "gt-one"));
    worker.slung.commit(&town, "one.txt");
    worker.run(&town, "gt done").ok();
    says(worker.run(&town, "bd close gt-two"), 4, &["is over"]);
    let landed = worker.run(&town, "gt refinery run").ok();
    assert!(landed.stdout.contains("Landed gt-one"), "{landed}");
    assert_eq!(status(&town, "gt-one"), "closed");
    sound(&town);
}

#[test]
fn after_its_own_end_the_refinery_sends_back_what_does_not_merge() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let worker = Old::of(&town, idle(&town, "gt-one"));
    worker.slung.commit(&town, "same.txt");
    town.write("same.txt", "of the target\n");
    town.git(&["add", "same.txt"]);
    town.git(&["commit", "--quiet", "--message", "same"]);
    worker.run(&town, "gt done").ok();
    let sent_back = worker.run(&town, "gt refinery run").ok();
    assert!(sent_back.stdout.contains("conflict"), "{sent_back}");
    assert_eq!(status(&town, "gt-one"), "open");
    sound(&town);
}
