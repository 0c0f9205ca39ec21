//! Why tmux did not do what was asked.

use std::io;
use std::time::Duration;

/// Why tmux did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum TmuxError {
    /// It is not on the `PATH`.
    #[error("tmux is not installed: it is not on the PATH")]
    NotInstalled,
    /// It could not be run.
    #[error("cannot run tmux: {0}")]
    System(io::Error),
    /// It refused.
    #[error("tmux said: {}", said.escape_debug())]
    Refused {
        /// What it said.
        said: String,
    },
    /// It answered with something else than what was asked for.
    #[error("tmux answered {said:?}")]
    NotUnderstood {
        /// What it said.
        said: String,
    },
    /// No window of the server is this worker's.
    #[error("no window of its tmux server runs process {process}")]
    NoWindow {
        /// The worker's process.
        process: u32,
    },
    /// It did not answer.
    #[error("tmux did not answer within {} s", .0.as_secs())]
    NoAnswer(Duration),
    /// The path of its socket is longer than the system allows.
    #[error(
        "the path of the socket {path:?} is longer than {} bytes",
        super::SOCKET_MAX
    )]
    SocketPath {
        /// The path.
        path: std::path::PathBuf,
    },
}

impl TmuxError {
    /// What the user can do about it, where there is something.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotInstalled => Some(
                "install tmux 3.2 or newer, or start workers as detached processes: \
                 `--session process`, or `session: process` in your own configuration",
            ),
            Self::SocketPath { .. } => {
                Some("set XDG_RUNTIME_DIR to a folder of your own with a short path")
            }
            _ => None,
        }
    }
}
