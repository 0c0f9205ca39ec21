//! `gt trust` and `gt config show`: what may run here, and who said so.

mod approving;
mod configuration;
pub(crate) mod gates;
