//! A write is on the disk when the call returns: seen at the kernel's door.

use crate::strace::{Call, calls, durable};
use crate::support::{Rig, bead, have, save};
use crate::{child, support};
use std::path::PathBuf;

const CALLS: &str = "trace=openat,write,fsync,fdatasync,rename,renameat,renameat2";

/// Saves a bead under strace and returns the calls below `.beads`.
fn traced(rig: &Rig, id: &str, title: &str) -> Vec<Call> {
    let log = rig.home().join("trace");
    let log_text = log.display().to_string();
    let wrapper = ["strace", "-f", "-y", "-qq", "-o", &log_text, "-e", CALLS];
    let status = child::command_under(&wrapper, "save", &rig.root(), &[id, title])
        .status()
        .unwrap();
    assert!(status.success());
    let trace = std::fs::read_to_string(log).unwrap();
    calls(&trace, &rig.beads("").canonicalize().unwrap())
}

fn traced_save(title_before: Option<&str>) -> Option<(Vec<Call>, PathBuf, Rig)> {
    have("strace", &["-qq", "-e", "trace=none", "true"]).then(|| {
        let rig = Rig::new();
        if let Some(title) = title_before {
            save(&rig.open(), &bead("gt-abc12", title)).unwrap();
        }
        let calls = traced(&rig, "gt-abc12", "New title");
        let path = rig.path_of("gt-abc12");
        (calls, path, rig)
    })
}

#[test]
fn a_new_file_is_durable() {
    if let Some((calls, path, rig)) = traced_save(None) {
        durable(&calls, &path).unwrap();
        // Its folder was new, too: that name has to last as well.
        let parent = Call::Sync(rig.beads("beads").display().to_string());
        assert!(calls.contains(&parent), "{calls:#?}");
    }
}

#[test]
fn a_replaced_file_is_durable() {
    if let Some((calls, path, rig)) = traced_save(Some("Old title")) {
        durable(&calls, &path).unwrap();
        assert_eq!(support::temporary_files(&rig.root()), [] as [PathBuf; 0]);
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains("New title"));
    }
}

/// The check itself can fail: a writer that leaves out either fsync, or does
/// things in another order, is found out.
#[test]
fn every_step_that_is_left_out_is_found_out() {
    let Some((good, path, _rig)) = traced_save(Some("Old title")) else {
        return;
    };
    for left_out in 0..good.len() {
        let mut calls = good.clone();
        let gone = calls.remove(left_out);
        assert!(durable(&calls, &path).is_err(), "without {gone:?}");
    }
    let mut late = good.clone();
    let sync = late
        .iter()
        .position(|call| matches!(call, Call::Sync(_)))
        .unwrap();
    late.swap(sync, sync + 1);
    assert!(durable(&late, &path).is_err(), "{late:#?}");
}
