//! What both binaries share: the terminal, the views that feed text and JSON
//! from one struct, and the way from an error to an exit status.
//!
//! [`Shell`] is the only thing that prints. This crate never opens a store,
//! never runs git and never decides what a command does.

pub mod args;
pub mod error;
pub mod exit;
pub mod input;
pub mod run;
pub mod shell;
pub mod time;
pub mod views;
pub mod visible;

pub use args::GlobalArgs;
pub use error::CommandError;
pub use exit::ExitStatus;
pub use run::run;
pub use shell::{Look, Shell};
pub use views::View;
pub use visible::{visible, visible_line};
