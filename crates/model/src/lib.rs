//! What things are in Plaintown: identifiers, addresses, beads, hooks,
//! convoys, the states of a bead and the one function that moves it between
//! them, and the graph that beads form.
//!
//! This crate is pure. It never opens a file, reads a clock, draws a random
//! number or prints; whatever it needs of those comes in as an argument.

pub mod address;
pub mod bead;
pub mod comment;
pub mod config;
pub mod context;
pub mod convoy;
pub mod dependency;
pub mod exit;
pub mod fault;
pub mod filter;
pub mod graph;
pub mod hook;
pub mod id;
pub mod kind;
pub mod mail;
pub mod merge_request;
pub mod priority;
pub mod ready;
pub mod record;
pub mod session;
pub mod sort;
pub mod status;
pub mod text;
pub mod ticket;
pub mod time;
pub mod transition;
pub mod tree;
pub mod value;

pub use address::Address;
pub use bead::Bead;
pub use comment::Comment;
pub use config::RigConfig;
pub use context::Context;
pub use convoy::{Convoy, ConvoyBead, ConvoyStatus};
pub use dependency::{Dependency, DependencyType};
pub use exit::Exit;
pub use fault::{Class, Fault};
pub use filter::Filter;
pub use graph::Graph;
pub use hook::{Hook, Parked};
pub use id::Id;
pub use kind::Kind;
pub use mail::Mail;
pub use merge_request::{GateResult, MergeRequest, Outcome};
pub use priority::Priority;
pub use ready::{NotReady, ReadyOptions};
pub use record::{Field, FieldError, Fields, Record, Style};
pub use session::SessionKind;
pub use sort::Sort;
pub use status::Status;
pub use ticket::Ticket;
pub use time::Time;
pub use transition::{Event, Refusal, transition};
pub use tree::{Direction, TreeLine};
pub use value::Value;

/// The on-disk format that this build reads and writes.
pub const FORMAT: i64 = 1;
