//! Convoys: batches of beads that close by themselves.

mod create;
mod refresh;

pub use create::{New, create};
pub use refresh::refresh;
