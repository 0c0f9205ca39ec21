//! The subcommands: each reads its arguments, makes one call, shows one view.

pub(crate) mod convoy;
pub(crate) mod mail;
mod shared;

use shared::{report, resolve_all};
