//! The merge queue, with real git.

mod back;
mod cleanup;
mod gates;
mod killed;
mod landing;
pub(crate) mod queue;
mod remote;
mod status;
