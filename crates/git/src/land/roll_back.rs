//! Taking back a landing whose branch has not moved.
//!
//! Only what the landing wrote is undone: a path whose index entry is still
//! the old commit's and whose file is the new commit's, wholly or in part, or
//! missing. Anything else is a person's by now and stays. The index was never
//! changed.

use std::fs;
use std::path::{Path, PathBuf};

use super::blob::{self, Held};
use super::index::IndexLock;
use super::{Place, Site};
use crate::diff::{self, Blob, Change};
use crate::{Oid, Result, durable, parse};

/// What has to be done to the work tree.
#[derive(Debug, Default)]
struct Undo {
    restore: Vec<PathBuf>,
    remove: Vec<PathBuf>,
}

pub(super) fn roll_back(site: &Site, place: &Place, index: &IndexLock) -> Result<()> {
    let undo = plan(site, place, index)?;
    for path in &undo.remove {
        durable::remove_file(&place.work_tree.join(path))?;
        prune(&place.work_tree, path);
    }
    if undo.restore.is_empty() {
        return Ok(());
    }
    index.copy(&index.next())?;
    let list = parse::nul_list(undo.restore.iter().map(PathBuf::as_path));
    site.git().index_file(&index.next()).stdin(list).run(
        "restore the work tree",
        ["checkout-index", "--force", "--quiet", "-z", "--stdin"],
    )?;
    Ok(())
}

fn plan(site: &Site, place: &Place, index: &IndexLock) -> Result<Undo> {
    let git = site.git();
    let staged = super::complete::entries(&git.clone().index_file(&index.index()))?;
    let mut undo = Undo::default();
    for change in diff::changes(&git, &site.record.old, &site.record.new)? {
        let entry = staged.get(&change.path);
        if entry.map(|entry| &entry.blob) != change.old.as_ref() || is_left_alone(&change) {
            continue;
        }
        if entry.is_some_and(|entry| entry.skipped) {
            continue;
        }
        let held = blob::held(&git, &place.work_tree, &change)?;
        match (held, &change.old) {
            (Held::New | Held::Absent, Some(_)) => undo.restore.push(change.path),
            (Held::New, None) => undo.remove.push(change.path),
            _ => {}
        }
    }
    Ok(undo)
}

/// git does not move the work trees of submodules, and neither do we.
fn is_left_alone(change: &Change) -> bool {
    let is_module = |side: &Option<Blob>| side.as_ref().is_some_and(|blob| blob.mode == "160000");
    is_module(&change.old) || is_module(&change.new)
}

/// Removes the folders above `path` that are empty now, as git does.
fn prune(work_tree: &Path, path: &Path) {
    for folder in path
        .ancestors()
        .skip(1)
        .filter(|folder| *folder != Path::new(""))
    {
        if fs::remove_dir(work_tree.join(folder)).is_err() {
            return;
        }
    }
}

/// One entry of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) blob: Blob,
    /// Not in the work tree, by a sparse checkout.
    pub(super) skipped: bool,
}

/// Reads `<tag> <mode> <object> <stage>`; conflicts are no entries.
pub(super) fn entry(field: &[u8]) -> Option<(PathBuf, Entry)> {
    let tab = field.iter().position(|byte| *byte == b'\t')?;
    let (meta, path) = (std::str::from_utf8(&field[..tab]).ok()?, &field[tab + 1..]);
    let parts: Vec<_> = meta.split(' ').collect();
    let [tag, mode, oid, "0"] = parts[..] else {
        return None;
    };
    let blob = Blob {
        mode: mode.to_owned(),
        oid: Oid::parse(oid).ok()?,
    };
    let skipped = tag.eq_ignore_ascii_case("S");
    Some((parse::path(path), Entry { blob, skipped }))
}
