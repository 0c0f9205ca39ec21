//! Starting a worker in a terminal: the server of the terminal forks it, and
//! this program, run by the server, becomes it.

use super::order;
use super::{Launch, LaunchError};
use crate::process::Identity;
use crate::tmux::{Server, Window};
use std::convert::Infallible;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

/// The terminal that a worker is started in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// The server.
    pub server: Server,
    /// The name of the session.
    pub name: String,
    /// Where the agent's orders lie, which nobody else can read.
    pub orders: PathBuf,
    /// The program that calls [`become_worker`] when it is run with these
    /// arguments and the path of an order.
    pub starter: Vec<OsString>,
    /// The program that reads the output and keeps the log, with its arguments.
    pub keeper: Vec<OsString>,
}

/// Starts the worker in a terminal. What it prints is read by the keeper of the
/// log from the first byte.
///
/// When this is cut short the worker may be started all the same, and
/// [`super::withdraw`] says so.
pub fn spawn_in(launch: &Launch, terminal: &Terminal) -> Result<Identity, LaunchError> {
    super::check_folder(&launch.cwd)?;
    super::check_program(&launch.argv, &launch.env)?;
    super::log::create(&launch.log)?;
    let failed = |source| LaunchError::Order {
        path: terminal.orders.clone(),
        source,
    };
    let order = order::place(&terminal.orders, launch).map_err(failed)?;
    let mut argv = terminal.starter.clone();
    argv.push(order.into_os_string());
    let window = Window {
        name: &terminal.name,
        cwd: &launch.cwd,
        argv: &argv,
        reader: &terminal.keeper,
    };
    let pid = terminal.server.open(&window).inspect_err(|_| {
        // Nobody takes it, and the next start removes what cannot be removed now.
        let _ = order::withdraw(&terminal.orders);
    })?;
    let found = Identity::of(pid).map_err(|source| LaunchError::Unidentified { source })?;
    found.ok_or(LaunchError::EndedInTerminal)
}

/// Carries out an order: this process becomes the worker, with exactly its
/// environment but for `TERM`, which says what the terminal is. Returns only
/// when it cannot.
pub fn become_worker(order: &Path) -> Result<Infallible, LaunchError> {
    let failed = |source| LaunchError::Order {
        path: order.to_owned(),
        source,
    };
    let launch = order::take(order)
        .map_err(failed)?
        .ok_or(LaunchError::Withdrawn)?;
    let mut command = super::command(&launch)?;
    if let Some(terminal) = std::env::var_os("TERM") {
        command.env("TERM", terminal);
    }
    let source = command.exec();
    Err(LaunchError::Exec {
        program: PathBuf::from(command.get_program()),
        source,
    })
}
