//! Workers in terminals: windows of a tmux server that belongs to one store.
//!
//! The server is reached by its socket alone, reads no configuration, and is
//! started with an environment that holds no secret; it ends with its last
//! session. Nothing passes through a shell but the fixed command that keeps a
//! log, whose two words are quoted. A call that does not return is given up.
//! Nobody else's tmux server is ever spoken to.

mod call;
mod error;
mod pane;
mod quote;
mod socket;
mod words;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use error::TmuxError;
pub use socket::socket;
pub use words::{WORDS_MAX, Words, WordsError};

use crate::launch::program;

/// What `sockaddr_un` holds, without the byte that ends it.
pub const SOCKET_MAX: usize = 107;

/// Variables that the server keeps, for windows that people open in it.
const SERVER_ENV: &[&str] = &[
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "LANGUAGE", "TZ",
];
const SERVER_ENV_BEGINNINGS: &[&str] = &["LC_", "XDG_", "PLAINTOWN_"];

/// Milliseconds between the attempts to start a session: a server ends within a
/// few, unless the machine is overwhelmed.
const PAUSES: [u64; 9] = [1, 2, 5, 10, 20, 50, 100, 300, 500];

/// A tmux server, whether it runs or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    program: PathBuf,
    socket: PathBuf,
    env: Vec<(OsString, OsString)>,
}

/// What a new session runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'a> {
    /// The name of the session.
    pub(crate) name: &'a str,
    /// Where it begins.
    pub(crate) cwd: &'a Path,
    /// Program and arguments.
    pub(crate) argv: &'a [OsString],
    /// What reads the output of the window: program and arguments.
    pub(crate) reader: &'a [OsString],
}

impl Server {
    /// The server behind `socket`, spoken to by the tmux on the `PATH` of `env`.
    pub fn at(socket: &Path, env: &[(OsString, OsString)]) -> Result<Self, TmuxError> {
        let program = program::find("tmux".as_ref(), env).map_err(|_| TmuxError::NotInstalled)?;
        let kept = env.iter().filter(|(name, _)| is_kept(name));
        Ok(Self {
            program,
            socket: socket.to_owned(),
            env: kept.cloned().collect(),
        })
    }

    /// Starts a session of one window; returns the number of its process. A
    /// session of the same name, in which no worker is any more, keeps its
    /// windows under another name. A server that is just ending, since its last
    /// session did, is awaited.
    pub(crate) fn open(&self, window: &Window<'_>) -> Result<u32, TmuxError> {
        let mut pauses = PAUSES.iter();
        loop {
            let said = match self.new_session(window) {
                Err(TmuxError::Refused { said }) => said,
                outcome => return outcome,
            };
            let Some(pause) = pauses.next() else {
                return Err(TmuxError::Refused { said });
            };
            if said.starts_with("duplicate session") {
                self.put_aside(window.name)?;
            } else if is_ending(&said) {
                std::thread::sleep(Duration::from_millis(*pause));
            } else {
                return Err(TmuxError::Refused { said });
            }
        }
    }

    fn new_session(&self, window: &Window<'_>) -> Result<u32, TmuxError> {
        let mut args: Vec<OsString> = ["new-session", "-d", "-s", window.name, "-x", "200"]
            .map(OsString::from)
            .into();
        args.extend(["-y", "50", "-P", "-F", "#{pane_pid}"].map(OsString::from));
        // More than one argument is run as it is; a single one would be a line
        // for a shell.
        args.extend(window.argv.iter().cloned());
        // In the same call, so that nothing is printed before it is read.
        args.extend([";", "pipe-pane", "-t", &target(window.name)].map(OsString::from));
        args.push(quote::pipe_command(window.reader));
        let said = self.call(window.cwd, &args)?;
        said.trim()
            .parse()
            .map_err(|_| TmuxError::NotUnderstood { said })
    }

    fn put_aside(&self, name: &str) -> Result<(), TmuxError> {
        let aside = format!("{name}-before-{}", std::process::id());
        let args = ["rename-session", "-t", &target(name), &aside].map(OsString::from);
        match self.call(Path::new("/"), &args) {
            // It may have ended meanwhile.
            Ok(_) | Err(TmuxError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Whether tmux came upon a server that took the call and ended before it read
/// it. What it was to run did not begin, or has its order still, or has taken it
/// and ended: nothing is started twice.
fn is_ending(said: &str) -> bool {
    ["server exited", "lost server", "no server running"]
        .iter()
        .any(|it| said.starts_with(it))
}

/// Exactly this session, not one whose name begins so.
fn target(name: &str) -> String {
    format!("={name}:")
}

/// Whether a variable is no secret, and of use to what runs beside workers.
pub(crate) fn is_kept(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| {
        SERVER_ENV.contains(&name)
            || SERVER_ENV_BEGINNINGS
                .iter()
                .any(|beginning| name.starts_with(beginning))
    })
}

#[cfg(test)]
mod tests;
