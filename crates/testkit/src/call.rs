//! A command to run, as data, and what it answered.
//!
//! Promises that the command sees exactly the environment listed, a standard
//! input that ends, and a time limit. Never reads this process's environment.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use crate::capture::Capture;

/// How long the pipes of a process that has ended may stay open.
const PIPE_GRACE: Duration = Duration::from_secs(5);

/// A command with its folder, environment, input and time limit.
#[derive(Clone, Debug)]
pub struct Call {
    /// The program and its arguments.
    pub argv: Vec<OsString>,
    /// The folder it runs in.
    pub dir: PathBuf,
    /// The whole environment.
    pub env: BTreeMap<OsString, OsString>,
    /// Standard input; empty reads as `/dev/null`.
    pub stdin: Vec<u8>,
    /// How long it may take. What takes longer is killed.
    pub limit: Duration,
}

impl Call {
    /// `argv` in `dir`, with an empty environment and a minute's time.
    pub fn new<A: AsRef<OsStr>>(argv: &[A], dir: impl Into<PathBuf>) -> Self {
        Self {
            argv: argv.iter().map(|arg| arg.as_ref().to_owned()).collect(),
            dir: dir.into(),
            env: BTreeMap::new(),
            stdin: Vec::new(),
            limit: Duration::from_secs(60),
        }
    }

    /// The same with one more variable.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// The same in another folder.
    pub fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = dir.into();
        self
    }

    /// The same with this standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// The same with another time limit.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it and waits for its end; processes that it leaves behind in the
    /// background are not waited for.
    ///
    /// # Panics
    /// If it cannot be started, takes longer than its limit, or leaves a process
    /// behind that still holds its output.
    #[track_caller]
    pub fn run(&self) -> Output {
        let (out, out_end) = Capture::new().expect("a pipe can be made");
        let (err, err_end) = Capture::new().expect("a pipe can be made");
        let mut child = self.spawn(out_end.into(), err_end.into());
        if !ends_within(&child, self.limit) {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{} took longer than {:?}", self.shown(), self.limit);
        }
        let status = child.wait().expect("our own child can be waited for");
        let text = |capture: Capture| {
            capture
                .finish(PIPE_GRACE)
                .unwrap_or_else(|| panic!("{} left its output open", self.shown()))
        };
        Output {
            call: self.shown(),
            status,
            stdout: text(out),
            stderr: text(err),
        }
    }

    /// Starts it and returns at once, for races.
    ///
    /// # Panics
    /// If it cannot be started.
    #[track_caller]
    pub fn start(&self) -> Child {
        self.spawn(Stdio::piped(), Stdio::piped())
    }

    /// Runs all of them at once, let go together, and returns their answers in order.
    ///
    /// # Panics
    /// As [`Call::run`] does.
    pub fn race(calls: &[Self]) -> Vec<Output> {
        let start = Barrier::new(calls.len());
        thread::scope(|scope| {
            let run = |call: &Self| {
                start.wait();
                call.run()
            };
            let racers: Vec<_> = calls
                .iter()
                .map(|call| scope.spawn(move || run(call)))
                .collect();
            let answer = |racer: thread::ScopedJoinHandle<'_, Output>| {
                racer.join().unwrap_or_else(|panic| resume_unwind(panic))
            };
            racers.into_iter().map(answer).collect()
        })
    }

    #[track_caller]
    fn spawn(&self, stdout: Stdio, stderr: Stdio) -> Child {
        self.command(stdout, stderr)
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", self.shown()))
    }

    /// What is started, with these outputs.
    pub(crate) fn command(&self, stdout: Stdio, stderr: Stdio) -> Command {
        let mut command = Command::new(self.program());
        command
            .args(&self.argv[1..])
            .current_dir(&self.dir)
            .env_clear()
            .envs(&self.env)
            .stdin(self.input().expect("standard input can be prepared"))
            .stdout(stdout)
            .stderr(stderr);
        command
    }

    /// The program's path, looked up in the call's own `PATH`.
    pub(crate) fn program(&self) -> PathBuf {
        let name = Path::new(&self.argv[0]);
        let path = self.env.get(OsStr::new("PATH"));
        let found = path.filter(|_| name.components().count() == 1);
        found
            .into_iter()
            .flat_map(std::env::split_paths)
            .map(|dir| dir.join(name))
            .find(|file| is_executable(file))
            .unwrap_or_else(|| name.to_owned())
    }

    pub(crate) fn input(&self) -> io::Result<File> {
        if self.stdin.is_empty() {
            return File::open("/dev/null");
        }
        let mut file = tempfile::tempfile()?;
        file.write_all(&self.stdin)?;
        file.rewind()?;
        Ok(file)
    }

    fn shown(&self) -> String {
        let words: Vec<_> = self.argv.iter().map(|arg| arg.to_string_lossy()).collect();
        format!("`{}` in {}", words.join(" "), self.dir.display())
    }
}

fn is_executable(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Whether a child ends in time; it still has to be waited for.
pub(crate) fn ends_within(child: &Child, limit: Duration) -> bool {
    let pid = Pid::from_child(child);
    let pidfd = pidfd_open(pid, PidfdFlags::empty()).expect("an unreaped child has a pidfd");
    let limit = Timespec::try_from(limit).expect("limits are short");
    loop {
        let mut fds = [PollFd::new(&pidfd, PollFlags::IN)];
        match poll(&mut fds, Some(&limit)) {
            Ok(ready) => return ready == 1,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => panic!("a pidfd can be polled: {error}"),
        }
    }
}

/// What a command answered.
#[derive(Debug)]
pub struct Output {
    call: String,
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Output {
    /// The same, having succeeded.
    ///
    /// # Panics
    /// With everything it said, if it failed.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.status.success(), "expected success of {self}");
        self
    }

    /// The same, having failed with this exit code.
    ///
    /// # Panics
    /// With everything it said, if it ended otherwise.
    #[track_caller]
    pub fn fails(self, code: i32) -> Self {
        let ended = self.status.code();
        assert!(ended == Some(code), "expected exit code {code} of {self}");
        self
    }

    /// Its standard output as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("expected JSON ({error}) of {self}"))
    }

    /// Its standard output without white space around it.
    pub fn text(&self) -> &str {
        self.stdout.trim()
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            call,
            status,
            stdout,
            stderr,
        } = self;
        write!(
            f,
            "{call}: {status}\n--- stdout\n{stdout}--- stderr\n{stderr}---"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Call {
        Call::new(&["/bin/sh", "-c", script], "/")
    }

    #[test]
    fn output_status_and_input_pass_through() {
        let output = sh("read line; echo \"got $line\"; echo no >&2; exit 3")
            .stdin("a line\n")
            .run()
            .fails(3);
        assert_eq!(
            (output.stdout.as_str(), output.stderr.as_str()),
            ("got a line\n", "no\n")
        );
    }

    #[test]
    fn nothing_of_our_environment_is_seen() {
        let output = sh("echo \"${HOME-unset} $ONE\"").env("ONE", "1").run();
        assert_eq!(output.text(), "unset 1");
    }

    #[test]
    #[should_panic(expected = "took longer than")]
    fn a_slow_command_is_given_up() {
        sh("exec sleep 30")
            .env("PATH", "/usr/bin:/bin")
            .limit(Duration::from_millis(50))
            .run();
    }

    #[test]
    fn a_race_has_all_its_answers_in_order() {
        let temp = tempfile::tempdir().unwrap();
        let racer = |i: i32| sh(&format!("set -C; : >won && echo {i}")).dir(temp.path());
        let answers = Call::race(&(0..8).map(racer).collect::<Vec<_>>());
        let winners: Vec<_> = (0..8).filter(|&i| answers[i].status.success()).collect();
        assert_eq!(winners.len(), 1, "{answers:?}");
        assert_eq!(answers[winners[0]].text(), winners[0].to_string());
    }

    #[test]
    #[should_panic(expected = "the reason")]
    fn a_failure_is_shown_whole() {
        sh("echo the reason >&2; exit 1").run().ok();
    }
}
