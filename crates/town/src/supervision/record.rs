//! What is remembered of the trouble with one attempt, in the clone's own
//! folder: it survives the watcher, and ends with the attempt.

use model::{Address, Field, FieldError, Fields, Id, Record, Time, Value};
use store::Lock;
use store::layout::{self, Place};
use store::stored::{Area, Stored};

/// The folder of these files.
pub const FOLDER: &str = "supervision";

/// The trouble with one attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Supervision {
    /// Whose attempt.
    pub agent: Address,
    /// The bead.
    pub bead: Id,
    /// The attempt.
    pub attempt: u32,
    /// The attempt's random word. Of another attempt, all this means nothing.
    pub nonce: String,
    /// How often in a row its worker crashed, or could not be started.
    pub crashes: u32,
    /// The process whose end was counted last.
    pub counted: Option<String>,
    /// It is not started again before this time.
    pub retry_at: Option<Time>,
    /// What happened last, in words.
    pub reason: Option<String>,
    /// The process that was found without progress, and whose agent was told.
    pub stalled: Option<String>,
    /// Keys that we do not know.
    pub extra: Vec<(String, Value)>,
    /// When this was noted.
    pub noted_at: Time,
}

impl Record for Supervision {
    const KIND: &'static str = "supervision";

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::int("format", model::FORMAT),
            Field::text("agent", Some(self.agent.to_string())),
            Field::text("bead", Some(self.bead.as_str())),
            Field::int("attempt", self.attempt.into()),
            Field::text("nonce", Some(self.nonce.as_str())),
            Field::int("crashes", self.crashes.into()),
            Field::text("counted", self.counted.as_deref()),
            Field::time("retry_at", self.retry_at.as_ref()),
            Field::quoted("reason", self.reason.as_deref()),
            Field::text("stalled", self.stalled.as_deref()),
        ];
        let extra = self.extra.iter();
        fields.extend(extra.map(|(key, value)| Field::auto(key.clone(), value.clone())));
        fields.push(Field::time("noted_at", Some(&self.noted_at)));
        fields
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        fields.take_format()?;
        let missing = |key: &str| FieldError::new(key, "is missing");
        Ok(Self {
            agent: fields.address("agent")?.ok_or_else(|| missing("agent"))?,
            bead: fields.id("bead")?.ok_or_else(|| missing("bead"))?,
            attempt: fields.count("attempt")?.ok_or_else(|| missing("attempt"))?,
            nonce: fields.need_string("nonce")?,
            crashes: fields.count("crashes")?.unwrap_or(0),
            counted: fields.string("counted")?,
            retry_at: fields.time("retry_at")?,
            reason: fields.string("reason")?,
            stalled: fields.string("stalled")?,
            noted_at: fields
                .time("noted_at")?
                .ok_or_else(|| missing("noted_at"))?,
            extra: fields.rest(),
        })
    }
}

impl Stored for Supervision {
    type Key = Address;

    const AREA: Area = Area::Private;

    const NAME: &'static str = "agent";

    fn key(&self) -> Address {
        self.agent.clone()
    }

    fn place(agent: &Address) -> Place {
        let hook = layout::hook(agent);
        Place {
            folder: hook.folder.replacen(layout::HOOKS, FOLDER, 1),
            name: hook.name,
        }
    }

    fn lock(agent: &Address) -> Lock {
        Lock::hook(agent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::yaml::Document;

    #[test]
    fn it_survives_its_file() {
        let trouble = Supervision {
            agent: Address::parse("gastown/polecats/toast").unwrap(),
            bead: Id::parse("gt-abc12").unwrap(),
            attempt: 2,
            nonce: "k3x9".to_owned(),
            crashes: 3,
            counted: Some("b-1:7:99".to_owned()),
            retry_at: Some(Time::parse("2026-01-15T10:30:00.250Z").unwrap()),
            reason: Some("it ended with \"exit status: 1\"\n\u{1b}[2J".to_owned()),
            stalled: None,
            extra: vec![("mood".to_owned(), Value::Str("bad".to_owned()))],
            noted_at: Time::parse("2026-01-15T10:30:00Z").unwrap(),
        };
        let text = Document::render(&trouble);
        assert_eq!(Document::<Supervision>::read(&text).unwrap(), trouble);
        let place = Supervision::place(&trouble.agent);
        assert_eq!(place.path(), "supervision/gastown/polecats/toast.yaml");
    }
}
