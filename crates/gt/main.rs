//! `gt`.
fn main() {}
