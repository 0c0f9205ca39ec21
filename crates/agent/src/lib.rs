//! Runtimes and worker processes: which command line starts an agent, what it
//! may see of the caller's environment, who exactly the started process is,
//! and how it is waited for and stopped.
//!
//! This crate promises that a process it started can always be told apart
//! from a stranger that later got the same number, and that it signals nothing
//! it cannot prove to be the recorded worker or a member of its session.
//!
//! It never reads `.beads/`, never runs git, never puts a value through a
//! shell, never prints, and never decides whether a worker *should* run.

pub mod conversation;
pub mod environment;
pub mod hooks;
mod interrupted;
pub mod launch;
pub mod logs;
pub mod names;
pub mod process;
pub mod prompt;
pub mod runtime;
pub mod tmux;

pub use interrupted::nowhere;
