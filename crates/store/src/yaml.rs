//! The codec: between the keys of a record and the canonical bytes of its file.
//!
//! Promises that writing what was read changes nothing, that an edit rewrites
//! only the spans whose value changed, and that what it reads is the plain
//! subset of YAML: one document, no aliases, no tags, no duplicate keys,
//! bounded in size and depth. It never touches a file.

mod block;
mod document;
mod float;
mod full;
mod precheck;
mod scalar;
mod scan;
mod spans;
mod write;

#[cfg(test)]
mod tests;

pub use document::{Document, text_without};
pub use scalar::double_quoted;

use model::Value;

/// The deepest nesting of lists and maps.
pub const MAX_DEPTH: usize = 64;

/// What is wrong with the text of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Flaw {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong, as a clause: "holds conflict markers".
    pub what: String,
    /// What to do about it, where that is more than editing the line.
    pub remedy: Option<&'static str>,
}

impl Flaw {
    pub(crate) fn at(line: usize, what: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            what: what.into(),
            remedy: None,
        }
    }
}

/// One key of a file, with its line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) value: Value,
}

/// Reads the top level of a file: the fast scanner where the bytes are
/// canonical, the full parser for the rest.
pub(crate) fn parse(text: &str) -> Result<Vec<Entry>, Flaw> {
    match scan::scan(text) {
        Some(entries) => Ok(entries),
        None => full::parse(text),
    }
}
