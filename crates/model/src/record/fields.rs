//! Taking the keys of a file apart by name and type.

use super::FieldError;
use crate::{Address, Id, Time, value::Value};

/// The keys of a file that nobody has taken yet, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields(Vec<(String, Value)>);

impl Fields {
    /// Wraps the keys of a file.
    pub fn new(entries: Vec<(String, Value)>) -> Self {
        Self(entries)
    }

    /// What is left: keys that this build does not know.
    pub fn rest(self) -> Vec<(String, Value)> {
        self.0
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a key is there and not taken yet.
    pub fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, _)| name == key)
    }

    /// Takes a key out. `None` if it is absent or null.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        match self.0.remove(at).1 {
            Value::Null => None,
            value => Some(value),
        }
    }

    /// Checks `format`, and refuses a file of a newer one.
    pub fn take_format(&mut self) -> Result<(), FieldError> {
        match self.int("format")? {
            None => Err(missing("format")),
            Some(crate::FORMAT) => Ok(()),
            Some(newer) if newer > crate::FORMAT => Err(FieldError::new(
                "format",
                format!(
                    "is {newer}, newer than this program, which knows {}: \
                     install a newer Plaintown to read it",
                    crate::FORMAT
                ),
            )),
            Some(other) => Err(FieldError::new("format", format!("cannot be {other}"))),
        }
    }

    /// Text, or none. A bare number or word counts as its text.
    pub fn string(&mut self, key: &str) -> Result<Option<String>, FieldError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Str(text)) => Ok(Some(text)),
            Some(Value::Int(it)) => Ok(Some(it.to_string())),
            Some(Value::Bool(it)) => Ok(Some(it.to_string())),
            Some(other) => Err(wrong(key, "text", &other)),
        }
    }

    /// Text that has to be there.
    pub fn need_string(&mut self, key: &str) -> Result<String, FieldError> {
        self.string(key)?.ok_or_else(|| missing(key))
    }

    /// A whole number, or none.
    pub fn int(&mut self, key: &str) -> Result<Option<i64>, FieldError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Int(it)) => Ok(Some(it)),
            Some(other) => Err(wrong(key, "a whole number", &other)),
        }
    }

    /// A number that counts something, or none.
    pub fn count(&mut self, key: &str) -> Result<Option<u32>, FieldError> {
        self.int(key)?
            .map(|it| {
                u32::try_from(it).map_err(|_| FieldError::new(key, format!("cannot be {it}")))
            })
            .transpose()
    }

    /// `true` or `false`, or none.
    pub fn bool(&mut self, key: &str) -> Result<Option<bool>, FieldError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Bool(it)) => Ok(Some(it)),
            Some(other) => Err(wrong(key, "true or false", &other)),
        }
    }

    /// An identifier, or none.
    pub fn id(&mut self, key: &str) -> Result<Option<Id>, FieldError> {
        self.parsed(key, Id::parse)
    }

    /// An agent's address, or none.
    pub fn address(&mut self, key: &str) -> Result<Option<Address>, FieldError> {
        self.parsed(key, Address::parse)
    }

    /// A point in time, or none.
    pub fn time(&mut self, key: &str) -> Result<Option<Time>, FieldError> {
        self.parsed(key, Time::parse)
    }

    /// Whatever `parse` makes of the key's text, or none.
    pub fn parsed<T, E: std::fmt::Display>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Option<T>, FieldError> {
        self.string(key)?
            .map(|text| {
                parse(&text).map_err(|error| FieldError::new(key, format!("is wrong: {error}")))
            })
            .transpose()
    }

    /// A list of texts; absent and null are the empty one.
    pub fn strings(&mut self, key: &str) -> Result<Vec<String>, FieldError> {
        self.list(key)?
            .into_iter()
            .map(|item| match item {
                Value::Str(text) => Ok(text),
                Value::Int(it) => Ok(it.to_string()),
                Value::Bool(it) => Ok(it.to_string()),
                other => Err(wrong(key, "a list of texts", &other)),
            })
            .collect()
    }

    /// A list of maps; absent and null are the empty one.
    pub fn maps(&mut self, key: &str) -> Result<Vec<Fields>, FieldError> {
        self.list(key)?
            .into_iter()
            .map(|item| match item {
                Value::Map(entries) => Ok(Self(entries)),
                other => Err(wrong(key, "a list of maps", &other)),
            })
            .collect()
    }

    /// A map; absent and null are the empty one.
    pub fn map(&mut self, key: &str) -> Result<Fields, FieldError> {
        match self.take(key) {
            None => Ok(Self::default()),
            Some(Value::Map(entries)) => Ok(Self(entries)),
            Some(other) => Err(wrong(key, "a map", &other)),
        }
    }

    fn list(&mut self, key: &str) -> Result<Vec<Value>, FieldError> {
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(Value::List(items)) => Ok(items),
            Some(other) => Err(wrong(key, "a list", &other)),
        }
    }
}

/// The entries of a map of settings as fields of a file.
pub fn map_fields(entries: Vec<(&'static str, Value)>) -> Value {
    Value::Map(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

pub(crate) fn missing(key: &str) -> FieldError {
    FieldError::new(key, "is missing")
}

fn wrong(key: &str, wanted: &str, found: &Value) -> FieldError {
    FieldError::new(
        key,
        format!("must be {wanted}, but is {}", found.type_name()),
    )
}
