//! A message to an agent.

use crate::{Address, Field, FieldError, Fields, Priority, Record, Time, Value};

/// One message. Whether it was read is an empty file beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    /// Who wrote it: an address, or any text.
    pub from: String,
    /// Whose inbox it is in.
    pub to: Address,
    /// What it is about.
    pub subject: String,
    /// How urgent it is.
    pub priority: Priority,
    /// When it was sent.
    pub created_at: Time,
    /// The first message of the conversation.
    pub thread: Option<String>,
    /// What it says.
    pub body: Option<String>,
    /// Keys that we do not know.
    pub extra: Vec<(String, Value)>,
}

impl Record for Mail {
    const KIND: &'static str = "mail";

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::int("format", crate::FORMAT),
            Field::text("from", Some(self.from.as_str())),
            Field::text("to", Some(self.to.to_string())),
            Field::quoted("subject", Some(self.subject.as_str())),
            Field::int("priority", self.priority.level().into()),
            Field::time("created_at", Some(&self.created_at)),
            Field::text("thread", self.thread.as_deref()),
        ];
        fields.extend(
            self.extra
                .iter()
                .map(|(key, value)| Field::auto(key.clone(), value.clone())),
        );
        fields.push(Field::prose("body", self.body.as_deref()));
        fields
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        fields.take_format()?;
        let missing = |key: &str| FieldError::new(key, "is missing");
        Ok(Self {
            from: fields.need_string("from")?,
            to: fields.address("to")?.ok_or_else(|| missing("to"))?,
            subject: fields.need_string("subject")?,
            priority: fields
                .parsed("priority", Priority::parse)?
                .unwrap_or_default(),
            created_at: fields
                .time("created_at")?
                .ok_or_else(|| missing("created_at"))?,
            thread: fields.string("thread")?,
            body: fields.string("body")?,
            extra: fields.rest(),
        })
    }
}
