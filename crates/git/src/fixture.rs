//! Real repositories in temporary folders, for this crate's tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::{BranchName, Git, Oid};

/// A repository with an identity, on branch `main`, in a folder of its own.
pub(crate) struct Repo {
    dir: TempDir,
    work: PathBuf,
}

impl Repo {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(options: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("temp dir");
        let root = dir.path().canonicalize().expect("exists");
        let work = root.join("clone");
        fs::create_dir(&work).expect("made");
        let repo = Self { dir, work };
        repo.sh(&[&["init", "--quiet", "--initial-branch=main"], options].concat());
        repo.sh(&["config", "user.name", "Test"]);
        repo.sh(&["config", "user.email", "test@example.org"]);
        repo
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().canonicalize().expect("exists")
    }

    pub(crate) fn work(&self) -> &Path {
        &self.work
    }

    pub(crate) fn common(&self) -> PathBuf {
        self.work.join(".git")
    }

    pub(crate) fn git(&self) -> Git {
        Git::at(&self.work)
    }

    /// Runs plain git, as a person would, and returns its trimmed output.
    pub(crate) fn sh(&self, args: &[&str]) -> String {
        person(&self.work, args)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.work.join(path);
        fs::create_dir_all(path.parent().expect("has a parent")).expect("made");
        fs::write(path, text).expect("written");
    }

    pub(crate) fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.work.join(path)).ok()
    }

    /// Writes one file and commits everything.
    pub(crate) fn commit(&self, path: &str, text: &str) -> Oid {
        self.write(path, text);
        self.commit_all()
    }

    pub(crate) fn commit_all(&self) -> Oid {
        self.sh(&["add", "-A"]);
        self.sh(&["commit", "--quiet", "--allow-empty", "-m", "change"]);
        self.oid("HEAD")
    }

    pub(crate) fn oid(&self, revision: &str) -> Oid {
        Oid::parse(&self.sh(&["rev-parse", revision])).expect("an object name")
    }

    /// A commit on top of `HEAD` that is on no branch, made by `edit`.
    pub(crate) fn aside(&self, edit: impl FnOnce(&Self)) -> Oid {
        let before = self.sh(&["symbolic-ref", "HEAD"]);
        let tip = self.oid("HEAD");
        edit(self);
        let made = self.commit_all();
        assert_eq!(before, self.sh(&["symbolic-ref", "HEAD"]));
        self.sh(&["reset", "--quiet", "--hard", tip.as_str()]);
        made
    }
}

/// Runs plain git in `dir`; a failure is the test's.
pub(crate) fn person(dir: &Path, args: &[&str]) -> String {
    let (ok, text) = try_person(dir, args);
    assert!(ok, "git {args:?}: {text}");
    text
}

pub(crate) fn try_person(dir: &Path, args: &[&str]) -> (bool, String) {
    let output = Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("HOME", "/nonexistent")
        .env("LC_ALL", "C")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .output()
        .expect("git runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text.trim_end().to_owned())
}

pub(crate) fn branch(name: &str) -> BranchName {
    BranchName::parse(name).expect("a branch name")
}
