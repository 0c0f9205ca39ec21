//! The process of one attempt, as this clone remembers it.

use model::{Address, Field, FieldError, Fields, Id, Record, Time, Value};
use store::layout::Place;
use store::stored::{Area, Stored};
use store::{Lock, layout};

/// The folder, in the clone's own, of what is remembered of workers.
pub const FOLDER: &str = "sessions";

/// What runs, or ran, for an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Who.
    pub agent: Address,
    /// For which bead.
    pub bead: Id,
    /// For which attempt.
    pub attempt: u32,
    /// The attempt's random word.
    pub nonce: String,
    /// `boot:pid:start`; none from the moment it is decided to start a process
    /// until it is known.
    pub process: Option<String>,
    /// The runtime it was started with.
    pub runtime: String,
    /// Where its output goes.
    pub log: String,
    /// The runtime's own name of the conversation, once it has told.
    pub conversation: Option<String>,
    /// The conversation that the process was started to continue.
    pub resumed: Option<String>,
    /// How often it was kept from stopping with work on its hook.
    pub reminders: u32,
    /// The socket of the terminal it runs in; none for a detached process.
    pub terminal: Option<String>,
    /// Since when a fresh session is to take its place, if it is.
    pub handoff: Option<Time>,
    /// When its own agent began to end the attempt, with `gt done`.
    pub done_at: Option<Time>,
    /// Keys that we do not know.
    pub extra: Vec<(String, Value)>,
    /// Since when.
    pub started_at: Time,
}

impl Record for Session {
    const KIND: &'static str = "session";

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::int("format", model::FORMAT),
            Field::text("agent", Some(self.agent.to_string())),
            Field::text("bead", Some(self.bead.as_str())),
            Field::int("attempt", self.attempt.into()),
            Field::text("nonce", Some(self.nonce.as_str())),
            Field::text("process", self.process.as_deref()),
            Field::text("runtime", Some(self.runtime.as_str())),
            Field::text("log", Some(self.log.as_str())),
            Field::text("conversation", self.conversation.as_deref()),
            Field::text("resumed", self.resumed.as_deref()),
            Field::int("reminders", self.reminders.into()),
            Field::text("terminal", self.terminal.as_deref()),
            Field::time("handoff", self.handoff.as_ref()),
            Field::time("done_at", self.done_at.as_ref()),
        ];
        fields.extend(
            self.extra
                .iter()
                .map(|(key, value)| Field::auto(key.clone(), value.clone())),
        );
        fields.push(Field::time("started_at", Some(&self.started_at)));
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
            process: fields.string("process")?,
            runtime: fields.need_string("runtime")?,
            log: fields.need_string("log")?,
            conversation: fields.string("conversation")?,
            resumed: fields.string("resumed")?,
            reminders: fields.count("reminders")?.unwrap_or(0),
            terminal: fields.string("terminal")?,
            handoff: fields.time("handoff")?,
            done_at: fields.time("done_at")?,
            started_at: fields
                .time("started_at")?
                .ok_or_else(|| missing("started_at"))?,
            extra: fields.rest(),
        })
    }
}

impl Stored for Session {
    type Key = Address;

    const AREA: Area = Area::Private;

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
