//! Convoys: batches of beads that close by themselves.
//!
//! The beads are the truth. What a convoy's file says of them is as last seen,
//! and every answer given here was recomputed from the beads. A convoy never
//! closes while one of its beads is missing or cannot be read.

mod change;
mod check;
mod find;
mod recompute;
mod refresh;
mod standing;

pub use change::{Added, Closed, New, add, close, create};
pub use check::{Changed, Report, absent, check, stale};
pub use find::{Found, get, list, naming, resolve_exact, resolve_partial};
pub use refresh::{Refreshed, refresh};
pub use standing::{Standing, State, StatusReport, Stranded, status, stranded};
