//! Git's folders, found by reading the files that name them.
//!
//! A file that is there and cannot be read is an error, never taken for none:
//! the folder around it, or another clone's, would be taken in its place.

use crate::error::PathError;
use crate::look;
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
        let Some(from) = look::real(from)? else {
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
        let path = path.map(|path| look::real(&self.common.join(path)));
        Ok(path.transpose()?.flatten())
    }

    fn at(folder: &Path) -> Result<Option<Self>, PathError> {
        let git = folder.join(".git");
        let dir = if look::is_folder(&git)? {
            Some(git)
        } else {
            let text = read_small(&git)?;
            let named = text.as_deref().and_then(|it| it.strip_prefix("gitdir: "));
            named.map(|dir| folder.join(dir.trim_end()))
        };
        let dir = match dir {
            Some(dir) if look::is_there(&dir.join("HEAD"))? => look::real(&dir)?,
            _ => None,
        };
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
        for name in ["HEAD", "objects", "refs"] {
            if !look::is_there(&folder.join(name))? {
                return Ok(None);
            }
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
    let path = named.map(|text| look::real(&dir.join(text.trim_end())));
    let path = path.transpose()?.flatten();
    Ok(path.unwrap_or_else(|| dir.to_owned()))
}
