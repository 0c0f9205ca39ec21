//! A repository with a store of so many beads, committed, on a real disk.

use crate::beads;
use model::{Bead, Comment, Record, Status};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use store::layout;
use store::yaml::Document;

/// `bd`, as it was built for this run.
pub(crate) const BD: &str = env!("CARGO_BIN_EXE_bd");

/// `gt`, as it was built for this run.
pub(crate) const GT: &str = env!("CARGO_BIN_EXE_gt");

/// One repository with its store. Holds no more than names: a process with
/// much memory is slow to start others.
pub(crate) struct Fixture {
    root: PathBuf,
    beads: usize,
    open: Vec<String>,
}

impl Fixture {
    /// Makes the repository in a folder that is not there yet.
    pub(crate) fn make(root: &Path, count: usize) -> Self {
        std::fs::create_dir_all(root.join("home")).expect("the build can be written");
        let (beads, comments) = beads::make(count);
        let fixture = Self {
            root: root.to_owned(),
            beads: beads.len(),
            open: open_beads(&beads),
        };
        std::fs::create_dir(fixture.repo()).expect("the build can be written");
        fixture.succeed("git", &["init", "--quiet", "--initial-branch=main"]);
        fixture.succeed(
            BD,
            &["init", "--quiet", "--name=bench", "--prefix", beads::PREFIX],
        );
        fixture.fill(&beads, &comments);
        fixture.commit("beads");
        fixture.succeed(GT, &["hook", &fixture.open[0]]);
        fixture.commit("a hook");
        fixture.check();
        fixture
    }

    /// How many beads it began with.
    pub(crate) fn size(&self) -> usize {
        self.beads
    }

    /// Beads that anybody may close or claim. The first one is on a hook.
    pub(crate) fn open(&self) -> &[String] {
        &self.open
    }

    /// The work tree.
    pub(crate) fn repo(&self) -> PathBuf {
        self.root.join("repo")
    }

    /// A command in the repository that sees nothing of this machine's
    /// configuration. Its output goes nowhere.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, program: &str, args: &[A]) -> Command {
        let mut command = Command::new(which(program));
        command
            .args(args)
            .current_dir(self.repo())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.root.join("home"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GT_AGENT", "bench/crew/ann")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Ann");
            command.env(format!("GIT_{role}_EMAIL"), "ann@example.com");
        }
        command
    }

    /// The user's own configuration.
    pub(crate) fn configure(&self, text: &str) {
        let folder = self.root.join("home/.config/plaintown");
        std::fs::create_dir_all(&folder).expect("the build can be written");
        std::fs::write(folder.join("config.yaml"), text).expect("the build can be written");
    }

    /// So many workers may run at once.
    pub(crate) fn allow(&self, workers: usize) {
        let config = self.repo().join(".beads/config.yaml");
        let text = std::fs::read_to_string(&config).expect("a store has one");
        let text = text.replace("max_polecats: 4", &format!("max_polecats: {workers}"));
        std::fs::write(config, text).expect("the build can be written");
        self.commit("many workers");
    }

    fn fill(&self, beads: &[Bead], comments: &[Comment]) {
        let store = self.repo().join(store::locate::STORE);
        for bead in beads {
            write(&store.join(layout::bead(&bead.id).path()), bead);
        }
        for comment in comments {
            let folder = store.join(layout::comments_folder(&comment.bead));
            let name = format!(
                "{}.{}-bench.yaml",
                comment.bead,
                comment.created_at.compact()
            );
            write(&folder.join(name), comment);
        }
    }

    /// Commits everything.
    pub(crate) fn commit(&self, message: &str) {
        self.succeed("git", &["add", "--all"]);
        self.succeed("git", &["commit", "--quiet", "--message", message]);
        // Its index is young: the first look at it reads files once more.
        self.succeed("git", &["status"]);
    }

    /// Runs a command to its end, which has to be a good one.
    pub(crate) fn succeed(&self, program: &str, args: &[&str]) {
        let output = self.command(program, args).stdout(Stdio::piped()).output();
        let output = output.unwrap_or_else(|error| panic!("{program} cannot be run: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {args:?}: {said}");
    }

    /// The commands see every bead: nothing is fast because it was left out.
    fn check(&self) {
        let mut list = self.command(BD, &["list", "--all", "-n", "0", "--json"]);
        let output = list.stdout(Stdio::piped()).output().expect("bd can be run");
        let listed: Vec<serde_json::Value> =
            serde_json::from_slice(&output.stdout).expect("bd prints JSON");
        assert_eq!(listed.len(), self.beads, "bd lists every bead");
    }
}

/// The IDs of open beads, those first that wait for nothing.
fn open_beads(beads: &[Bead]) -> Vec<String> {
    let is_open = |bead: &&Bead| bead.status == Status::Open;
    let mut open: Vec<&Bead> = beads.iter().filter(is_open).collect();
    open.sort_by_key(|bead| (bead.dependencies.len(), bead.parent.is_some()));
    open.iter().map(|bead| bead.id.to_string()).collect()
}

/// Where a program is: one that is named by its path is started without a copy
/// of this process.
fn which(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{program} is not on the PATH"))
}

fn write(path: &Path, record: &impl Record) {
    let folder = path.parent().expect("a file stands in a folder");
    std::fs::create_dir_all(folder).expect("the build can be written");
    std::fs::write(path, Document::render(record)).expect("the build can be written");
}
