//! Temporary files that a killed writer left behind.
//!
//! Finds them, and removes those whose writer is gone; a live one is never
//! touched.

use crate::error::Error;
use crate::store::Store;
use crate::tree::{Dir, Tree, is_temporary};
use std::path::{Path, PathBuf};

impl Store {
    /// Temporary files whose writer is gone, in the store and in the clone's
    /// own folder. One that is being written right now is not among them.
    pub fn temporary_files(&self) -> Result<Vec<PathBuf>, Error> {
        let mut abandoned = Vec::new();
        for tree in [Some(self.tracked()), self.private()].into_iter().flatten() {
            for path in files(tree.path()).filter(|path| is_temporary_path(path)) {
                let (dir, name) = split(tree, &path)?;
                if dir.is_some_and(|dir| dir.is_abandoned(&name)) {
                    abandoned.push(path);
                }
            }
        }
        Ok(abandoned)
    }

    /// Removes a temporary file, unless its writer is alive.
    pub fn remove_temporary(&self, path: &Path) -> Result<bool, Error> {
        let folders = [Some(self.tracked()), self.private()];
        for tree in folders.into_iter().flatten() {
            if path.starts_with(tree.path()) && is_temporary_path(path) {
                let (dir, name) = split(tree, path)?;
                return dir.map_or(Ok(false), |dir| dir.remove_abandoned(&name));
            }
        }
        Ok(false)
    }
}

/// The open folder of a file of this tree, and the file's name.
fn split(tree: &Tree, path: &Path) -> Result<(Option<Dir>, String), Error> {
    let relative = path.strip_prefix(tree.path()).unwrap_or(path);
    let name = relative
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let folder = relative
        .parent()
        .map(|path| path.to_string_lossy().into_owned())
        .filter(|path| !path.is_empty());
    Ok((tree.dir(folder.as_deref().unwrap_or("."))?, name))
}

fn is_temporary_path(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| is_temporary(&name.to_string_lossy()))
}

fn files(root: &Path) -> impl Iterator<Item = PathBuf> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
}
