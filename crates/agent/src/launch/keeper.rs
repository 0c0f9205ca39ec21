//! Who keeps the log of a detached worker: a process that reads all that the
//! worker prints, so that the log stays within its bounds whatever the worker
//! does, and whether or not anything else of ours runs.
//!
//! It begins before the worker does and ends with the last process that could
//! print: when a start is cut short in between, it reads an end and is gone. It
//! is nobody's child, inherits no descriptor and none of the worker's
//! environment.

use super::{LaunchError, detach};
use crate::interrupted::nowhere;
use crate::process::await_all;
use crate::tmux::is_kept;
use rustix::pipe::{PipeFlags, pipe_with};
use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A keeper that has begun.
pub(super) struct Keeper {
    /// Where the worker is to print to.
    pub(super) input: OwnedFd,
    /// Tells of the keeper's end.
    pub(super) written: Written,
}

/// Tells when everything that a worker printed is in its log.
#[derive(Debug)]
pub struct Written {
    /// Closed by the keeper's end.
    end: OwnedFd,
    child: Child,
}

impl Drop for Written {
    /// What goes on in the background leaves at once a child that has ended.
    fn drop(&mut self) {
        // It is ours until here, so there is nothing that can go wrong.
        let _ = self.child.wait();
    }
}

impl Written {
    /// Waits for it, at most for so long. A process that the worker has left
    /// behind may go on printing.
    pub fn wait(&self, within: Duration) -> io::Result<bool> {
        await_all(&[self.end.as_fd()], within)
    }
}

/// Starts the program with these arguments as keeper. It reads its standard
/// input to the end, and goes on in the background by itself.
pub(super) fn start(
    argv: &[OsString],
    env: &[(OsString, OsString)],
) -> Result<Keeper, LaunchError> {
    begin(argv, env).map_err(|source| LaunchError::Keeper { source })
}

fn begin(argv: &[OsString], env: &[(OsString, OsString)]) -> io::Result<Keeper> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let (output, input) = pipe_with(PipeFlags::CLOEXEC)?;
    let (end, open) = pipe_with(PipeFlags::CLOEXEC)?;
    let kept = env.iter().filter(|(name, _)| is_kept(name));
    let mut command = Command::new(program);
    command.args(arguments).current_dir("/").env_clear();
    command.envs(kept.map(|(name, value)| (name, value)));
    command.stdin(output).stdout(open).stderr(nowhere()?);
    detach::before_exec(&mut command);
    let child = command.spawn()?;
    Ok(Keeper {
        input,
        written: Written { end, child },
    })
}

impl Keeper {
    /// Two handles on where the worker prints to.
    pub(super) fn handles(&self) -> io::Result<(Stdio, Stdio)> {
        Ok((
            self.input.try_clone()?.into(),
            self.input.try_clone()?.into(),
        ))
    }
}
