//! Notices what happens to hooks and beads, and keeps their workers running.
//!
//! Promises that a lost event is harmless: events only say where to look, and
//! everything is looked at when it begins, when events were lost, and once a
//! minute. What is done follows from what is there, by one pure function; of
//! any number of watchers in a clone one acts; and while nothing happens it
//! sleeps.
//!
//! Never stops a worker that may be at work for longer than its user allowed,
//! starts nothing that this clone has no ticket for, decides nothing about a
//! hook that it cannot read, and never prints.

mod addresses;
mod alone;
mod chronicle;
pub mod decide;
mod ears;
mod ends;
mod error;
mod facts;
mod hands;
mod input;
mod ledger;
mod progress;
pub mod reaction;
mod refining;
pub mod service;
mod shelf;
pub mod snapshot;
mod stamp;
pub mod status;
mod stray;
mod subject;
mod supervisor;
mod telling;
mod tidying;
mod watch;
mod watcher;
mod world;

pub use alone::{Holder, holder};
pub use decide::{State, Verdict};
pub use error::Error;
pub use input::Stop;
pub use town::events::{Event, Noticed};
pub use watcher::{Builder, Watcher};
