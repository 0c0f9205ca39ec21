//! A ticket: this clone's own word that a hook may run here.
//!
//! It lies out of git's reach, so that no pull, stash or checkout makes,
//! changes or removes one. It holds the hook as it was minted, which is how a
//! hook that git took away is restored.

use crate::session::SessionKindError;
use crate::{Address, Field, FieldError, Fields, Id, Record, SessionKind, Status, Time, Value};

/// The ticket of one agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Whose hook it covers.
    pub agent: Address,
    /// The bead.
    pub bead: Id,
    /// The attempt.
    pub attempt: u32,
    /// The attempt's random word.
    pub nonce: String,
    /// SHA-256, in hex, of every line of the hook but `step` and `parked`.
    pub hash: String,
    /// The worktree the work happens in; none until it is known.
    pub worktree: Option<String>,
    /// The branch of the work.
    pub branch: Option<String>,
    /// The commit the target was at.
    pub base: Option<String>,
    /// The commit the branch begins at: the target's, or where an earlier
    /// attempt put the work down.
    pub tip: Option<String>,
    /// Whether a process is to be started for it.
    pub spawn: bool,
    /// How that process is run, where somebody chose it at the sling.
    pub session: Option<SessionKind>,
    /// What the bead is about to become by a command of this clone that ends the
    /// attempt: `hooked` where it goes to a later one. What a bead says without it
    /// came by git or by hand, and retires no ticket.
    pub ends_as: Option<Status>,
    /// The hook's bytes as minted.
    pub hook: String,
    /// Keys that we do not know.
    pub extra: Vec<(String, Value)>,
    /// When it was minted.
    pub minted_at: Time,
    /// By whom.
    pub minted_by: String,
}

impl Record for Ticket {
    const KIND: &'static str = "ticket";

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::int("format", crate::FORMAT),
            Field::text("agent", Some(self.agent.to_string())),
            Field::text("bead", Some(self.bead.as_str())),
            Field::int("attempt", self.attempt.into()),
            Field::text("nonce", Some(self.nonce.as_str())),
            Field::text("hash", Some(self.hash.as_str())),
            Field::text("worktree", self.worktree.as_deref()),
            Field::text("branch", self.branch.as_deref()),
            Field::text("base", self.base.as_deref()),
            Field::text("tip", self.tip.as_deref()),
            Field::auto("spawn", Value::Bool(self.spawn)),
            Field::text("session", self.session.map(SessionKind::as_str)),
            Field::text("ends_as", self.ends_as.as_ref().map(Status::as_str)),
            Field::prose("hook", Some(self.hook.as_str())),
        ];
        fields.extend(
            self.extra
                .iter()
                .map(|(key, value)| Field::auto(key.clone(), value.clone())),
        );
        fields.push(Field::time("minted_at", Some(&self.minted_at)));
        fields.push(Field::text("minted_by", Some(self.minted_by.as_str())));
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
            hash: fields.need_string("hash")?,
            worktree: fields.string("worktree")?,
            branch: fields.string("branch")?,
            base: fields.string("base")?,
            tip: fields.string("tip")?,
            spawn: fields.bool("spawn")?.unwrap_or(false),
            session: session(&mut fields)?,
            ends_as: ends_as(&mut fields)?,
            hook: fields.need_string("hook")?,
            minted_at: fields
                .time("minted_at")?
                .ok_or_else(|| missing("minted_at"))?,
            minted_by: fields
                .string("minted_by")?
                .unwrap_or_else(|| "unknown".to_owned()),
            extra: fields.rest(),
        })
    }
}

fn ends_as(fields: &mut Fields) -> Result<Option<Status>, FieldError> {
    let text = fields.string("ends_as")?;
    text.map(|text| Status::parse(&text))
        .transpose()
        .map_err(|error| FieldError::new("ends_as", error.to_string()))
}

fn session(fields: &mut Fields) -> Result<Option<SessionKind>, FieldError> {
    let text = fields.string("session")?;
    text.map(|text| text.parse())
        .transpose()
        .map_err(|error: SessionKindError| FieldError::new("session", error.to_string()))
}
