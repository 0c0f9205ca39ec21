//! Running a child to its end: pipes drained, time kept, nothing left behind.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::shown;
use crate::{Error, Result, durable};

/// What came of a git command.
#[derive(Clone, Debug)]
pub struct Output {
    /// The exit code; `None` when a signal ended git.
    pub status: Option<i32>,
    /// Standard output, as bytes: paths need not be text.
    pub stdout: Vec<u8>,
    /// Standard error, in the C locale.
    pub stderr: String,
}

impl Output {
    pub(super) fn success(self, what: &str, args: &[OsString]) -> Result<Vec<u8>> {
        match self.status {
            Some(0) => Ok(self.stdout),
            _ => Err(self.failed(what, args)),
        }
    }

    pub(super) fn failed(self, what: &str, args: &[OsString]) -> Error {
        Error::Failed {
            what: what.to_owned(),
            args: shown(args),
            status: self.status,
            stderr: self.stderr,
        }
    }
}

/// Why a child gave no output at all.
pub(super) enum Failure {
    NotFound,
    TimedOut(Duration),
    Io(io::Error),
}

/// A helper such as a shared ssh connection may outlive git and keep a pipe
/// open: after git's end its output is waited for this long and no longer.
const STRAGGLER_GRACE: Duration = Duration::from_secs(1);

pub(super) fn run(
    mut command: Command,
    stdin: Option<&[u8]>,
    limit: Option<Duration>,
) -> Result<Output, Failure> {
    command
        .stdin(if stdin.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::NotFound,
        _ => Failure::Io(error),
    })?;
    let fed = feed(&mut child, stdin);
    let stdout = drain(child.stdout.take().expect("stdout is piped"));
    let stderr = drain(child.stderr.take().expect("stderr is piped"));
    let output = match limit {
        None => finish(child.wait(), stdout.recv().ok(), stderr.recv().ok()),
        Some(limit) => {
            let status = wait_within(&mut child, limit)?;
            let stdout = stdout.recv_timeout(STRAGGLER_GRACE).ok();
            finish(
                Ok(status),
                stdout,
                stderr.recv_timeout(STRAGGLER_GRACE).ok(),
            )
        }
    }?;
    match fed.map(|fed| fed.recv_timeout(STRAGGLER_GRACE)) {
        // It was told less than it was meant to be told, and does not know.
        Some(Ok(Err(error))) => Err(Failure::Io(error)),
        _ => Ok(output),
    }
}

fn finish(
    status: io::Result<ExitStatus>,
    stdout: Option<io::Result<Vec<u8>>>,
    stderr: Option<io::Result<Vec<u8>>>,
) -> Result<Output, Failure> {
    let lost = || {
        Err(io::Error::new(
            ErrorKind::TimedOut,
            "git's output never ended",
        ))
    };
    let stdout = stdout.unwrap_or_else(lost).map_err(Failure::Io)?;
    let stderr = stderr.and_then(Result::ok).unwrap_or_default();
    Ok(Output {
        status: status.map_err(Failure::Io)?.code(),
        stdout,
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    })
}

/// Writes standard input from a thread of its own: a child that writes before
/// it has read everything would otherwise stop both.
fn feed(child: &mut Child, stdin: Option<&[u8]>) -> Option<Receiver<io::Result<()>>> {
    let (bytes, pipe) = stdin.zip(child.stdin.take())?;
    let bytes = bytes.to_vec();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let written = match durable::put(pipe, &bytes) {
            // A child that stops reading says why by its exit code.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written,
        };
        // Nobody asks after a child that took too long.
        let _abandoned = sender.send(written);
    });
    Some(receiver)
}

fn drain(mut pipe: impl Read + Send + 'static) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let result = pipe.read_to_end(&mut bytes).map(|_| bytes);
        // Nobody waits for a straggler's output.
        let _abandoned = sender.send(result);
    });
    receiver
}

fn wait_within(child: &mut Child, limit: Duration) -> Result<ExitStatus, Failure> {
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().map_err(Failure::Io)? {
            return Ok(status);
        }
        if Instant::now() >= deadline {
            kill(child);
            return Err(Failure::TimedOut(limit));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// The child has not been reaped, so its process group is certainly ours.
fn kill(child: &mut Child) {
    if let Some(pid) = Pid::from_raw(child.id().cast_signed()) {
        // Already gone is as good.
        let _gone = kill_process_group(pid, Signal::KILL);
    }
    let _reaped = child.wait();
}
