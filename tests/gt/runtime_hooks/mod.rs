//! The runtimes' own hooks: what they are told, what is noted of them, and how a
//! worker's conversation goes on.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod guard;
mod install;
mod killed;
mod plugin;
mod prime;
mod resume;
mod support;
mod worker;
