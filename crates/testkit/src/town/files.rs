//! The files, commits and clones of a [`Town`].
//!
//! Promises that relative paths are below the repository. Never follows the user's
//! own git configuration.

use std::fs;
use std::path::{Path, PathBuf};

use super::Town;

impl Town {
    /// Writes a file of the repository, with the folders above it.
    ///
    /// # Panics
    /// If it cannot be written.
    #[track_caller]
    pub fn write(&self, path: impl AsRef<Path>, text: &str) {
        let file = self.repo().join(path);
        let folder = file
            .parent()
            .expect("a file of the repository has a folder");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, text))
            .unwrap_or_else(|error| panic!("{} cannot be written: {error}", file.display()));
    }

    /// The text of a file of the repository.
    ///
    /// # Panics
    /// If it cannot be read.
    #[track_caller]
    pub fn read(&self, path: impl AsRef<Path>) -> String {
        let file = self.repo().join(path);
        fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()))
    }

    /// Replaces the user's own configuration.
    ///
    /// # Panics
    /// If it cannot be written.
    #[track_caller]
    pub fn config(&self, yaml: &str) {
        fs::write(self.root().join("config.yaml"), yaml).expect("the configuration can be written");
    }

    /// Commits everything in the repository and returns the commit's id.
    #[track_caller]
    pub fn commit_all(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
        self.git(&["rev-parse", "HEAD"]).text().to_owned()
    }

    /// A bare clone of the repository, which becomes its `origin` with `main`
    /// tracking it.
    #[track_caller]
    pub fn clone_bare_remote(&self) -> PathBuf {
        let remote = self.root().join("remote.git");
        let path = path_text(&remote);
        self.git(&["clone", "--quiet", "--bare", ".", path]);
        self.git(&["remote", "add", "origin", path]);
        self.git(&["fetch", "--quiet", "origin"]);
        self.git(&["branch", "--quiet", "--set-upstream-to=origin/main", "main"]);
        remote
    }

    /// Another clone of the remote, with an identity of its own, as a second
    /// developer has it.
    #[track_caller]
    pub fn second_clone(&self) -> PathBuf {
        let clone = self.root().join("second");
        let remote = self.root().join("remote.git");
        self.git(&["clone", "--quiet", path_text(&remote), path_text(&clone)]);
        self.identify(&clone);
        clone
    }

    /// The common git folder of the repository.
    #[track_caller]
    pub fn git_dir(&self) -> PathBuf {
        let found = self.git(&["rev-parse", "--path-format=absolute", "--git-common-dir"]);
        PathBuf::from(found.text())
    }

    #[track_caller]
    pub(super) fn identify(&self, clone: &Path) {
        for (key, value) in [
            ("user.name", "Ann Tester"),
            ("user.email", "ann@example.com"),
        ] {
            self.run_in(clone, "git", &["config", key, value]).ok();
        }
    }
}

fn path_text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}
