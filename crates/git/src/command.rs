//! One hermetic git command: where it runs, with what, and for how long.
//!
//! Whatever the user's configuration and environment say, output stays
//! parsable and nothing is executed that the caller did not ask for: no hook,
//! no file-system monitor, no pager, no prompt, no remote helper besides the
//! listed transports.

mod environment;
mod run;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

pub use run::Output;

use crate::{Error, Result};

/// How long anything that reaches a network may take, unless told otherwise.
pub const NETWORK_LIMIT: Duration = Duration::from_secs(120);

/// Configuration that every call overrides.
const FIXED: &[&str] = &[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "core.fsync=committed,reference",
    // Another git's reference lock is short-lived, or was left behind.
    "core.filesRefLockTimeout=3000",
    "core.packedRefsTimeout=3000",
    "reftable.lockTimeout=10000",
    "core.pager=cat",
    "commit.gpgSign=false",
    "push.gpgSign=false",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "push.recurseSubmodules=no",
    "maintenance.auto=false",
    "gc.auto=0",
];

/// A git command to be: cheap to clone, changed by value.
#[derive(Clone, Debug)]
pub struct Git {
    place: Place,
    env: Vec<(OsString, OsString)>,
    stdin: Option<Arc<[u8]>>,
    limit: Option<Duration>,
}

#[derive(Clone, Debug)]
enum Place {
    WorkTree(PathBuf),
    GitDir(PathBuf),
}

impl Git {
    /// Runs in `dir`, which git looks up its repository from.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self::new(Place::WorkTree(dir.into()))
    }

    /// Runs on the repository whose git folder is `dir`, without a work tree.
    pub fn in_git_dir(dir: impl Into<PathBuf>) -> Self {
        Self::new(Place::GitDir(dir.into()))
    }

    fn new(place: Place) -> Self {
        Self {
            place,
            env: Vec::new(),
            stdin: None,
            limit: None,
        }
    }

    /// The directory given at the start.
    #[must_use]
    pub fn dir(&self) -> &Path {
        match &self.place {
            Place::WorkTree(dir) | Place::GitDir(dir) => dir,
        }
    }

    /// Sets an environment variable, after scrubbing.
    #[must_use]
    pub fn env(mut self, key: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    /// Uses another index file; `path` must be absolute.
    #[must_use]
    pub fn index_file(self, path: &Path) -> Self {
        self.env("GIT_INDEX_FILE", path)
    }

    /// Feeds `bytes` to standard input, which is closed otherwise.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Arc<[u8]>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// Kills git and all its children when it takes longer than `limit`.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// This command with [`NETWORK_LIMIT`], unless it has a limit already.
    pub(crate) fn limited(&self) -> Self {
        let limit = self.limit.unwrap_or(NETWORK_LIMIT);
        self.clone().timeout(limit)
    }

    /// Runs git and returns standard output; any exit code but 0 is an error.
    pub fn run<I, S>(&self, what: &str, args: I) -> Result<Vec<u8>>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let args = collect(args);
        let output = self.execute(what, &args)?;
        output.success(what, &args)
    }

    /// Runs git; an exit code listed in `answers` is an answer, any other an error.
    pub(crate) fn ask<I, S>(&self, what: &str, args: I, answers: &[i32]) -> Result<Output>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let args = collect(args);
        let output = self.execute(what, &args)?;
        match output.status {
            Some(code) if answers.contains(&code) => Ok(output),
            _ => Err(output.failed(what, &args)),
        }
    }

    /// Runs git and returns whatever came of it.
    pub fn output<I, S>(&self, what: &str, args: I) -> Result<Output>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        self.execute(what, &collect(args))
    }

    fn execute(&self, what: &str, args: &[OsString]) -> Result<Output> {
        let command = self.command(args);
        run::run(command, self.stdin.as_deref(), self.limit).map_err(|failure| match failure {
            run::Failure::NotFound => Error::NotInstalled,
            run::Failure::TimedOut(limit) => Error::TimedOut {
                what: what.to_owned(),
                args: shown(args),
                limit,
            },
            run::Failure::Io(source) => Error::io("run git in", self.dir())(source),
        })
    }

    fn command(&self, args: &[OsString]) -> Command {
        let mut command = Command::new("git");
        environment::apply(&mut command);
        match &self.place {
            Place::WorkTree(dir) => command.arg("-C").arg(dir),
            Place::GitDir(dir) => command.arg("--git-dir").arg(dir),
        };
        for setting in FIXED {
            command.args(["-c", setting]);
        }
        command.args(args);
        command.envs(self.env.iter().map(|(key, value)| (key, value)));
        command
    }
}

fn collect<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Vec<OsString> {
    args.into_iter()
        .map(|arg| arg.as_ref().to_owned())
        .collect()
}

fn shown(args: &[OsString]) -> String {
    let words: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests;
