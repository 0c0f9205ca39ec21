//! The test environment: hermetic towns, scripted agents, crash sweeps and the
//! invariants that must hold after every fault.
//!
//! It runs the real binaries and reads their files from outside. It never links
//! the crates it judges, so a bug in them cannot hide itself here, and it never
//! touches a file outside the temporary folder of a [`Town`].

pub mod agents;
mod call;
mod capture;
pub mod disk;
pub mod invariants;
pub mod killat;
mod snapshot;
mod terminal;
mod town;
pub mod work;

pub use call::{Call, Output};
pub use snapshot::Snapshot;
pub use terminal::Shown;
pub use town::{Builder, Town};
