//! One call of tmux: bounded in time, its answer read, its refusal kept.

use super::{Server, TmuxError};
use crate::process::await_all;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::ffi::OsString;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// It answers within milliseconds, unless the machine is overwhelmed.
const PATIENCE: Duration = Duration::from_secs(20);

impl Server {
    /// What tmux prints when it is called with these arguments, in `cwd`.
    pub(super) fn call(&self, cwd: &Path, args: &[OsString]) -> Result<String, TmuxError> {
        self.answer(cwd, args, b"")
    }

    /// The same, for a command that reads a little text.
    pub(super) fn tell(&self, args: &[OsString], text: &[u8]) -> Result<(), TmuxError> {
        self.answer(Path::new("/"), args, text).map(drop)
    }

    fn answer(&self, cwd: &Path, args: &[OsString], input: &[u8]) -> Result<String, TmuxError> {
        let output = self.run(cwd, args, input).map_err(TmuxError::System)?;
        let output = output.ok_or(TmuxError::NoAnswer(PATIENCE))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(TmuxError::Refused { said })
    }

    /// The arguments that come before every command.
    pub(super) fn options(&self) -> [OsString; 5] {
        let socket = self.socket.clone().into_os_string();
        [
            "-u".into(),
            "-f".into(),
            "/dev/null".into(),
            "-S".into(),
            socket,
        ]
    }

    fn run(&self, cwd: &Path, args: &[OsString], input: &[u8]) -> io::Result<Option<Output>> {
        let stdin = match input {
            [] => Stdio::null(),
            _ => Stdio::piped(),
        };
        let mut child = Command::new(&self.program)
            .args(self.options())
            .args(args)
            .current_dir(cwd)
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // It fits a pipe. One that does not read it says why.
            let _ = stdin.write_all(input);
        }
        if ended(&child)? {
            return child.wait_with_output().map(Some);
        }
        child.kill()?;
        child.wait()?;
        Ok(None)
    }
}

/// Its answers are short: they fit a pipe, and nobody has to read along.
fn ended(child: &Child) -> io::Result<bool> {
    let end = pidfd_open(Pid::from_child(child), PidfdFlags::empty())?;
    await_all(&[end.as_fd()], PATIENCE)
}
