//! Exactly one process: who it is, whether it lives, when it ends, and how it
//! is stopped together with everything it started in its session.
//!
//! A process number alone means nothing, because numbers are used again. Here
//! a process is boot, number and start time, and every signal goes through a
//! descriptor of the process that was checked against them after it was
//! opened. Nothing is signalled that cannot be proven to be the recorded
//! process or a member of its session, and never the caller itself. Zombies
//! are not alive. Nothing here polls the clock: ends are awaited.

mod find;
mod handle;
mod identity;
mod named;
mod rest;
mod session;
mod stat;
mod stop;

pub use find::{environment, find_all, find_leader};
pub use identity::{Identity, ParseIdentityError};
pub use named::named;
pub use rest::stop_rest;
pub use stop::{StopError, Stopped, stop};

pub(crate) use handle::await_all;

use std::io;
use std::time::Duration;

/// Waits until the process has ended, at most for `timeout`; `true` when it
/// has. A zombie has ended.
pub fn wait_exit(process: &Identity, timeout: Duration) -> io::Result<bool> {
    match handle::Handle::open(process)? {
        Some(handle) => await_all(&[handle.as_fd()], timeout),
        None => Ok(true),
    }
}

/// The number of the session that a process is in, which is the process number
/// of its leader; 0 when that is outside of this process number namespace, as
/// for the first processes of a container. `None` when there is no such process.
pub fn session_of(pid: u32) -> io::Result<Option<u32>> {
    Ok(stat::Stat::read(pid)?.map(|stat| stat.session))
}

#[cfg(test)]
mod tests;
