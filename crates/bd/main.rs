//! `bd`.
fn main() {}
