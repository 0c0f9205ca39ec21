//! Reference locks that a killed `update-ref` of ours left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::{Oid, Result, durable, parse, process};

/// How long a lock must lie still before it counts as left behind.
const STILL: Duration = Duration::from_millis(500);

/// Removes those of `paths` that are proven ours: made since `since`, when our
/// note of moving a reference to `new` was written, holding what our git would
/// have written, lying still, and open in no process. The caller has made sure
/// that no git of ours is alive.
pub(crate) fn clear(paths: &[PathBuf], new: &Oid, since: SystemTime) -> Result<()> {
    let suspects: Vec<_> = paths
        .iter()
        .filter_map(|path| looks_ours(path, new, since).map(|seen| (path, seen)))
        .collect();
    if suspects.is_empty() {
        return Ok(());
    }
    thread::sleep(STILL);
    for (path, seen) in suspects {
        let same = looks_ours(path, new, since) == Some(seen);
        if same && !process::is_open(path)? {
            durable::remove_file(path)?;
        }
    }
    Ok(())
}

fn looks_ours(path: &Path, new: &Oid, since: SystemTime) -> Option<SystemTime> {
    let text = fs::read(path).ok()?;
    let modified = fs::metadata(path).ok()?.modified().ok()?;
    let ours = text.is_empty() || parse::line(&text) == new.as_str();
    (ours && modified >= since).then_some(modified)
}
