//! Git's folders, found by reading the files that name them.

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
    pub fn find(from: &Path) -> Option<Self> {
        let from = from.canonicalize().ok()?;
        from.ancestors()
            .find_map(|folder| Self::at(folder).or_else(|| Self::bare(folder)))
    }

    /// Whether this is a linked worktree.
    pub fn is_linked(&self) -> bool {
        self.dir != self.common
    }

    /// The work tree that the clone began with.
    pub fn main_work_tree(&self) -> Option<PathBuf> {
        if self.common.file_name()? == ".git" {
            return self.common.parent().map(Path::to_owned);
        }
        // A separate git folder names its work tree in its configuration.
        let config = read_small(&self.common.join("config"))?;
        let path = config
            .lines()
            .find_map(|line| line.trim().strip_prefix("worktree = "))?;
        self.common.join(path).canonicalize().ok()
    }

    fn at(folder: &Path) -> Option<Self> {
        let git = folder.join(".git");
        let dir = if git.is_dir() {
            git
        } else {
            let text = read_small(&git)?;
            folder.join(text.strip_prefix("gitdir: ")?.trim_end())
        };
        dir.join("HEAD").symlink_metadata().ok()?;
        let dir = dir.canonicalize().ok()?;
        Some(Self {
            common: common(&dir),
            dir,
            work_tree: Some(folder.to_owned()),
        })
    }

    fn bare(folder: &Path) -> Option<Self> {
        let is_git = ["HEAD", "objects", "refs"]
            .iter()
            .all(|name| folder.join(name).exists());
        is_git.then(|| Self {
            dir: folder.to_owned(),
            common: common(folder),
            work_tree: None,
        })
    }
}

fn common(dir: &Path) -> PathBuf {
    let named = read_small(&dir.join("commondir")).map(|text| dir.join(text.trim_end()));
    named
        .and_then(|path| path.canonicalize().ok())
        .unwrap_or_else(|| dir.to_owned())
}
