//! The subcommands: each reads its arguments, makes one call, shows one view.

pub(crate) mod mail;
mod problems;

use problems::report;
