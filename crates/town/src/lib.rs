//! The operations: what `bd` and `gt` do to beads, hooks, convoys and merge
//! requests.
//!
//! Every operation validates first, then changes files in the one order from
//! which a killed process can be completed, and holds the locks of what it
//! changes. It never prints, and it never starts a process for anything that
//! arrived by git.

pub mod accept;
pub mod actor;
pub mod agents;
pub mod attach;
pub mod attempt;
pub mod close;
pub mod comment;
pub mod config;
pub mod context;
pub mod convoy;
pub mod create;
pub mod dependency;
pub mod doctor;
pub mod done;
pub mod edit;
pub mod error;
pub mod escalation;
pub mod events;
#[cfg(test)]
mod fixture;
pub mod handoff;
pub mod hooking;
pub mod init;
pub mod life;
pub mod logs;
pub mod mail;
pub mod merge_request;
pub mod notify;
pub mod nudge;
pub mod obstacles;
pub mod place;
pub mod polecat;
pub mod prime;
pub mod queue;
pub mod refinery;
pub mod release;
pub mod relief;
pub mod resume;
pub mod runtime_hooks;
pub mod search;
pub mod session;
pub mod sling;
pub mod stats;
pub mod supervision;
pub mod ticket;
pub mod touched;
pub mod trust;
pub mod unticketed;
pub mod update;
pub mod work;
pub mod worker;

pub use actor::Actor;
pub use config::UserConfig;
pub use context::{Setup, Town};
pub use error::Error;
