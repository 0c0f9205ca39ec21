//! The part of a bead that only merge requests have.

use crate::{Address, Field, FieldError, Fields, Id, Style, Value};
use std::fmt;

/// What the refinery is asked to merge, and how that went.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeRequest {
    /// The bead whose work this is.
    pub source: Id,
    /// The commit to merge: exactly this one.
    pub head: String,
    /// The branch to land on.
    pub target: String,
    /// Who did the work.
    pub worker: String,
    /// The host whose refinery merges it.
    pub host: String,
    /// The commit that landed.
    pub merge_commit: Option<String>,
    /// How it ended; none while it waits.
    pub outcome: Option<Outcome>,
    /// The gates that ran on the merged tree.
    pub gates: Vec<GateResult>,
}

/// How a merge request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It landed.
    Merged,
    /// It did not merge cleanly.
    Conflict,
    /// A gate was red.
    Red,
    /// A newer attempt took its place.
    Superseded,
    /// A person or a rule refused it.
    Rejected,
}

/// One gate's run on the merged tree.
#[derive(Debug, Clone, PartialEq)]
pub struct GateResult {
    /// The gate's name.
    pub name: String,
    /// Its exit status; none when it was killed or could not run.
    pub exit: Option<i64>,
    /// How long it took.
    pub seconds: i64,
    /// Where its output is, relative to the clone's logs.
    pub log: Option<String>,
}

impl Outcome {
    /// The outcome's name on disk.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Conflict => "conflict",
            Self::Red => "red",
            Self::Superseded => "superseded",
            Self::Rejected => "rejected",
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        [
            Self::Merged,
            Self::Conflict,
            Self::Red,
            Self::Superseded,
            Self::Rejected,
        ]
        .into_iter()
        .find(|outcome| outcome.as_str() == text)
        .ok_or_else(|| format!("`{}` is no outcome", text.escape_debug()))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl MergeRequest {
    /// The agent that did the work, if the worker is one.
    pub fn worker_address(&self) -> Option<Address> {
        Address::parse(&self.worker).ok()
    }

    pub(crate) fn fields(&self) -> Vec<Field> {
        let quoted = |text: &str| Value::Str(text.to_owned());
        vec![
            Field::auto("source", quoted(self.source.as_str())),
            Field::auto("head", quoted(&self.head)),
            Field::auto("target", quoted(&self.target)),
            Field::auto("worker", quoted(&self.worker)),
            Field::auto("host", quoted(&self.host)),
            Field::text("merge_commit", self.merge_commit.as_deref()),
            Field::text("outcome", self.outcome.map(Outcome::as_str)),
            Field {
                key: "gates".into(),
                value: Value::List(self.gates.iter().map(GateResult::to_value).collect()),
                style: Style::Auto,
            },
        ]
    }

    pub(crate) fn from_fields(fields: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            source: fields
                .id("source")?
                .ok_or_else(|| FieldError::new("source", "is missing"))?,
            head: fields.need_string("head")?,
            target: fields.need_string("target")?,
            worker: fields.need_string("worker")?,
            host: fields.need_string("host")?,
            merge_commit: fields.string("merge_commit")?,
            outcome: fields.parsed("outcome", Outcome::parse)?,
            gates: fields
                .maps("gates")?
                .into_iter()
                .map(GateResult::from_fields)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl GateResult {
    /// Green only if it ran and exited 0.
    pub fn is_green(&self) -> bool {
        self.exit == Some(0)
    }

    fn to_value(&self) -> Value {
        crate::record::map_fields(vec![
            ("name", Value::Str(self.name.clone())),
            ("exit", self.exit.map_or(Value::Null, Value::Int)),
            ("seconds", Value::Int(self.seconds)),
            ("log", Value::text(self.log.as_deref())),
        ])
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        Ok(Self {
            name: fields.need_string("name")?,
            exit: fields.int("exit")?,
            seconds: fields.int("seconds")?.unwrap_or(0),
            log: fields.string("log")?,
        })
    }
}
