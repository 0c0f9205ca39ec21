//! The only code that runs git.
//!
//! Promises: every call is hermetic (fixed locale, no prompt, no hook, no
//! file-system monitor, `GIT_*` scrubbed), every answer is parsed from a
//! machine format, every reference reaches git in full, and everything that
//! reaches a network ends within a time limit. What changes a clone can be
//! killed at any point and completed by calling it again.
//!
//! Never: prints, reads `.beads/`, or decides what a result means for a bead.

pub mod blob;
pub mod branch;
pub mod command;
pub mod commit;
pub mod diff;
mod durable;
mod error;
pub mod hidden;
pub mod identity;

pub mod land;
mod layout;
pub mod lock;
mod look;
pub mod merge;
pub mod oid;
mod parse;
mod process;
mod proven_lock;
mod ref_lock;
pub mod refs;

pub mod remote;
pub mod repository;
pub mod status;
pub mod version;
pub mod worktree;

#[cfg(test)]
mod fixture;

pub use branch::BranchName;
pub use command::Git;
pub use error::{Error, Result};
pub use identity::Identity;
pub use oid::Oid;
