//! System calls that fail in the middle of a write: the file is wholly old or
//! wholly new, nothing is left beside it, and the error names the file.

use crate::child;
use crate::support::{Rig, bead, have, open, parse, save, temporary_files};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Output;

/// Saves a bead while the `at`th call of a name fails.
fn save_failing(rig: &Rig, call: &str, error: &str, at: u32) -> Output {
    let inject = format!("inject={call}:error={error}:when={at}");
    let trace = format!("trace={call}");
    let wrapper = [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        &trace,
        "-e",
        &inject,
    ];
    child::command_under(&wrapper, "save", &rig.root(), &["gt-abc12", "New title"])
        .output()
        .unwrap()
}

/// Lets the first, second, third … call of a name fail, until none is left to
/// fail. Returns what the store said.
fn sweep(call: &str, error: &str, exists: bool) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for at in 1..20 {
        let rig = Rig::new();
        if exists {
            save(&rig.open(), &bead("gt-abc12", "Old title")).unwrap();
        }
        let output = save_failing(&rig, call, error, at);
        let after = open(&rig.root()).read::<model::Bead>(&parse("gt-abc12"));
        let title = after.unwrap().map(|bead| bead.title);
        let whole = [
            exists.then(|| "Old title".to_owned()),
            Some("New title".to_owned()),
        ];
        assert!(whole.contains(&title), "{call} {at}: {title:?}");
        assert_eq!(
            temporary_files(&rig.root()),
            [] as [PathBuf; 0],
            "{call} {at}"
        );
        match output.status.code() {
            Some(0) => assert_eq!(title.as_deref(), Some("New title")),
            Some(child::FAILED) => {
                let text = String::from_utf8(output.stderr).unwrap();
                said.insert(text.replace(&rig.root().display().to_string(), "RIG"));
            }
            // The failing call was one of the test harness's own.
            _ => {}
        }
        // What failed is no obstacle to trying again.
        assert!(save(&open(&rig.root()), &bead("gt-abc12", "Third")).unwrap());
    }
    said
}

fn strace_works() -> bool {
    let inject = "inject=fsync:error=EIO:when=1";
    have(
        "strace",
        &["-qq", "-e", "trace=fsync", "-e", inject, "true"],
    )
}

#[track_caller]
fn names_the_file(said: &BTreeSet<String>, reason: &str) {
    let line = |verb: &str| format!("cannot {verb} RIG/.beads/beads/a/gt-abc12.yaml: {reason}");
    let found = said
        .iter()
        .any(|text| text.starts_with(&line("write")) || text.starts_with(&line("create")));
    assert!(found, "{said:#?}");
}

#[test]
fn fsync_that_fails() {
    if !strace_works() {
        return;
    }
    for exists in [false, true] {
        let said = sweep("fsync", "EIO", exists);
        names_the_file(&said, "Input/output error");
        let folder = said
            .iter()
            .any(|text| text.starts_with("cannot sync the folder RIG/.beads/beads/a: "));
        assert!(folder, "{said:#?}");
    }
}

#[test]
fn write_that_fails() {
    if strace_works() {
        for exists in [false, true] {
            names_the_file(&sweep("write", "ENOSPC", exists), "No space left on device");
        }
    }
}

#[test]
fn rename_that_fails() {
    if strace_works() {
        names_the_file(&sweep("renameat2", "ENOSPC", false), "No space left");
        names_the_file(&sweep("renameat", "EIO", true), "Input/output error");
    }
}

/// A call that was interrupted is repeated, fsync included: it says nothing
/// about the data.
#[test]
fn interrupted_calls_are_repeated() {
    if !strace_works() {
        return;
    }
    for (call, exists) in [("renameat2", false), ("renameat", true), ("write", true)] {
        let said = sweep(call, "EINTR", exists);
        assert_eq!(said, BTreeSet::new(), "{call}");
    }
}

#[test]
fn a_full_disk_is_explained() {
    let error =
        store::error::PathError::new("write", std::path::Path::new("x"), rustix::io::Errno::NOSPC);
    let hint = model::Fault::hint(&store::Error::from(error)).unwrap();
    assert!(hint.contains("full") && hint.contains("nothing was half written"));
}
