//! Reference locks that a killed `update-ref` of ours left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use super::{Record, Site};
use crate::{Result, durable, parse, process};

/// How long a lock must lie still before it counts as left behind.
const STILL: Duration = Duration::from_millis(500);

/// The locks that moving the branch takes.
fn candidates(site: &Site) -> Vec<PathBuf> {
    let common = site.layout.common();
    let mut paths = vec![
        common.join(format!("{}.lock", site.record.branch.full_ref())),
        common.join("HEAD.lock"),
    ];
    paths.extend(
        site.place
            .as_ref()
            .map(|place| place.git_dir.join("HEAD.lock")),
    );
    paths.dedup();
    paths
}

/// The first lock that is in the way now.
pub(super) fn standing(site: &Site) -> Option<PathBuf> {
    candidates(site).into_iter().find(|path| path.exists())
}

/// Removes the locks that are proven ours. The caller holds the landing lock
/// and no git of ours is alive; what remains to be shown is that a lock was
/// made during our landing, holds what ours would, and is in nobody's hands.
pub(super) fn clear(site: &Site) -> Result<()> {
    let written = Record::written(&site.layout)?;
    let suspects: Vec<_> = candidates(site)
        .into_iter()
        .filter_map(|path| looks_ours(site, &path, written).map(|seen| (path, seen)))
        .collect();
    if suspects.is_empty() {
        return Ok(());
    }
    thread::sleep(STILL);
    for (path, seen) in suspects {
        let same = looks_ours(site, &path, written) == Some(seen);
        if same && !process::is_open(&path) {
            durable::remove_file(&path)?;
        }
    }
    Ok(())
}

fn looks_ours(site: &Site, path: &Path, written: SystemTime) -> Option<SystemTime> {
    let text = fs::read(path).ok()?;
    let modified = fs::metadata(path).ok()?.modified().ok()?;
    let ours = text.is_empty() || parse::line(&text) == site.record.new.as_str();
    (ours && modified >= written).then_some(modified)
}
