//! Finishing a landing whose branch has moved: the index follows.

use std::collections::HashMap;
use std::path::PathBuf;

use super::index::IndexLock;
use super::roll_back::{Entry, entry};
use super::{Site, overlap};
use crate::diff::{self, Change};
use crate::{Error, Git, Result, parse};

/// Builds the index anew and publishes it. The work tree was moved before the
/// branch, so whatever differs from the new commit is a person's edit.
pub(super) fn complete(site: &Site, index: &IndexLock) -> Result<()> {
    index.copy(&index.next())?;
    let git = site.git().index_file(&index.next());
    let args = [
        "read-tree",
        "-i",
        "-m",
        site.record.old.as_str(),
        site.record.new.as_str(),
    ];
    match git.run("update the index", args) {
        Ok(_) => {}
        // Somebody broke our lock and staged a path that landed.
        Err(Error::Failed { .. }) => replace_old_entries(site, &git)?,
        Err(error) => return Err(error),
    }
    overlap::refresh(&git)?;
    index.publish()
}

/// Moves the entries that are still the old commit's; they would look like a
/// staged revert of what has landed.
fn replace_old_entries(site: &Site, git: &Git) -> Result<()> {
    let staged = entries(git)?;
    let changes = diff::changes(git, &site.record.old, &site.record.new)?;
    let lines: Vec<u8> = changes
        .iter()
        .filter(|change| staged.get(&change.path).map(|entry| &entry.blob) == change.old.as_ref())
        .flat_map(line)
        .collect();
    git.clone()
        .stdin(lines)
        .run("update the index", ["update-index", "-z", "--index-info"])?;
    Ok(())
}

fn line(change: &Change) -> Vec<u8> {
    let meta = match &change.new {
        Some(blob) => format!("{} {}\t", blob.mode, blob.oid),
        None => "0 0000000000000000000000000000000000000000\t".to_owned(),
    };
    [meta.as_bytes(), parse::bytes(&change.path), b"\0"].concat()
}

/// The entries of an index, without conflicts.
pub(super) fn entries(git: &Git) -> Result<HashMap<PathBuf, Entry>> {
    let answer = git.run("list the index", ["ls-files", "-v", "-s", "-z"])?;
    Ok(parse::nul_fields(&answer).filter_map(entry).collect())
}
