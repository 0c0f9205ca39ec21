//! A repository is untrusted input: nothing that arrives by git ever starts a
//! process by itself. Each rule has a canary that must never run, and each
//! canary is shown to be noticed where it may.

mod copied;
mod git;
mod hooks;
mod merges;
mod names;
mod support;
mod terminal;
mod tickets;
