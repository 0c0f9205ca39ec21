//! What the store promises, tried from outside: with other programs' readers,
//! several processes, real git, and system calls that fail.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that panics has failed, and what is skipped is said"
)]

// Under the name that its dependents give it.
extern crate plaintown_store as store;

mod child;
mod support;

mod attempts;
mod checkout;
mod collecting;
mod create;
mod damaged;
mod durable;
mod examples;
mod faults;
mod hosts;
mod links;
mod load;
mod locating;
mod locks;
mod readers;
mod strace;
