//! A repository is untrusted input: nothing that arrives by git ever starts a
//! process by itself. Each rule has a canary that must never run, and each
//! canary is shown to be noticed where it may.

mod asked;
mod copied;
mod everywhere;
mod git;
mod hooks;
mod merges;
mod mutants;
mod names;
mod support;
mod terminal;
mod tickets;
