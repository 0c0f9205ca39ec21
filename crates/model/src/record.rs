//! How a thing becomes the keys of its file and back.
//!
//! Each kind of file states its keys once, in the order of the format, next to
//! its struct. The store turns them into bytes; this module never sees text.

use crate::value::Value;
use std::borrow::Cow;

mod fields;
pub use fields::{Fields, map_fields};

/// How a text is written, where the format leaves a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Plain where that is safe in every reader, a block where it has several
    /// lines, else double-quoted.
    Auto,
    /// Always double-quoted: titles and reasons.
    Quoted,
    /// Always a block: prose, which git then merges by lines.
    Prose,
    /// A point in time, plain.
    Time,
}

/// One key of a file with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The key.
    pub key: Cow<'static, str>,
    /// Its value.
    pub value: Value,
    /// How its text is written.
    pub style: Style,
}

impl Field {
    /// A field whose text is written as [`Style::Auto`].
    pub fn auto(key: impl Into<Cow<'static, str>>, value: Value) -> Self {
        Self {
            key: key.into(),
            value,
            style: Style::Auto,
        }
    }

    /// A field of an identifier, address or another short text, or null.
    pub fn text(key: &'static str, value: Option<impl Into<String>>) -> Self {
        Self::auto(key, Value::text(value))
    }

    /// A title or reason.
    pub fn quoted(key: &'static str, value: Option<impl Into<String>>) -> Self {
        Self {
            key: key.into(),
            value: Value::text(value),
            style: Style::Quoted,
        }
    }

    /// Prose.
    pub fn prose(key: &'static str, value: Option<impl Into<String>>) -> Self {
        Self {
            key: key.into(),
            value: Value::text(value),
            style: Style::Prose,
        }
    }

    /// A point in time.
    pub fn time(key: &'static str, value: Option<&crate::Time>) -> Self {
        let value = Value::text(value.map(|time| time.as_str()));
        Self {
            key: key.into(),
            value,
            style: Style::Time,
        }
    }

    /// A whole number.
    pub fn int(key: &'static str, value: i64) -> Self {
        Self::auto(key, Value::Int(value))
    }
}

/// What is wrong with one key of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` {problem}")]
pub struct FieldError {
    /// The key, which the store turns into a line.
    pub key: String,
    /// Completes "`key` …".
    pub problem: String,
}

impl FieldError {
    /// An error of one key; `problem` completes "`key` …".
    pub fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            problem: problem.into(),
        }
    }
}

/// A thing that is one file.
pub trait Record: Sized {
    /// What the file holds, for messages: "bead", "hook".
    const KIND: &'static str;

    /// Comment lines that a new file of this kind opens with.
    const HEADER: &'static str = "";

    /// The comment lines that this file opens with.
    fn header(&self) -> String {
        Self::HEADER.to_owned()
    }

    /// All keys in the order of the format, `format` first. Keys that this
    /// build does not know stand before the last one.
    fn fields(&self) -> Vec<Field>;

    /// The thing, from the keys of its file.
    fn from_fields(fields: Fields) -> Result<Self, FieldError>;
}
