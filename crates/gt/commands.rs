//! The subcommands: each reads its arguments, makes one call, shows one view.

pub(crate) mod agents;
pub(crate) mod attach;
pub(crate) mod close;
pub(crate) mod config;
mod confirm;
pub(crate) mod convoy;
pub(crate) mod doctor;
pub(crate) mod done;
pub(crate) mod down;
pub(crate) mod escalate;
pub(crate) mod feed;
pub(crate) mod handoff;
pub(crate) mod hook;
pub(crate) mod hook_call;
pub(crate) mod hooks;
pub(crate) mod internal;
pub(crate) mod logs;
pub(crate) mod mail;
pub(crate) mod mq;
pub(crate) mod nudge;
pub(crate) mod polecat;
pub(crate) mod prime;
pub(crate) mod ready;
pub(crate) mod refinery;
pub(crate) mod resume;
mod shared;
pub(crate) mod show;
pub(crate) mod sling;
pub(crate) mod status;
pub(crate) mod trust;
pub(crate) mod unsling;
pub(crate) mod up;
mod view;
pub(crate) mod watch;

use shared::{report, resolve_all};
