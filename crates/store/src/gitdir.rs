//! Git's folders, found by reading the files that name them.
//!
//! A file that is there and cannot be read is an error, never taken for none:
//! the folder around it, or another clone's, would be taken in its place.

use crate::error::PathError;
use crate::tree::read_small;
use std::path::{Path, PathBuf};

/// The git folders around a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitDir {
    /// The worktree's own git folder.
    pub dir: PathBuf,
    /// The one that all worktrees of the clone share.
    pub common: PathBuf,
    /// The root of the work tree; none for a bare repository.
    pub work_tree: Option<PathBuf>,
}

impl GitDir {
    /// Looks in `from` and in every folder above it.
    pub fn find(from: &Path) -> Result<Option<Self>, PathError> {
        let Ok(from) = from.canonicalize() else {
            return Ok(None);
        };
        for folder in from.ancestors() {
            let found = match Self::at(folder)? {
                None => Self::bare(folder)?,
                found => found,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Whether this is a linked worktree.
    pub fn is_linked(&self) -> bool {
        self.dir != self.common
    }

    /// The work tree that the clone began with.
    pub fn main_work_tree(&self) -> Result<Option<PathBuf>, PathError> {
        if self.common.file_name().is_some_and(|name| name == ".git") {
            return Ok(self.common.parent().map(Path::to_owned));
        }
        // A separate git folder names its work tree in its configuration.
        let config = read_small(&self.common.join("config"))?.unwrap_or_default();
        let mut lines = config.lines();
        let path = lines.find_map(|line| line.trim().strip_prefix("worktree = "));
        Ok(path.and_then(|path| self.common.join(path).canonicalize().ok()))
    }

    fn at(folder: &Path) -> Result<Option<Self>, PathError> {
        let git = folder.join(".git");
        let dir = if git.is_dir() {
            Some(git)
        } else {
            let text = read_small(&git)?;
            let named = text.as_deref().and_then(|it| it.strip_prefix("gitdir: "));
            named.map(|dir| folder.join(dir.trim_end()))
        };
        let is_git = |dir: &PathBuf| dir.join("HEAD").symlink_metadata().is_ok();
        let dir = dir.filter(is_git).and_then(|dir| dir.canonicalize().ok());
        let Some(dir) = dir else {
            return Ok(None);
        };
        Ok(Some(Self {
            common: common(&dir)?,
            dir,
            work_tree: Some(folder.to_owned()),
        }))
    }

    fn bare(folder: &Path) -> Result<Option<Self>, PathError> {
        let mut parts = ["HEAD", "objects", "refs"].iter();
        if !parts.all(|name| folder.join(name).exists()) {
            return Ok(None);
        }
        Ok(Some(Self {
            dir: folder.to_owned(),
            common: common(folder)?,
            work_tree: None,
        }))
    }
}

fn common(dir: &Path) -> Result<PathBuf, PathError> {
    let named = read_small(&dir.join("commondir"))?;
    let path = named.and_then(|text| dir.join(text.trim_end()).canonicalize().ok());
    Ok(path.unwrap_or_else(|| dir.to_owned()))
}
