//! A hook: the file that says what one agent works on now.

use crate::{Address, Field, FieldError, Fields, Id, Record, Time, Value};

/// What is on one agent's hook.
#[derive(Debug, Clone, PartialEq)]
pub struct Hook {
    /// Whose hook this is.
    pub agent: Address,
    /// The work.
    pub bead: Id,
    /// The bead's title, so that the file alone tells what it is about.
    pub title: String,
    /// Which attempt at the bead this is.
    pub attempt: u32,
    /// A random word that tells this attempt from any other of the number.
    pub nonce: String,
    /// The host whose ticket lets it run.
    pub host: String,
    /// The agent runtime; none for people.
    pub runtime: Option<String>,
    /// The branch of the work.
    pub branch: Option<String>,
    /// The branch it is meant for.
    pub target: Option<String>,
    /// What was said when the bead was slung.
    pub instructions: Option<String>,
    /// The molecule that guides the work.
    pub molecule: Option<Id>,
    /// How to go about it and how to end, for whoever reads only this file.
    pub what_to_do: Option<String>,
    /// The current step, `number id: title`.
    pub step: Option<String>,
    /// What the hook waits for; none while it runs.
    pub parked: Option<Parked>,
    /// When the bead was hooked.
    pub hooked_at: Time,
    /// By whom.
    pub hooked_by: String,
    /// Keys that we do not know.
    pub extra: Vec<(String, Value)>,
}

/// What a parked hook waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Parked {
    /// The gate, or the escalated bead itself.
    pub on: Id,
    /// `escalated` or `gate`.
    pub reason: String,
    /// What its agent said.
    pub note: Option<String>,
    /// Since when.
    pub since: Time,
}

impl Parked {
    fn to_value(&self) -> Value {
        crate::record::map_fields(vec![
            ("on", Value::Str(self.on.to_string())),
            ("reason", Value::Str(self.reason.clone())),
            ("note", Value::text(self.note.as_deref())),
            ("since", Value::Str(self.since.to_string())),
        ])
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        let inside = |mut error: FieldError| {
            error.problem = format!("has a `{}` that {}", error.key, error.problem);
            error.key = "parked".to_owned();
            error
        };
        let missing = |key: &str| FieldError::new("parked", format!("has no `{key}`"));
        Ok(Self {
            on: fields
                .id("on")
                .map_err(inside)?
                .ok_or_else(|| missing("on"))?,
            reason: fields.need_string("reason").map_err(inside)?,
            note: fields.string("note").map_err(inside)?,
            since: fields
                .time("since")
                .map_err(inside)?
                .ok_or_else(|| missing("since"))?,
        })
    }
}

impl Record for Hook {
    const KIND: &'static str = "hook";

    const HEADER: &'static str = "\
# This is your work. If you are {agent}: begin now, no question asked.
# When you are done: commit, then `gt done`. Blocked: `gt done --escalate -m \"why\"`. Pausing: `gt done --defer`.
";

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::int("format", crate::FORMAT),
            Field::text("agent", Some(self.agent.to_string())),
            Field::text("bead", Some(self.bead.as_str())),
            Field::quoted("title", Some(self.title.as_str())),
            Field::int("attempt", self.attempt.into()),
            Field::text("nonce", Some(self.nonce.as_str())),
            Field::text("host", Some(self.host.as_str())),
            Field::text("runtime", self.runtime.as_deref()),
            Field::text("branch", self.branch.as_deref()),
            Field::text("target", self.target.as_deref()),
            Field::prose("instructions", self.instructions.as_deref()),
            Field::text("molecule", self.molecule.as_ref().map(Id::as_str)),
            Field::prose("what_to_do", self.what_to_do.as_deref()),
            Field::quoted("step", self.step.as_deref()),
            Field::auto(
                "parked",
                self.parked.as_ref().map_or(Value::Null, Parked::to_value),
            ),
        ];
        fields.extend(
            self.extra
                .iter()
                .map(|(key, value)| Field::auto(key.clone(), value.clone())),
        );
        fields.push(Field::time("hooked_at", Some(&self.hooked_at)));
        fields.push(Field::text("hooked_by", Some(self.hooked_by.as_str())));
        fields
    }

    fn header(&self) -> String {
        Self::HEADER.replace("{agent}", &self.agent.to_string())
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        fields.take_format()?;
        let missing = |key: &str| FieldError::new(key, "is missing");
        let parked = fields.map("parked")?;
        Ok(Self {
            agent: fields.address("agent")?.ok_or_else(|| missing("agent"))?,
            bead: fields.id("bead")?.ok_or_else(|| missing("bead"))?,
            title: fields.need_string("title")?,
            attempt: fields.count("attempt")?.ok_or_else(|| missing("attempt"))?,
            nonce: fields.need_string("nonce")?,
            host: fields.need_string("host")?,
            runtime: fields.string("runtime")?,
            branch: fields.string("branch")?,
            target: fields.string("target")?,
            instructions: fields.string("instructions")?,
            molecule: fields.id("molecule")?,
            what_to_do: fields.string("what_to_do")?,
            step: fields.string("step")?,
            parked: (!parked.is_empty())
                .then(|| Parked::from_fields(parked))
                .transpose()?,
            hooked_at: fields
                .time("hooked_at")?
                .ok_or_else(|| missing("hooked_at"))?,
            hooked_by: fields
                .string("hooked_by")?
                .unwrap_or_else(|| "unknown".to_owned()),
            extra: fields.rest(),
        })
    }
}
