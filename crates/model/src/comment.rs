//! A comment on a bead: a file of its own, so that two never conflict.

use crate::{Field, FieldError, Fields, Id, Record, Time, Value};

/// One comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// The bead it is about.
    pub bead: Id,
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// Keys that we do not know.
    pub extra: Vec<(String, Value)>,
    /// When it was written.
    pub created_at: Time,
}

impl Record for Comment {
    const KIND: &'static str = "comment";

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::int("format", crate::FORMAT),
            Field::text("bead", Some(self.bead.as_str())),
            Field::text("author", Some(self.author.as_str())),
            Field::prose("text", Some(self.text.as_str())),
        ];
        fields.extend(
            self.extra
                .iter()
                .map(|(key, value)| Field::auto(key.clone(), value.clone())),
        );
        fields.push(Field::time("created_at", Some(&self.created_at)));
        fields
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        fields.take_format()?;
        let missing = |key: &str| FieldError::new(key, "is missing");
        Ok(Self {
            bead: fields.id("bead")?.ok_or_else(|| missing("bead"))?,
            author: fields
                .string("author")?
                .unwrap_or_else(|| "unknown".to_owned()),
            text: fields.need_string("text")?,
            created_at: fields
                .time("created_at")?
                .ok_or_else(|| missing("created_at"))?,
            extra: fields.rest(),
        })
    }
}
