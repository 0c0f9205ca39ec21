//! How a [`Town`] comes into being.
//!
//! Promises the same town for the same choices, commit ids included. Never leaves a
//! half-made one: a failure panics and the temporary folder goes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::Town;
use crate::work;

/// When the first commit is made, whatever the clock says.
const FIRST_COMMIT: &str = "2026-01-01T00:00:00Z";

/// The choices for a [`Town`].
#[derive(Clone, Debug)]
pub struct Builder {
    program: PathBuf,
    identity: bool,
    commit: bool,
    project: bool,
    in_memory: bool,
    below: Option<PathBuf>,
}

impl Builder {
    pub(super) fn new(program: &Path) -> Self {
        Self {
            program: program.to_owned(),
            identity: true,
            commit: true,
            project: false,
            in_memory: false,
            below: None,
        }
    }

    /// Without a `user.name` and `user.email` in the repository's configuration.
    pub fn without_identity(mut self) -> Self {
        self.identity = false;
        self
    }

    /// With a repository that has no commit yet.
    pub fn without_commit(mut self) -> Self {
        self.commit = false;
        self
    }

    /// With the sample project in its first commit, tests and all.
    pub fn project(mut self) -> Self {
        self.project = true;
        self
    }

    /// In memory where the system offers it, for sweeps.
    pub fn in_memory(mut self) -> Self {
        self.in_memory = true;
        self
    }

    /// Below this folder, as on a disk of its own.
    pub fn below(mut self, folder: &Path) -> Self {
        self.below = Some(folder.to_owned());
        self
    }

    /// Makes the town.
    ///
    /// # Panics
    /// If git is missing or the temporary folder cannot be written.
    #[track_caller]
    pub fn build(self) -> Town {
        let town = self.place();
        for folder in ["repo", "home", "tmp"] {
            fs::create_dir(town.root().join(folder)).expect("a fresh folder can be filled");
        }
        town.config("");
        town.git(&["init", "--quiet", "--initial-branch=main"]);
        if self.identity {
            town.identify(&town.repo());
        }
        if self.project {
            work::copy_project(&town.repo()).expect("the sample project can be copied");
        } else {
            town.write("README.md", "A repository.\n");
        }
        if self.commit {
            first_commit(&town);
        }
        town
    }

    fn place(&self) -> Town {
        let memory = Path::new("/dev/shm");
        let base = match &self.below {
            Some(folder) => folder.clone(),
            None if self.in_memory && memory.is_dir() => memory.to_owned(),
            None => std::env::temp_dir(),
        };
        let root = tempfile::Builder::new()
            .prefix("plaintown-test-")
            .tempdir_in(base)
            .expect("a temporary folder can be made");
        let program = self.program.as_path();
        let bin = program.parent().expect("a program stands in a folder");
        let env = environment(root.path(), bin);
        Town {
            root,
            bin: bin.to_owned(),
            env,
        }
    }
}

fn environment(root: &Path, bin: &Path) -> BTreeMap<OsString, OsString> {
    let mut path = bin.as_os_str().to_owned();
    path.push(":");
    // Where git is, wherever that is; nothing else of this process's environment.
    path.push(std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()));
    let below = |name: &str| root.join(name).into_os_string();
    let fixed = |text: &str| OsString::from(text);
    [
        ("PATH", path),
        ("HOME", below("home")),
        ("TMPDIR", below("tmp")),
        ("XDG_CONFIG_HOME", below("home/.config")),
        ("XDG_STATE_HOME", below("home/.local/state")),
        ("PLAINTOWN_CONFIG", below("config.yaml")),
        ("GIT_CONFIG_GLOBAL", fixed("/dev/null")),
        ("GIT_CONFIG_SYSTEM", fixed("/dev/null")),
        ("GIT_CONFIG_NOSYSTEM", fixed("1")),
        ("LANG", fixed("C.UTF-8")),
        ("TERM", fixed("dumb")),
        ("NO_COLOR", fixed("1")),
    ]
    .map(|(name, value)| (name.into(), value))
    .into()
}

#[track_caller]
fn first_commit(town: &Town) {
    town.git(&["add", "--all"]);
    let commit = ["commit", "--quiet", "--message=first commit"];
    let mut call = town
        .call("git", &commit)
        .env("GIT_AUTHOR_DATE", FIRST_COMMIT)
        .env("GIT_COMMITTER_DATE", FIRST_COMMIT);
    for role in ["AUTHOR", "COMMITTER"] {
        call = call
            .env(format!("GIT_{role}_NAME"), "Ann Tester")
            .env(format!("GIT_{role}_EMAIL"), "ann@example.com");
    }
    call.run().ok();
}
