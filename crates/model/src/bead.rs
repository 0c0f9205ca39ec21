//! A bead: one tracked unit of work.

use crate::{
    Address, Dependency, Field, FieldError, Fields, Id, Kind, MergeRequest, Priority, Record,
    Status, Style, Time, Value, text,
};

/// One bead, as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bead {
    /// Its identifier; never changes.
    pub id: Id,
    /// One line that says what is to be done.
    pub title: String,
    /// Its type (`type` on disk).
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// How urgent it is.
    pub priority: Priority,
    /// Who has it: an address, or any text.
    pub assignee: Option<String>,
    /// The number of the last sling, claim or take-over.
    pub attempt: u32,
    /// The bead this one is part of.
    pub parent: Option<Id>,
    /// Sorted, without repetition.
    pub labels: Vec<String>,
    /// Sorted by target, then type.
    pub dependencies: Vec<Dependency>,
    /// The branch that holds its work, also after the work was put down.
    pub branch: Option<String>,
    /// When somebody last began.
    pub started_at: Option<Time>,
    /// Set if and only if the bead is closed.
    pub closed_at: Option<Time>,
    /// Why it was closed.
    pub close_reason: Option<String>,
    /// Not ready before this time.
    pub defer_until: Option<Time>,
    /// When it should be done.
    pub due_at: Option<Time>,
    /// What it is about.
    pub description: Option<String>,
    /// How it shall be done.
    pub design: Option<String>,
    /// When it is done.
    pub acceptance_criteria: Option<String>,
    /// What turned up on the way.
    pub notes: Option<String>,
    /// The same thing elsewhere: `gh-123`.
    pub external_ref: Option<String>,
    /// Any JSON object of the user's.
    pub metadata: Vec<(String, Value)>,
    /// What only merge requests have.
    pub merge_request: Option<MergeRequest>,
    /// Keys that we do not know, in the order of the file.
    pub extra: Vec<(String, Value)>,
    /// When it was made.
    pub created_at: Time,
    /// Who made it.
    pub created_by: String,
}

impl Bead {
    /// An open bead with nothing but what every bead has.
    pub fn new(
        id: Id,
        title: impl Into<String>,
        created_at: Time,
        created_by: impl Into<String>,
    ) -> Self {
        Self {
            id,
            title: title.into(),
            kind: Kind::default(),
            status: Status::Open,
            priority: Priority::default(),
            assignee: None,
            attempt: 0,
            parent: None,
            labels: Vec::new(),
            dependencies: Vec::new(),
            branch: None,
            started_at: None,
            closed_at: None,
            close_reason: None,
            defer_until: None,
            due_at: None,
            description: None,
            design: None,
            acceptance_criteria: None,
            notes: None,
            external_ref: None,
            metadata: Vec::new(),
            merge_request: None,
            extra: Vec::new(),
            created_at,
            created_by: created_by.into(),
        }
    }

    /// The agent that has it, if the assignee is one.
    pub fn agent(&self) -> Option<Address> {
        self.assignee
            .as_deref()
            .and_then(|text| Address::parse(text).ok())
    }

    /// A key that this build has no field for.
    pub fn extra(&self, key: &str) -> Option<&Value> {
        self.extra
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// Whether an imported flag such as `pinned` or `ephemeral` is set.
    pub fn flag(&self, key: &str) -> bool {
        self.extra(key) == Some(&Value::Bool(true))
    }

    /// Sets a key that this build has no field for; null removes it.
    pub fn set_extra(&mut self, key: &str, value: Value) {
        self.extra.retain(|(name, _)| name != key);
        if value != Value::Null {
            self.extra.push((key.to_owned(), value));
        }
    }

    /// Moves to `status` and keeps `closed_at` and `started_at` true: set if
    /// and only if closed; the time of the last beginning.
    pub fn move_to(&mut self, status: Status, now: &Time) {
        if status == Status::Closed {
            self.closed_at.get_or_insert_with(|| now.clone());
        } else {
            self.closed_at = None;
            self.close_reason = None;
        }
        if status == Status::InProgress && self.status != Status::InProgress {
            self.started_at = Some(now.clone());
        }
        self.status = status;
    }

    /// Adds a dependency; false if it was there.
    pub fn add_dependency(&mut self, dependency: Dependency) -> bool {
        let there = self
            .dependencies
            .iter()
            .any(|d| d.id == dependency.id && d.kind == dependency.kind);
        if !there {
            self.dependencies.push(dependency);
            self.normalize();
        }
        !there
    }

    /// Adds a label; false if it was there.
    pub fn add_label(&mut self, label: &str) -> bool {
        match self.labels.binary_search_by(|it| it.as_str().cmp(label)) {
            Ok(_) => false,
            Err(at) => {
                self.labels.insert(at, label.to_owned());
                true
            }
        }
    }

    /// The newest time the bead itself knows of. Comments are newer still.
    pub fn newest_time(&self) -> &Time {
        [&self.started_at, &self.closed_at]
            .into_iter()
            .flatten()
            .fold(&self.created_at, |newest, time| newest.max(time))
    }

    fn normalize(&mut self) {
        self.labels.sort();
        self.labels.dedup();
        self.dependencies
            .sort_by(|a, b| (&a.id, &a.kind).cmp(&(&b.id, &b.kind)));
        self.dependencies
            .dedup_by(|b, a| a.id == b.id && a.kind == b.kind);
    }

    fn opening_fields(&self) -> Vec<Field> {
        let labels = self.labels.iter().cloned().map(Value::Str).collect();
        let dependencies = self.dependencies.iter().map(Dependency::to_value).collect();
        vec![
            Field::int("format", crate::FORMAT),
            Field::text("id", Some(self.id.as_str())),
            Field::quoted("title", Some(self.title.as_str())),
            Field::text("type", Some(self.kind.as_str())),
            Field::text("status", Some(self.status.as_str())),
            Field::int("priority", self.priority.level().into()),
            Field::text("assignee", self.assignee.as_deref()),
            Field::int("attempt", self.attempt.into()),
            Field::text("parent", self.parent.as_ref().map(Id::as_str)),
            Field::auto("labels", Value::List(labels)),
            Field::auto("dependencies", Value::List(dependencies)),
            Field::text("branch", self.branch.as_deref()),
            Field::time("started_at", self.started_at.as_ref()),
            Field::time("closed_at", self.closed_at.as_ref()),
            Field::quoted("close_reason", self.close_reason.as_deref()),
            Field::time("defer_until", self.defer_until.as_ref()),
            Field::time("due_at", self.due_at.as_ref()),
        ]
    }

    fn prose_fields(&self) -> Vec<Field> {
        let metadata = match self.metadata.as_slice() {
            [] => Value::Null,
            entries => Value::Map(entries.to_vec()),
        };
        vec![
            Field::prose("description", self.description.as_deref()),
            Field::prose("design", self.design.as_deref()),
            Field::prose("acceptance_criteria", self.acceptance_criteria.as_deref()),
            Field::prose("notes", self.notes.as_deref()),
            Field::text("external_ref", self.external_ref.as_deref()),
            Field::auto("metadata", metadata),
        ]
    }
}

impl Record for Bead {
    const KIND: &'static str = "bead";

    fn fields(&self) -> Vec<Field> {
        let mut fields = self.opening_fields();
        fields.extend(self.prose_fields());
        fields.extend(self.merge_request.iter().flat_map(MergeRequest::fields));
        fields.extend(
            self.extra
                .iter()
                .map(|(key, value)| Field::auto(key.clone(), value.clone())),
        );
        fields.push(Field::time("created_at", Some(&self.created_at)));
        fields.push(Field {
            key: "created_by".into(),
            value: Value::Str(self.created_by.clone()),
            style: Style::Auto,
        });
        fields
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        fields.take_format()?;
        let missing = |key: &str| FieldError::new(key, "is missing");
        let id = fields.id("id")?.ok_or_else(|| missing("id"))?;
        let title = fields.need_string("title")?;
        text::check_title(&title)
            .map_err(|error| FieldError::new("title", format!("is wrong: {error}")))?;
        let kind = fields.parsed("type", Kind::parse)?.unwrap_or_default();
        let merge_request = (kind == Kind::merge_request() && fields.has("source"))
            .then(|| MergeRequest::from_fields(&mut fields))
            .transpose()?;
        let mut bead = Self {
            id,
            title,
            kind,
            status: fields
                .parsed("status", Status::parse)?
                .ok_or_else(|| missing("status"))?,
            priority: priority(&mut fields)?,
            assignee: fields.string("assignee")?,
            attempt: fields.count("attempt")?.unwrap_or(0),
            parent: fields.id("parent")?,
            labels: fields.strings("labels")?,
            dependencies: dependencies(&mut fields)?,
            branch: fields.string("branch")?,
            started_at: fields.time("started_at")?,
            closed_at: fields.time("closed_at")?,
            close_reason: fields.string("close_reason")?,
            defer_until: fields.time("defer_until")?,
            due_at: fields.time("due_at")?,
            description: fields.string("description")?,
            design: fields.string("design")?,
            acceptance_criteria: fields.string("acceptance_criteria")?,
            notes: fields.string("notes")?,
            external_ref: fields.string("external_ref")?,
            metadata: fields.map("metadata")?.rest(),
            merge_request,
            created_at: fields
                .time("created_at")?
                .ok_or_else(|| missing("created_at"))?,
            created_by: fields
                .string("created_by")?
                .unwrap_or_else(|| "unknown".to_owned()),
            extra: fields.rest(),
        };
        bead.normalize();
        Ok(bead)
    }
}

fn priority(fields: &mut Fields) -> Result<Priority, FieldError> {
    Ok(fields
        .parsed("priority", Priority::parse)?
        .unwrap_or_default())
}

fn dependencies(fields: &mut Fields) -> Result<Vec<Dependency>, FieldError> {
    fields
        .maps("dependencies")?
        .into_iter()
        .map(Dependency::from_fields)
        .collect()
}
