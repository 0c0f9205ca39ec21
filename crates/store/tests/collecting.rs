//! Temporary files: those of dead writers are collected, live ones never.

use crate::child;
use crate::support::{Rig, bead, have, parse, save, temporary_files};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A collector that never rests takes nothing from a busy writer.
#[test]
fn live_files_are_never_collected() {
    let rig = Rig::new();
    let store = rig.open();
    save(&store, &bead("gt-abc12", "Title")).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let collector = rig.open();
                while !done.load(Ordering::Relaxed) {
                    for path in collector.temporary_files().unwrap() {
                        collector.remove_temporary(&path).unwrap();
                    }
                }
            });
        }
        let start = Instant::now();
        let mut saved = Ok(true);
        for round in 0.. {
            saved = save(&store, &bead("gt-abc12", &format!("Round {round}")));
            if start.elapsed() > Duration::from_secs(2) || saved.is_err() {
                break;
            }
        }
        done.store(true, Ordering::Relaxed);
        assert!(saved.unwrap());
    });
}

/// A writer that is killed before the rename leaves a file that is of no
/// account to readers, and is collected.
#[test]
fn a_killed_writers_file_is_collected() {
    let inject = "inject=fsync:signal=SIGKILL:when=";
    if !have("strace", &["-qq", "-e", "trace=fsync", "true"]) {
        return;
    }
    let mut collected = 0;
    for at in 1..8 {
        let rig = Rig::new();
        save(&rig.open(), &bead("gt-abc12", "Old title")).unwrap();
        let inject = format!("{inject}{at}");
        let wrapper = [
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=fsync",
            "-e",
            &inject,
        ];
        child::command_under(&wrapper, "save", &rig.root(), &["gt-abc12", "New title"])
            .stderr(Stdio::null())
            .status()
            .unwrap();
        let store = rig.open();
        let left = temporary_files(&rig.root());
        assert_eq!(store.problems().unwrap(), []);
        for path in &left {
            assert!(store.remove_temporary(path).unwrap());
            collected += 1;
        }
        assert_eq!(temporary_files(&rig.root()), [] as [PathBuf; 0]);
        assert!(store.bead(&parse("gt-abc12")).is_ok());
        assert!(save(&store, &bead("gt-abc12", "Third")).unwrap());
    }
    assert!(collected > 0, "no writer was killed in time");
}

#[test]
fn nothing_but_temporary_files_is_removed() {
    let rig = Rig::new();
    let store = rig.open();
    save(&store, &bead("gt-abc12", "Title")).unwrap();
    assert!(!store.remove_temporary(&rig.path_of("gt-abc12")).unwrap());
    assert!(!store.remove_temporary(&rig.root().join(".x.tmp")).unwrap());
    assert!(store.bead(&parse("gt-abc12")).is_ok());
}
