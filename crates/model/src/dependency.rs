//! What one bead needs of another.

use crate::{FieldError, Fields, Id, Value};
use std::fmt;

/// The type of a dependency: a standard word or any text of up to 50
/// characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DependencyType(Box<str>);

/// Why a text is no type of a dependency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a type of dependency: use blocks, parent-child, related, discovered-from or another word of up to 50 characters", .0.escape_debug())]
pub struct DependencyTypeError(String);

impl DependencyType {
    /// Reads a type; `parent_child` is `parent-child`.
    pub fn parse(text: &str) -> Result<Self, DependencyTypeError> {
        let fits = !text.is_empty()
            && text.chars().count() <= 50
            && !text.chars().any(|c| c.is_control() || c.is_whitespace());
        if !fits {
            return Err(DependencyTypeError(text.chars().take(60).collect()));
        }
        Ok(Self(text.replace('_', "-").into()))
    }

    /// `blocks`, the default.
    pub fn blocks() -> Self {
        Self("blocks".into())
    }

    /// `parent-child`, which the `parent` key of a bead stands for.
    pub fn parent_child() -> Self {
        Self("parent-child".into())
    }

    /// The type's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the target has to be closed first.
    pub fn blocks_start(&self) -> bool {
        matches!(self.as_str(), "blocks" | "conditional-blocks")
    }

    /// Whether it takes part in readiness at all, and so may not form a cycle.
    pub fn affects_readiness(&self) -> bool {
        self.blocks_start() || matches!(self.as_str(), "parent-child" | "waits-for")
    }
}

impl fmt::Display for DependencyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for DependencyType {
    type Err = DependencyTypeError;

    fn from_str(text: &str) -> Result<Self, DependencyTypeError> {
        Self::parse(text)
    }
}

/// One entry of a bead's `dependencies`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependency {
    /// What the bead depends on.
    pub id: Id,
    /// How.
    pub kind: DependencyType,
    /// Keys of an imported entry that we do not know.
    pub extra: Vec<(String, Value)>,
}

impl Dependency {
    /// A dependency on `id`.
    pub fn new(id: Id, kind: DependencyType) -> Self {
        Self {
            id,
            kind,
            extra: Vec::new(),
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        let mut entries = vec![
            ("id".to_owned(), Value::Str(self.id.to_string())),
            ("type".to_owned(), Value::Str(self.kind.to_string())),
        ];
        entries.extend(self.extra.iter().cloned());
        Value::Map(entries)
    }

    pub(crate) fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        let in_list = |mut error: FieldError| {
            error.problem = format!("entry's `{}` {}", error.key, error.problem);
            error.key = "dependencies".to_owned();
            error
        };
        let id = fields.id("id").map_err(in_list)?;
        let kind = fields
            .parsed("type", DependencyType::parse)
            .map_err(in_list)?;
        Ok(Self {
            id: id.ok_or_else(|| FieldError::new("dependencies", "has an entry without `id`"))?,
            kind: kind.unwrap_or_else(DependencyType::blocks),
            extra: fields.rest(),
        })
    }
}
