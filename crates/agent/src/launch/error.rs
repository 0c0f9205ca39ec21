//! Why a worker could not be started.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use crate::tmux::TmuxError;

/// Why a worker could not be started. In every case none was.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The command line is empty.
    #[error("the worker's command names no program")]
    NoProgram,
    /// No folder of the worker's `PATH` has the program.
    #[error("{program:?} is not in the worker's PATH ({})", path_text(searched.as_ref()))]
    ProgramNotFound {
        /// The name that was looked up.
        program: OsString,
        /// The `PATH` of the worker's environment, if it has one.
        searched: Option<OsString>,
    },
    /// The path that was given does not exist.
    #[error("{path:?} does not exist")]
    ProgramMissing {
        /// The program's path.
        path: PathBuf,
    },
    /// A path that would depend on the folder the worker starts in.
    #[error("{program:?} is a relative path")]
    RelativeProgram {
        /// The program as it was given.
        program: PathBuf,
    },
    /// Found, and not a file this user may run.
    #[error("{path:?} is not an executable file")]
    NotExecutable {
        /// What was found.
        path: PathBuf,
    },
    /// The folder to start in is not there.
    #[error("the worker's folder {path:?} does not exist")]
    CwdMissing {
        /// The folder.
        path: PathBuf,
    },
    /// The folder to start in cannot be looked at.
    #[error("cannot look at the worker's folder {path:?}: {source}")]
    Cwd {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The log cannot be written.
    #[error("cannot open the worker's log {path:?}: {source}")]
    Log {
        /// The log.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Whoever is to keep the log could not be started.
    #[error("cannot start what keeps the worker's log: {source}")]
    Keeper {
        /// What the system said.
        source: io::Error,
    },
    /// The kernel would not run the program.
    #[error("cannot run {program:?}: {source}")]
    Exec {
        /// The program's path.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The order for a start in a terminal cannot be written or read.
    #[error("cannot use the order for the worker's start in {path:?}: {source}")]
    Order {
        /// The order, or the folder of orders.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The order was taken back before it was carried out.
    #[error("the order for this start was taken back: another start came after it")]
    Withdrawn,
    /// The terminal's server did not do it.
    #[error(transparent)]
    Terminal(#[from] TmuxError),
    /// It ended before it could be identified.
    #[error("the worker's process ended as soon as it was started in its terminal")]
    EndedInTerminal,
    /// Its start time could not be read, so it was ended again.
    #[error("cannot identify the worker that was started, which was therefore killed: {source}")]
    Unidentified {
        /// What the system said.
        source: io::Error,
    },
}

impl LaunchError {
    /// Whether the machine is short of something: room on the disk, memory,
    /// processes, files that may be open.
    #[must_use]
    pub fn is_shortage(&self) -> bool {
        let source = std::error::Error::source(self).and_then(|it| it.downcast_ref::<io::Error>());
        source.and_then(io::Error::raw_os_error).is_some_and(|it| {
            matches!(
                it,
                libc::EMFILE
                    | libc::ENFILE
                    | libc::ENOSPC
                    | libc::EDQUOT
                    | libc::ENOMEM
                    | libc::EAGAIN
            )
        })
    }

    /// What the user can do about it, where there is something.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::ProgramNotFound { program, .. } => Some(format!(
                "install {}, add its folder to PATH, or configure another command for the \
                 runtime (`runtimes:` in ~/.config/plaintown/config.yaml)",
                program.display()
            )),
            Self::RelativeProgram { .. } => Some(
                "give an absolute path, or a name to look up in PATH: a relative path would \
                 run whatever the repository has there"
                    .into(),
            ),
            Self::NotExecutable { path } => Some(format!("try: chmod +x {}", path.display())),
            Self::Exec { source, .. } => exec_hint(source).map(str::to_owned),
            Self::Terminal(error) => error.hint().map(str::to_owned),
            _ => None,
        }
    }
}

fn exec_hint(source: &io::Error) -> Option<&'static str> {
    match source.raw_os_error()? {
        libc::ENOENT => Some("the interpreter that its first line names does not exist"),
        libc::E2BIG => Some("its arguments and environment are too long for the system"),
        _ => None,
    }
}

fn path_text(searched: Option<&OsString>) -> String {
    match searched {
        Some(path) if !path.is_empty() => path.display().to_string(),
        _ => "which is not set".into(),
    }
}
