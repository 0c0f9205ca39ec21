//! The hooks of the runtimes themselves: programs that they run when a session
//! starts, before they compact it, at a prompt, and before they stop.
//!
//! What they say on standard input is recognised, whichever runtime says it,
//! and what they are answered is in the form that each of them reads. Pure:
//! nothing here reads a stream or writes a file, and nothing that a runtime
//! sends is an error, because a hook must never keep an agent from working.

mod input;
mod json;
mod reply;
mod wiring;

pub use input::{Event, Input, Source};
pub use reply::{Dialect, RUNTIMES};
pub use wiring::{Flaw, Left, Way};
