//! A repository with completed work in its merge queue.

use model::{Bead, Id, Kind, MergeRequest, Status, Time};
use std::path::PathBuf;
use store::attempts::Filed;
use store::{Lock, Options, Store, gitdir::GitDir};
use testkit::Town;

/// A town whose repository is the rig `app` with prefix `gt`; the clock stands.
pub(crate) fn town() -> Town {
    built(Town::builder(env!("CARGO_BIN_EXE_gt")))
}

/// The same in memory, for sweeps.
pub(crate) fn town_in_memory() -> Town {
    built(Town::builder(env!("CARGO_BIN_EXE_gt")).in_memory())
}

fn built(builder: testkit::Builder) -> Town {
    let mut town = builder.build();
    town.at("2026-02-01T12:00:00Z");
    let git = GitDir::find(&town.repo()).expect("a repository");
    let git = git.expect("a repository");
    store::init::init(&git, Some("app"), Some("gt")).expect("a store");
    town.write("a.txt", "one\n");
    town.write("b.txt", "one\n");
    town.commit_all("a store and some files");
    town
}

pub(crate) fn store(town: &Town) -> Store {
    let located = store::locate(&town.repo(), None, None).expect("a store");
    Store::open(located, Options::default()).expect("opens")
}

pub(crate) fn id(text: &str) -> Id {
    Id::parse(text).expect("an ID")
}

pub(crate) fn bead(town: &Town, text: &str) -> Bead {
    store(town).bead(&id(text)).expect("is there")
}

pub(crate) fn save(town: &Town, bead: &Bead) {
    let store = store(town);
    let locked = store.lock(&[Lock::bead(&bead.id)]).expect("locks");
    locked.save(bead).expect("saved");
}

fn time(text: &str) -> Time {
    Time::parse(text).expect("a time")
}

/// Work on a branch of its own, begun at `base`: the commit.
pub(crate) fn work(town: &Town, branch: &str, base: &str, files: &[(&str, &str)]) -> String {
    let dir = town.root().join("work");
    let path = dir.to_str().expect("plain");
    town.git(&["worktree", "add", "--quiet", "--detach", path, base]);
    for (file, text) in files {
        let file = dir.join(file);
        std::fs::create_dir_all(file.parent().expect("has one")).expect("made");
        std::fs::write(file, text).expect("written");
    }
    town.run_in(&dir, "git", &["add", "--all", "--force"]).ok();
    let commit = town
        .call("git", &["commit", "--quiet", "--message", "work"])
        .dir(&dir)
        .env("GIT_AUTHOR_NAME", "app/polecats/toast")
        .env("GIT_AUTHOR_EMAIL", "toast@app.plaintown.invalid");
    commit.run().ok();
    let head = town
        .run_in(&dir, "git", &["rev-parse", "HEAD"])
        .ok()
        .text()
        .to_owned();
    town.git(&["worktree", "remove", "--force", path]);
    town.git(&["update-ref", &format!("refs/heads/{branch}"), &head]);
    head
}

/// A completed bead with its merge request, as `gt done` leaves them.
pub(crate) fn file(town: &Town, bead: &str, branch: &str, head: &str) -> Id {
    file_attempt(town, bead, branch, head, 1)
}

pub(crate) fn file_attempt(town: &Town, bead: &str, branch: &str, head: &str, attempt: u32) -> Id {
    let source = completed(bead, branch, attempt);
    let merge_request = written(town, &source, head);
    note_filed(town, &source, head);
    merge_request
}

/// The same files, brought by git: this clone knows nothing of them.
pub(crate) fn forged(town: &Town, bead: &str, files: &[(&str, &str)]) -> Id {
    let branch = format!("polecat/toast/{bead}");
    let head = work(town, &branch, "main", files);
    written(town, &completed(bead, &branch, 1), &head)
}

fn written(town: &Town, source: &Bead, head: &str) -> Id {
    let host = store(town).make_host("test01").expect("a host");
    let merge_request = request(source, head, &host);
    save(town, &merge_request);
    save(town, source);
    merge_request.id
}

/// What this clone remembers of a `gt done` of its own.
fn note_filed(town: &Town, source: &Bead, head: &str) {
    let store = store(town);
    let locked = store.lock(&[Lock::bead(&source.id)]).expect("locks");
    let filed = Filed {
        head: head.to_owned(),
        target: "main".to_owned(),
    };
    let noted = locked.note_filed(source, &filed, &source.created_at);
    noted.expect("noted");
}

fn completed(bead: &str, branch: &str, attempt: u32) -> Bead {
    let created = time("2026-01-15T10:30:00Z");
    let mut source = Bead::new(id(bead), format!("Work on {bead}"), created, "overseer");
    source.status = Status::Completed;
    source.attempt = attempt;
    source.assignee = Some("app/polecats/toast".to_owned());
    source.branch = Some(branch.to_owned());
    source
}

fn request(source: &Bead, head: &str, host: &str) -> Bead {
    let id = source.id.merge_request(source.attempt);
    let filed = time("2026-01-16T10:30:00Z");
    let mut bead = Bead::new(id, source.title.clone(), filed, "app/polecats/toast");
    bead.kind = Kind::merge_request();
    bead.attempt = source.attempt;
    bead.branch.clone_from(&source.branch);
    bead.merge_request = Some(MergeRequest {
        source: source.id.clone(),
        head: head.to_owned(),
        target: "main".to_owned(),
        worker: "app/polecats/toast".to_owned(),
        host: host.to_owned(),
        merge_commit: None,
        outcome: None,
        gates: Vec::new(),
    });
    bead
}

/// Work on new files, completed and filed; begun at main.
pub(crate) fn filed(town: &Town, bead: &str, files: &[(&str, &str)]) -> Id {
    let branch = format!("polecat/toast/{bead}");
    let head = work(town, &branch, "main", files);
    file(town, bead, &branch, &head)
}

/// What a merge request says of itself.
pub(crate) fn outcome(town: &Town, merge_request: &Id) -> Option<String> {
    let merge = bead(town, merge_request.as_str()).merge_request;
    merge.and_then(|it| it.outcome).map(|it| it.to_string())
}

/// The texts of the comments on a bead.
pub(crate) fn comments(town: &Town, bead: &str) -> Vec<String> {
    let (comments, problems) = store(town).comments(&id(bead)).expect("listed");
    assert!(problems.is_empty(), "{problems:?}");
    comments.into_iter().map(|it| it.comment.text).collect()
}

/// The commits of a branch's first-parent history, newest first.
pub(crate) fn first_parents(town: &Town, branch: &str) -> Vec<String> {
    let log = town.git(&["rev-list", "--first-parent", branch]);
    log.text().lines().map(str::to_owned).collect()
}

pub(crate) fn show(town: &Town, revision: &str) -> String {
    town.git(&["show", revision]).stdout
}

pub(crate) fn path(town: &Town, file: &str) -> PathBuf {
    town.repo().join(file)
}

/// Git is whole, no lock is left, and what is said to have landed has.
#[track_caller]
pub(crate) fn sound(town: &Town) {
    assert_eq!(testkit::invariants::check(town), Vec::<String>::new());
}

/// Gates for the rig, as YAML list entries: name, command, seconds.
pub(crate) fn gates(town: &Town, gates: &[(&str, &[&str], u32)]) {
    let mut yaml = String::from("gates:\n  app:\n");
    for (name, command, seconds) in gates {
        let command = serde_json::to_string(command).expect("strings");
        yaml +=
            &format!("    - name: {name}\n      command: {command}\n      timeout: {seconds}s\n");
    }
    town.config(&yaml);
}
