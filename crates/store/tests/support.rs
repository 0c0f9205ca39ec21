//! Repositories and stores in temporary folders, with no configuration of the
//! user's in force.

use model::{Bead, Id, Time};
use std::path::{Path, PathBuf};
use std::process::Command;
use store::stored::Stored;
use store::{Options, Store};
use tempfile::TempDir;

/// A repository with an empty store, prefix `gt`.
pub(crate) struct Rig {
    home: TempDir,
}

impl Rig {
    pub(crate) fn new() -> Self {
        let rig = Self::without_store();
        let git = store::gitdir::GitDir::find(&rig.root()).unwrap().unwrap();
        store::init::init(&git, Some("gastown"), Some("gt")).unwrap();
        rig
    }

    pub(crate) fn without_store() -> Self {
        let home = TempDir::new().unwrap();
        let root = home.path().join("rig");
        std::fs::create_dir(&root).unwrap();
        git(&root, &["init", "-q", "-b", "main"]);
        Self { home }
    }

    /// The folder around the repository.
    pub(crate) fn home(&self) -> PathBuf {
        self.home.path().canonicalize().unwrap()
    }

    /// The root of the work tree.
    pub(crate) fn root(&self) -> PathBuf {
        self.home().join("rig")
    }

    /// A path in `.beads`.
    pub(crate) fn beads(&self, relative: &str) -> PathBuf {
        self.root().join(".beads").join(relative)
    }

    pub(crate) fn open(&self) -> Store {
        open(&self.root())
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        git(&self.root(), args)
    }

    /// The path of a bead's file.
    pub(crate) fn path_of(&self, id: &str) -> PathBuf {
        let place = store::layout::bead(&parse(id));
        self.beads(&place.path())
    }

    /// Writes any bytes as a bead's file.
    pub(crate) fn plant(&self, id: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path_of(id);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn commit_all(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }
}

/// The store of a work tree, as every command opens it.
pub(crate) fn open(root: &Path) -> Store {
    open_with(root, Options::default())
}

pub(crate) fn open_with(root: &Path, options: Options) -> Store {
    Store::open(store::locate(root, None, None).unwrap(), options).unwrap()
}

pub(crate) fn parse(id: &str) -> Id {
    Id::parse(id).unwrap()
}

pub(crate) fn now() -> Time {
    Time::parse("2026-01-15T10:30:00Z").unwrap()
}

pub(crate) fn bead(id: &str, title: &str) -> Bead {
    Bead::new(parse(id), title, now(), "overseer")
}

/// Saves a bead under its lock.
pub(crate) fn save(store: &Store, bead: &Bead) -> Result<bool, store::Error> {
    store.lock(&[Bead::lock(&bead.id)])?.save(bead)
}

/// `git` that sees nobody's configuration.
pub(crate) fn git_command(dir: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(dir);
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("HOME", dir)
        .env("LC_ALL", "C")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"])
        .args(["-c", "protocol.file.allow=always"]);
    command
}

pub(crate) fn git(dir: &Path, args: &[&str]) -> String {
    let output = git_command(dir).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "git {args:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// The names of the files in a folder that are temporary.
pub(crate) fn temporary_files(root: &Path) -> Vec<PathBuf> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|it| it == "tmp"))
        .collect()
}

/// Whether a program can be run; says so where it cannot.
pub(crate) fn have(program: &str, args: &[&str]) -> bool {
    let found = Command::new(program)
        .args(args)
        .output()
        .is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("SKIPPED: `{program} {}` does not work here", args.join(" "));
    }
    found
}
