//! Showing a worker's terminal to whoever wants to look at it or type into it.
//!
//! Only workers of this store are shown, and only in the window that they were
//! started in. Nothing is written.

use crate::Town;
use crate::error::Error;
use crate::worker::{self, Reach};
use agent::tmux::Server;
use model::{Address, Class, Hook, Ticket};
use std::convert::Infallible;
use std::ffi::OsString;

/// A worker's window, there to be shown.
#[derive(Debug, Clone)]
pub struct Window {
    /// Whose it is.
    pub agent: Address,
    /// The command that shows it, with its arguments.
    pub command: Vec<OsString>,
    server: Server,
}

/// The window of an agent; `read_only`, if nothing typed may reach it.
pub fn window(town: &Town, agent: &Address, read_only: bool) -> Result<Window, Error> {
    match worker::reach(town, agent)? {
        Reach::Terminal { server, pid } => {
            let command = server.attach_command(pid, read_only);
            Ok(Window {
                agent: agent.clone(),
                command: command.map_err(|error| worker::tmux_failed(&error))?,
                server,
            })
        }
        Reach::Detached(bead) => Err(Error::refused(
            format!("{agent} runs as a detached process: it has no terminal to attach to"),
            format!(
                "`gt logs -f {bead}` follows what it prints; `--session tmux` of `gt sling` gives a worker a terminal"
            ),
        )),
        Reach::Nobody => Err(Error::refused(
            format!("{agent} does not run, so there is no terminal to attach to"),
            match town.store.read::<Ticket>(agent)? {
                Some(ticket) if is_parked(town, agent)? => format!(
                    "its hook is parked: `gt show {}` says what it waits for",
                    ticket.bead
                ),
                Some(ticket) => format!("`gt sling {} {agent}` starts it again", ticket.bead),
                None => "`gt agents` says who works".to_owned(),
            },
        )),
    }
}

fn is_parked(town: &Town, agent: &Address) -> Result<bool, Error> {
    let hook = town.store.read::<Hook>(agent)?;
    Ok(hook.is_some_and(|hook| hook.parked.is_some()))
}

impl Window {
    /// This process becomes the one that shows the window. Returns only when it
    /// cannot.
    pub fn show(&self, town: &Town) -> Result<Infallible, Error> {
        let env: Vec<_> = town.setup().env.clone().into_iter().collect();
        let shown = self.server.attach(&self.command, &env);
        shown.map_err(|error| Error::new(Class::Environment, error.to_string()))
    }
}
