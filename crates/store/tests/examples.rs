//! One example of each kind of file, as the documentation shows it: every byte
//! is the one that the writer would write.

use crate::support::{Rig, parse};
use model::{
    Address, Bead, Comment, Convoy, Hook, Mail, Outcome, Record, RigConfig, Status, Ticket,
};
use std::path::{Path, PathBuf};
use store::yaml::Document;

/// The sample store: what git tracks, and what the clone has for itself.
fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/store")
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn sample() -> Rig {
    let rig = Rig::without_store();
    copy(&fixtures().join("tracked"), &rig.beads(""));
    copy(
        &fixtures().join("private"),
        &rig.root().join(".git/plaintown"),
    );
    rig
}

#[track_caller]
fn is_canonical<R: Record>(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let document = Document::<R>::parse(&text)
        .unwrap_or_else(|flaw| panic!("{}:{:?}: {flaw}", path.display(), flaw.line));
    assert_eq!(
        Document::render(&document.record),
        text,
        "{}",
        path.display()
    );
}

#[test]
fn every_file_of_the_sample_is_canonical() {
    let mut seen = 0;
    for entry in walkdir::WalkDir::new(fixtures()) {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|it| it != "yaml") {
            continue;
        }
        let text = path.to_string_lossy().into_owned();
        let folder = [
            "/beads/",
            "/comments/",
            "/convoys/",
            "/hooks/",
            "/mail/",
            "/tickets/",
            "/config",
        ]
        .into_iter()
        .find(|folder| text.contains(folder));
        match folder.unwrap() {
            "/beads/" => is_canonical::<Bead>(&path),
            "/comments/" => is_canonical::<Comment>(&path),
            "/convoys/" => is_canonical::<Convoy>(&path),
            "/hooks/" => is_canonical::<Hook>(&path),
            "/mail/" => is_canonical::<Mail>(&path),
            "/tickets/" => is_canonical::<Ticket>(&path),
            _ => is_canonical::<RigConfig>(&path),
        }
        seen += 1;
    }
    assert_eq!(seen, 10);
}

#[test]
fn the_sample_loads_whole() {
    let rig = sample();
    let store = rig.open();
    assert_eq!(store.problems().unwrap(), []);
    let snapshot = store.load().unwrap();
    let ids: Vec<&str> = snapshot.beads.iter().map(|bead| bead.id.as_str()).collect();
    assert_eq!(ids, ["gt-9k2mz", "gt-abc12", "gt-def34", "gt-mr-def34.1"]);
    assert_eq!(snapshot.beads[1].status, Status::InProgress);
    assert_eq!(snapshot.beads[1].dependencies.len(), 2);
    let request = snapshot.beads[3].merge_request.as_ref().unwrap();
    assert_eq!(request.outcome, Some(Outcome::Merged));
    assert_eq!(request.gates.len(), 2);
    assert_eq!(store.config().prefix, "gt");
}

#[test]
fn the_sample_has_one_of_each_kind() {
    let rig = sample();
    let store = rig.open();
    let toast = Address::parse("gastown/toast").unwrap();
    let hooks = store.hooks().unwrap().records;
    assert_eq!(hooks.len(), 1);
    assert_eq!(hooks[0].agent, toast);
    let tickets = store.tickets().unwrap().records;
    let hook = std::fs::read_to_string(rig.beads("hooks/gastown/polecats/toast.yaml")).unwrap();
    assert_eq!(tickets[0].hook, hook, "the ticket holds the hook's bytes");
    assert_eq!(store.convoys().unwrap().records[0].progress(), (1, 2));
    let (comments, _) = store.comments(&parse("gt-abc12")).unwrap();
    assert_eq!(comments[0].comment.text, "Reproduced with Firefox only.");
    let (letters, _) = store.inbox(&Address::Mayor).unwrap();
    assert!(letters[0].read && !letters[0].acknowledged);
}

/// A no-op writes nothing, and an edit changes its own lines alone.
#[test]
fn an_edit_of_the_sample_is_one_line_of_diff() {
    let rig = sample();
    let store = rig.open();
    rig.commit_all("sample");
    let mut bead = store.bead(&parse("gt-abc12")).unwrap();
    assert!(!crate::support::save(&store, &bead).unwrap());
    assert_eq!(rig.git(&["status", "--porcelain"]), "");
    bead.branch = Some("polecat/nux/gt-abc12".to_owned());
    assert!(crate::support::save(&store, &bead).unwrap());
    let diff = rig.git(&["diff", "-U0", "--no-color"]);
    let changed: Vec<&str> = diff
        .lines()
        .filter(|line| {
            line.starts_with(['+', '-']) && !line.starts_with("++") && !line.starts_with("--")
        })
        .collect();
    assert_eq!(
        changed,
        [
            "-branch: polecat/toast/gt-abc12",
            "+branch: polecat/nux/gt-abc12"
        ]
    );
}
