//! Convoys: batches of beads that close by themselves.

mod refresh;

pub use refresh::refresh;
