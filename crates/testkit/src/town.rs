//! A hermetic place to run the binaries in: a home, a repository, and nothing else.
//!
//! Promises that no command sees this machine's configuration, identity, locale or
//! clock (where one is set), and that every process that carries the town's
//! environment is dead when the [`Town`] is dropped. Never touches another town.

mod build;
mod files;
mod processes;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use walkdir::WalkDir;

use crate::call::{Call, Output};

pub use build::Builder;

/// A temporary folder with `home`, `config.yaml` and the git repository `repo`.
#[derive(Debug)]
pub struct Town {
    // Dropped last, after the processes that live in it.
    root: TempDir,
    bin: PathBuf,
    env: BTreeMap<OsString, OsString>,
}

impl Town {
    /// A repository with one commit on `main` and an identity of its own. `program`
    /// is one of the binaries to test; the others are looked for beside it.
    ///
    /// # Panics
    /// If git is missing or the temporary folder cannot be written.
    #[track_caller]
    pub fn new(program: impl AsRef<Path>) -> Self {
        Self::builder(program).build()
    }

    /// The same with choices.
    pub fn builder(program: impl AsRef<Path>) -> Builder {
        Builder::new(program.as_ref())
    }

    /// The temporary folder.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The repository.
    pub fn repo(&self) -> PathBuf {
        self.root().join("repo")
    }

    /// The folder of the binaries.
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    /// Sets a variable for all commands that follow.
    pub fn env(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> &mut Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Stops the clock of all commands that follow at this time (RFC 3339).
    pub fn at(&mut self, time: &str) -> &mut Self {
        self.env("PLAINTOWN_NOW", time)
    }

    /// Seeds the randomness of all commands that follow.
    pub fn seed(&mut self, seed: u64) -> &mut Self {
        self.env("PLAINTOWN_SEED", seed.to_string())
    }

    /// A command in the repository, to be changed, run, started or killed.
    pub fn call<A: AsRef<OsStr>>(&self, program: &str, args: &[A]) -> Call {
        let mut argv = vec![OsStr::new(program)];
        argv.extend(args.iter().map(AsRef::as_ref));
        let mut call = Call::new(&argv, self.repo());
        call.env = self.env.clone();
        call
    }

    /// Runs `bd` in the repository.
    #[track_caller]
    pub fn bd<A: AsRef<OsStr>>(&self, args: &[A]) -> Output {
        self.call("bd", args).run()
    }

    /// Runs `gt` in the repository.
    #[track_caller]
    pub fn gt<A: AsRef<OsStr>>(&self, args: &[A]) -> Output {
        self.call("gt", args).run()
    }

    /// Runs `git` in the repository, which must succeed.
    #[track_caller]
    pub fn git<A: AsRef<OsStr>>(&self, args: &[A]) -> Output {
        self.call("git", args).run().ok()
    }

    /// Runs any program of the town's `PATH` in `dir`.
    #[track_caller]
    pub fn run_in<A: AsRef<OsStr>>(
        &self,
        dir: impl Into<PathBuf>,
        program: &str,
        args: &[A],
    ) -> Output {
        self.call(program, args).dir(dir).run()
    }

    /// Waits until `condition` holds, looking every few milliseconds.
    ///
    /// # Panics
    /// If it does not hold within `timeout`.
    #[track_caller]
    pub fn wait_until(&self, timeout: Duration, mut condition: impl FnMut() -> bool) {
        let end = Instant::now() + timeout;
        while !condition() {
            assert!(
                Instant::now() < end,
                "still not so after {timeout:?}\n{}",
                self.state()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// What a failed test wants to know of a town: its status and every log.
    fn state(&self) -> String {
        let status = self.gt(&["status"]);
        let logs = WalkDir::new(self.repo().join(".git/plaintown"))
            .into_iter()
            .flatten();
        let logs = logs.filter(|it| it.path().extension().is_some_and(|it| it == "log"));
        let texts = logs.map(|log| {
            let bytes = fs::read(log.path()).unwrap_or_default();
            let tail = &bytes[bytes.len().saturating_sub(4 << 10)..];
            let name = log.path().display().to_string();
            format!("== {name}\n{}\n", String::from_utf8_lossy(tail))
        });
        format!("{status}\n{}", texts.collect::<String>())
    }

    /// The processes that carry this town's environment.
    pub fn processes(&self) -> Vec<u32> {
        processes::carrying(&self.marker())
    }

    /// Kills them all and waits for their end. A command of an agent that is under
    /// way ends first: what it would leave is the business of the sweeps.
    ///
    /// # Panics
    /// If new ones keep coming.
    pub fn kill_all(&self) {
        processes::kill_all(&self.marker(), Duration::from_secs(5));
    }

    /// What only the environment of this town's processes holds.
    fn marker(&self) -> OsString {
        let mut marker = OsString::from("PLAINTOWN_CONFIG=");
        marker.push(self.root().join("config.yaml"));
        marker
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        processes::kill_all(&self.marker(), Duration::ZERO);
    }
}

#[cfg(test)]
mod tests;
