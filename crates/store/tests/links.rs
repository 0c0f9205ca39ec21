//! A store holds files and folders, nothing else. What else lies in one is
//! reported with what to do about it, never followed, and in nobody's way.

use crate::support::{Rig, bead, parse, save};
use model::{Address, Bead, Fault};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::{Error, Problem};

/// A store with one good bead, and a treasure outside of it.
fn rig() -> (Rig, PathBuf) {
    let rig = Rig::new();
    save(&rig.open(), &bead("gt-good", "Good")).unwrap();
    let outside = rig.home().join("outside");
    fs::create_dir(&outside).unwrap();
    let text = store::yaml::Document::render(&bead("gt-abc12", "Treasure"));
    fs::write(outside.join("gt-abc12.yaml"), text).unwrap();
    (rig, outside)
}

/// What everybody sees: one problem at `path`, and the good bead.
#[track_caller]
fn is_reported(rig: &Rig, path: &Path, what: &str) {
    let store = rig.open();
    let start = Instant::now();
    let snapshot = store.load().unwrap();
    assert!(start.elapsed() < Duration::from_secs(30), "it hung");
    assert_eq!(snapshot.beads.len(), 1, "{:?}", snapshot.beads);
    assert_eq!(snapshot.beads[0].id, parse("gt-good"));
    has_problem(&snapshot.problems, path, what);
    has_problem(&store.problems().unwrap(), path, what);
}

#[track_caller]
fn has_problem(problems: &[Problem], path: &Path, what: &str) {
    let found = problems
        .iter()
        .find(|problem| problem.path == path && problem.what.contains(what))
        .unwrap_or_else(|| panic!("{problems:#?}"));
    assert!(!found.remedy.is_empty());
}

/// Neither read nor written, and the target is as it was.
#[track_caller]
fn is_refused(rig: &Rig, outside: &Path) {
    let treasure = outside.join("gt-abc12.yaml");
    let before = fs::read(&treasure).unwrap();
    let store = rig.open();
    let read = store.read::<Bead>(&parse("gt-abc12")).unwrap_err();
    assert!(matches!(read, Error::Problem(_)), "{read}");
    assert!(read.hint().is_some());
    let written = save(&store, &bead("gt-abc12", "Mine")).unwrap_err();
    assert!(matches!(written, Error::Problem(_)), "{written}");
    assert_eq!(fs::read(&treasure).unwrap(), before);
    let names = fs::read_dir(outside).unwrap().count();
    assert_eq!(names, 1, "nothing was written out there");
}

#[test]
fn a_link_in_place_of_a_file() {
    for absolute in [true, false] {
        let (rig, outside) = rig();
        let path = rig.path_of("gt-abc12");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let target = if absolute {
            outside.join("gt-abc12.yaml")
        } else {
            PathBuf::from("../../../../outside/gt-abc12.yaml")
        };
        symlink(target, &path).unwrap();
        assert!(path.exists(), "the link leads somewhere");
        is_reported(&rig, &path, "symbolic link");
        is_refused(&rig, &outside);
    }
}

#[test]
fn a_link_in_place_of_a_shard() {
    for absolute in [true, false] {
        let (rig, outside) = rig();
        let path = rig.beads("beads/a");
        let target = if absolute {
            outside.clone()
        } else {
            PathBuf::from("../../../outside")
        };
        symlink(target, &path).unwrap();
        assert!(path.join("gt-abc12.yaml").exists());
        is_reported(&rig, &path, "symbolic link");
        is_refused(&rig, &outside);
    }
}

#[test]
fn a_link_in_the_middle() {
    let (rig, outside) = rig();
    let shards = rig.home().join("shards");
    fs::rename(rig.beads("beads"), &shards).unwrap();
    symlink(&outside, shards.join("a")).unwrap();
    symlink(&shards, rig.beads("beads")).unwrap();
    is_refused(&rig, &outside);
    let store = rig.open();
    let snapshot = store.load().unwrap();
    assert!(snapshot.beads.is_empty());
    let path = rig.beads("beads");
    has_problem(&snapshot.problems, &path, "symbolic link");
    assert_eq!(
        snapshot.problems.len(),
        1,
        "said once: {:?}",
        snapshot.problems
    );
    has_problem(&store.problems().unwrap(), &path, "symbolic link");
}

#[test]
fn links_elsewhere_in_the_store() {
    let (rig, outside) = rig();
    fs::create_dir_all(rig.beads("comments")).unwrap();
    let hook = rig.beads("hooks/mayor.yaml");
    for path in [
        rig.beads("comments/a"),
        rig.beads("hooks/gastown"),
        rig.beads("mail/mayor"),
        hook.clone(),
    ] {
        symlink(&outside, path).unwrap();
    }
    let store = rig.open();
    let problems = store.problems().unwrap();
    for path in [
        "comments/a",
        "hooks/gastown",
        "mail/mayor",
        "hooks/mayor.yaml",
    ] {
        has_problem(&problems, &rig.beads(path), "symbolic link");
    }
    assert_eq!(store.load().unwrap().beads.len(), 1);
    let toast = Address::parse("gastown/toast").unwrap();
    for agent in [Address::Mayor, toast] {
        let error = store.read::<model::Hook>(&agent).unwrap_err();
        assert!(matches!(error, Error::Problem(_)), "{error}");
    }
    assert!(matches!(
        store.comments(&parse("gt-abc12")),
        Err(Error::Problem(_))
    ));
    assert!(matches!(
        store.inbox(&Address::Mayor),
        Err(Error::Problem(_))
    ));
}

#[test]
fn the_store_itself_is_a_link() {
    let (rig, _) = rig();
    let elsewhere = rig.home().join("elsewhere");
    fs::rename(rig.beads(""), &elsewhere).unwrap();
    let path = rig.root().join(".beads");
    symlink(&elsewhere, &path).unwrap();
    let located = store::locate(&rig.root(), None, None).unwrap();
    let error = store::Store::open(located, store::Options::default()).unwrap_err();
    let Error::Problem(problem) = &error else {
        panic!("{error}")
    };
    assert_eq!(problem.path, path);
    assert!(problem.what.contains("symbolic link") && error.hint().is_some());
    let git = store::gitdir::GitDir::find(&rig.root()).unwrap().unwrap();
    let made = store::init::init(&git, None, None).unwrap_err();
    assert!(matches!(made, Error::Problem(_)), "{made}");
}

#[test]
fn a_pipe_does_not_hang() {
    let (rig, _) = rig();
    let path = rig.path_of("gt-abc12");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o644);
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    is_reported(&rig, &path, "not a file");
    let error = save(&rig.open(), &bead("gt-abc12", "Mine")).unwrap_err();
    assert!(matches!(error, Error::Problem(_)), "{error}");
}

#[test]
fn a_folder_with_the_name_of_a_bead() {
    let (rig, _) = rig();
    let path = rig.path_of("gt-abc12");
    fs::create_dir_all(&path).unwrap();
    is_reported(&rig, &path, "not a file");
    let error = save(&rig.open(), &bead("gt-abc12", "Mine")).unwrap_err();
    assert!(matches!(error, Error::Problem(_)), "{error}");
    assert!(path.is_dir());
}

#[test]
fn a_file_in_place_of_a_shard() {
    let (rig, _) = rig();
    let path = rig.beads("beads/a");
    fs::write(&path, "no folder").unwrap();
    is_reported(&rig, &path, "no folder");
    let error = save(&rig.open(), &bead("gt-abc12", "Mine")).unwrap_err();
    assert!(matches!(error, Error::Problem(_)), "{error}");
}

/// What lies where nothing looks is said, not skipped.
#[test]
fn strays_are_reported() {
    let (rig, _) = rig();
    let text = store::yaml::Document::render(&bead("gt-abc12", "Stray"));
    for (path, what) in [
        ("beads/gt-abc12.yaml", "no folder of beads"),
        ("beads/A/gt-abc12.yaml", "no folder of beads"),
        ("beads/z/gt-abc12.yaml", "wrong folder"),
        ("beads/a/notes.txt", "no file of a bead"),
    ] {
        let full = rig.beads(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(&full, &text).unwrap();
        let reported = if path == "beads/A/gt-abc12.yaml" {
            rig.beads("beads/A")
        } else {
            full.clone()
        };
        is_reported(&rig, &reported, what);
        fs::remove_file(full).unwrap();
        let _ = fs::remove_dir(rig.beads("beads/A"));
    }
}
