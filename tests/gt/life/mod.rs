//! The life of work: from a sling to its end, with real worker processes.

mod by_hand;
mod exits;
mod held;
mod hook_file;
mod moving;
mod parked;
mod prime;
mod races;
mod refusals;
mod released;
mod sling;
mod superseded;
mod surroundings;
mod targets;
mod undone;
mod worker;

pub(crate) mod support;
