//! The only code that touches `.beads`: where things lie, how they are read
//! and written, and who may write when.
//!
//! Promises that every file is written whole and durably or not at all, that
//! reading takes no lock and changes nothing, that a file it cannot understand
//! is reported and never overwritten, and that no symbolic link in a store is
//! followed. It never starts a process, prints, or decides what work means:
//! that is for the operations on top.

pub mod attempts;
pub mod check;
pub mod comments;
pub mod error;
pub mod filesystem;
pub mod gitdir;
pub mod host;
pub mod init;
pub mod interrupted;
pub mod layout;
pub mod listing;
pub mod locate;
pub mod lock;
pub mod locked;
pub mod look;
pub mod mailbox;
mod private;
pub mod resolve;
pub mod snapshot;
pub mod store;
pub mod stored;
pub mod temporary;
pub mod tree;
pub mod witness;
pub mod yaml;

pub use error::{Error, Problem};
pub use locate::{Located, locate};
pub use lock::{Lock, Patience};
pub use locked::Locked;
pub use snapshot::Snapshot;
pub use store::{Options, Store};
pub use stored::Stored;
