//! `gt`, command by command.

mod convoy;
mod doctor;
mod escalate;
pub(crate) mod life;
mod mail;
mod mq;
mod readonly;
pub(crate) mod refinery;
mod runtime_hooks;
mod sessions;
mod status;
pub(crate) mod trust;
mod watch;

use testkit::Town;

/// A repository with a store, at a fixed time.
fn store() -> Town {
    let mut town = Town::new(env!("CARGO_BIN_EXE_gt"));
    town.at("2026-01-15T10:35:00Z");
    town.bd(&["init", "--prefix", "gt"]).ok();
    town
}
