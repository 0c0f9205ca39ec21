//! A convoy: a batch of beads that closes by itself when all of them are
//! closed.

use crate::{Field, FieldError, Fields, Id, Priority, Record, Status, Time, Value};
use std::fmt;

/// One convoy, as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Convoy {
    /// Its identifier, `hq-cv-…`.
    pub id: Id,
    /// What the batch is for.
    pub title: String,
    /// Whether it is over.
    pub status: ConvoyStatus,
    /// How urgent it is.
    pub priority: Priority,
    /// Who asked for it.
    pub owner: Option<String>,
    /// When it closed.
    pub closed_at: Option<Time>,
    /// Why, if somebody closed it before its beads were.
    pub close_reason: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Its beads, in the order they were added.
    pub beads: Vec<ConvoyBead>,
    /// Keys that we do not know.
    pub extra: Vec<(String, Value)>,
    /// When it was made.
    pub created_at: Time,
}

/// Whether a convoy is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConvoyStatus {
    /// Some of its beads are not closed.
    Open,
    /// All are, or somebody closed it.
    Closed,
}

/// One bead of a convoy, with its status as last seen. Never trusted over the
/// bead itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ConvoyBead {
    /// The bead.
    pub id: Id,
    /// Its title as last seen.
    pub title: String,
    /// Its status as last seen.
    pub status: Status,
    /// Keys that we do not know.
    pub extra: Vec<(String, Value)>,
}

impl fmt::Display for ConvoyStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Open => "open",
            Self::Closed => "closed",
        })
    }
}

impl Convoy {
    /// An open convoy without beads.
    pub fn new(id: Id, title: impl Into<String>, created_at: Time) -> Self {
        Self {
            id,
            title: title.into(),
            status: ConvoyStatus::Open,
            priority: Priority::default(),
            owner: None,
            closed_at: None,
            close_reason: None,
            description: None,
            beads: Vec::new(),
            extra: Vec::new(),
            created_at,
        }
    }

    /// How many of its beads are closed, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let closed = self
            .beads
            .iter()
            .filter(|bead| bead.status.is_closed())
            .count();
        (closed, self.beads.len())
    }

    /// Whether it names this bead.
    pub fn names(&self, id: &Id) -> bool {
        self.beads.iter().any(|bead| bead.id == *id)
    }

    /// Brings one bead's entry up to date; adds it if it is new.
    pub fn see(&mut self, id: &Id, title: &str, status: &Status) {
        match self.beads.iter_mut().find(|bead| bead.id == *id) {
            Some(seen) => {
                seen.title = title.to_owned();
                seen.status = status.clone();
            }
            None => self.beads.push(ConvoyBead {
                id: id.clone(),
                title: title.to_owned(),
                status: status.clone(),
                extra: Vec::new(),
            }),
        }
    }

    /// Opens or closes it by what its beads say: closed when there are some
    /// and all are closed, open otherwise. A convoy that a person closed (it
    /// has a reason) stays closed.
    pub fn settle(&mut self, now: &Time) {
        let (closed, total) = self.progress();
        let done = total > 0 && closed == total;
        match self.status {
            ConvoyStatus::Open if done => {
                self.status = ConvoyStatus::Closed;
                self.closed_at = Some(now.clone());
            }
            ConvoyStatus::Closed if !done && self.close_reason.is_none() => self.reopen(),
            _ => {}
        }
    }

    /// Opens it again.
    pub fn reopen(&mut self) {
        self.status = ConvoyStatus::Open;
        self.closed_at = None;
        self.close_reason = None;
    }
}

impl ConvoyBead {
    // The title comes first: an edit of the status of one bead and of the
    // title of the next must not stand on neighbouring lines.
    fn to_value(&self) -> Value {
        let mut entries = vec![
            ("title".to_owned(), Value::Str(self.title.clone())),
            ("id".to_owned(), Value::Str(self.id.to_string())),
            ("status".to_owned(), Value::Str(self.status.to_string())),
        ];
        entries.extend(self.extra.iter().cloned());
        Value::Map(entries)
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        let inside = |mut error: FieldError| {
            error.problem = format!("entry's `{}` {}", error.key, error.problem);
            error.key = "beads".to_owned();
            error
        };
        Ok(Self {
            id: fields
                .id("id")
                .map_err(inside)?
                .ok_or_else(|| FieldError::new("beads", "has an entry without `id`"))?,
            title: fields.string("title").map_err(inside)?.unwrap_or_default(),
            status: fields
                .parsed("status", Status::parse)
                .map_err(inside)?
                .unwrap_or(Status::Open),
            extra: fields.rest(),
        })
    }
}

impl Record for Convoy {
    const KIND: &'static str = "convoy";

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::int("format", crate::FORMAT),
            Field::text("id", Some(self.id.as_str())),
            Field::quoted("title", Some(self.title.as_str())),
            Field::text("status", Some(self.status.to_string())),
            Field::int("priority", self.priority.level().into()),
            Field::text("owner", self.owner.as_deref()),
            Field::time("closed_at", self.closed_at.as_ref()),
            Field::quoted("close_reason", self.close_reason.as_deref()),
            Field::prose("description", self.description.as_deref()),
            Field::auto(
                "beads",
                Value::List(self.beads.iter().map(ConvoyBead::to_value).collect()),
            ),
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
            id: fields.id("id")?.ok_or_else(|| missing("id"))?,
            title: fields.need_string("title")?,
            status: match fields.need_string("status")?.as_str() {
                "open" => ConvoyStatus::Open,
                "closed" => ConvoyStatus::Closed,
                _ => return Err(FieldError::new("status", "must be open or closed")),
            },
            priority: fields
                .parsed("priority", Priority::parse)?
                .unwrap_or_default(),
            owner: fields.string("owner")?,
            closed_at: fields.time("closed_at")?,
            close_reason: fields.string("close_reason")?,
            description: fields.string("description")?,
            beads: fields
                .maps("beads")?
                .into_iter()
                .map(ConvoyBead::from_fields)
                .collect::<Result<_, _>>()?,
            created_at: fields
                .time("created_at")?
                .ok_or_else(|| missing("created_at"))?,
            extra: fields.rest(),
        })
    }
}
