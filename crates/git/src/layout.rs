//! Where things are inside a clone's common git folder.

use std::path::{Path, PathBuf};

use crate::{Result, durable, look};

/// Every admin folder of ours begins with this; the sparse configuration is
/// bound to it.
pub(crate) const PREFIX: &str = "plaintown-";

/// The paths below one common git folder.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    common: PathBuf,
}

impl Layout {
    /// Resolves links, so that paths compare and survive a change of directory.
    pub(crate) fn new(common_dir: &Path) -> Result<Self> {
        let common = common_dir
            .canonicalize()
            .map_err(crate::Error::io("find the git folder", common_dir))?;
        Ok(Self { common })
    }

    pub(crate) fn common(&self) -> &Path {
        &self.common
    }

    pub(crate) fn private(&self) -> PathBuf {
        self.common.join("plaintown")
    }

    /// The folder for half-made things, made when missing.
    pub(crate) fn tmp(&self) -> Result<PathBuf> {
        let tmp = self.private().join("tmp");
        durable::private_dir(&tmp)?;
        Ok(tmp)
    }

    /// A lock file, in a folder that is made when missing.
    pub(crate) fn lock(&self, name: &str) -> Result<PathBuf> {
        let locks = self.private().join("locks");
        durable::private_dir(&locks)?;
        Ok(locks.join(format!("{name}.lock")))
    }

    pub(crate) fn worktrees(&self) -> PathBuf {
        self.common.join("worktrees")
    }

    pub(crate) fn admin(&self, name: &str) -> PathBuf {
        self.worktrees().join(format!("{PREFIX}{name}"))
    }

    /// Whether references are kept in reftables, which have no loose files.
    pub(crate) fn is_reftable(&self) -> Result<bool> {
        look::is_folder(&self.common.join("reftable"))
    }
}
