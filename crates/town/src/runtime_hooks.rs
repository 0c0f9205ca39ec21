//! What the hooks of a runtime need from the town: the files that make the
//! runtime run them, whose session it is, and whether it may stop.
//!
//! Only a process that carries its attempt is believed to be a worker, and only a
//! session of this clone is noted. Nothing here is needed for work to be done: it
//! makes an agent that forgets remember.

pub mod install;
mod person;
mod session;
mod worker;

pub use session::{guard, note, note_by_environment};
pub(crate) use worker::prepare;
