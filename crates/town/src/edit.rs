//! Changes to what a bead says: everything but its state and its edges.
//!
//! An [`Edit`] is data. It is checked before anything is locked, and applied to
//! the bead as it is under its lock, so that two edits of different fields
//! never undo each other.

use crate::Town;
use crate::convoy;
use crate::error::Error;
use crate::life::Changed;
use crate::work;
use model::{Bead, Id, Kind, Priority, Time, Value, text};

mod metadata;
pub use metadata::parse_metadata;

/// What becomes of a field that may be empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Change<T> {
    /// It stays.
    #[default]
    Keep,
    /// It becomes empty.
    Clear,
    /// It gets this value.
    To(T),
}

/// What becomes of a bead's fields. The default changes nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edit {
    /// A new title.
    pub title: Option<String>,
    /// A new type.
    pub kind: Option<Kind>,
    /// A new priority.
    pub priority: Option<Priority>,
    /// Who has it, without claiming it for them.
    pub assignee: Change<String>,
    /// What it is about.
    pub description: Change<String>,
    /// How it shall be done.
    pub design: Change<String>,
    /// When it is done.
    pub acceptance_criteria: Change<String>,
    /// What turned up, in place of what was noted before.
    pub notes: Change<String>,
    /// What turned up besides.
    pub append_notes: Option<String>,
    /// The same thing elsewhere.
    pub external_ref: Change<String>,
    /// How long it may take, in minutes.
    pub estimated_minutes: Change<i64>,
    /// When it should be done.
    pub due_at: Change<Time>,
    /// Not ready before this time.
    pub defer_until: Change<Time>,
    /// Kept out of ordinary listings.
    pub ephemeral: bool,
    /// These labels and no others.
    pub set_labels: Option<Vec<String>>,
    /// These labels too.
    pub add_labels: Vec<String>,
    /// Not these labels.
    pub remove_labels: Vec<String>,
    /// These entries of the metadata.
    pub set_metadata: Vec<(String, Value)>,
    /// Not these entries of the metadata.
    pub unset_metadata: Vec<String>,
}

/// Applies an edit to a bead. Where it changes nothing, nothing is written.
pub fn edit(town: &Town, id: &Id, edit: &Edit) -> Result<Changed, Error> {
    edit.check()?;
    let work = work::lock_as_it_is(town, id, None)?;
    let before = work.bead.clone();
    let mut bead = before.clone();
    edit.apply(&mut bead);
    if bead.assignee != before.assignee && work.is_held() {
        return Err(Error::refused(
            format!("{id} is on an agent's hook: its assignee cannot be set"),
            format!("`gt release {id}` first, or `gt sling {id} AGENT --force`"),
        ));
    }
    let changed = work.locked.save(&bead)?;
    drop(work);
    if changed && bead.title != before.title {
        convoy::refresh(town, std::slice::from_ref(id))?;
    }
    Ok(Changed {
        bead,
        changed,
        loser: None,
        orphan: None,
    })
}

impl Edit {
    /// Whether the values are ones that a bead may have.
    pub fn check(&self) -> Result<(), Error> {
        if let Some(title) = &self.title {
            check_title(title)?;
        }
        let set = self.set_labels.iter().flatten();
        for label in set.chain(&self.add_labels) {
            check_label(label)?;
        }
        for (key, value) in &self.set_metadata {
            metadata::check(key, value)?;
        }
        Ok(())
    }

    /// Whether a new bead says enough for somebody else to work on it.
    pub fn check_is_complete(&self) -> Result<(), Error> {
        let says = |text: &Change<String>| matches!(text, Change::To(_));
        let missing = match (says(&self.description), says(&self.acceptance_criteria)) {
            (true, true) => return Ok(()),
            (false, true) => "description",
            (true, false) => "acceptance criteria",
            (false, false) => "description and no acceptance criteria",
        };
        Err(Error::usage(
            format!("the issue has no {missing}"),
            "say what it is about with -d, and when it is done with --acceptance",
        ))
    }

    /// The bead with the edit in it.
    pub fn apply(&self, bead: &mut Bead) {
        replace(&self.title, &mut bead.title);
        replace(&self.kind, &mut bead.kind);
        replace(&self.priority, &mut bead.priority);
        self.assignee.apply(&mut bead.assignee);
        self.description.apply(&mut bead.description);
        self.design.apply(&mut bead.design);
        self.acceptance_criteria
            .apply(&mut bead.acceptance_criteria);
        self.notes.apply(&mut bead.notes);
        if let Some(more) = &self.append_notes {
            bead.notes = Some(appended(bead.notes.as_deref(), more));
        }
        self.external_ref.apply(&mut bead.external_ref);
        self.due_at.apply(&mut bead.due_at);
        self.defer_until.apply(&mut bead.defer_until);
        self.apply_extra(bead);
        self.apply_labels(bead);
        self.apply_metadata(bead);
    }

    fn apply_extra(&self, bead: &mut Bead) {
        match self.estimated_minutes {
            Change::Keep => {}
            Change::Clear => set_extra(bead, "estimated_minutes", Value::Null),
            Change::To(minutes) => set_extra(bead, "estimated_minutes", Value::Int(minutes)),
        }
        if self.ephemeral {
            set_extra(bead, "ephemeral", Value::Bool(true));
        }
    }

    fn apply_labels(&self, bead: &mut Bead) {
        if let Some(labels) = &self.set_labels {
            bead.labels.clear();
            for label in labels {
                bead.add_label(label);
            }
        }
        for label in &self.add_labels {
            bead.add_label(label);
        }
        bead.labels
            .retain(|label| !self.remove_labels.contains(label));
    }

    fn apply_metadata(&self, bead: &mut Bead) {
        for (key, value) in &self.set_metadata {
            match bead.metadata.iter_mut().find(|(name, _)| name == key) {
                Some((_, old)) => old.clone_from(value),
                None => bead.metadata.push((key.clone(), value.clone())),
            }
        }
        bead.metadata
            .retain(|(key, _)| !self.unset_metadata.contains(key));
    }
}

impl<T: Clone> Change<T> {
    fn apply(&self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::To(value) => *field = Some(value.clone()),
        }
    }
}

fn replace<T: Clone>(new: &Option<T>, field: &mut T) {
    if let Some(value) = new {
        field.clone_from(value);
    }
}

/// Sets a key that a bead has no field for; one that has the value already
/// keeps its place, so that nothing is written.
fn set_extra(bead: &mut Bead, key: &str, value: Value) {
    if bead.extra(key) != Some(&value) {
        bead.set_extra(key, value);
    }
}

fn appended(notes: Option<&str>, more: &str) -> String {
    match notes.map(str::trim_end).filter(|notes| !notes.is_empty()) {
        Some(notes) => format!("{notes}\n{more}"),
        None => more.to_owned(),
    }
}

/// Checks a title as a user gave it.
pub fn check_title(title: &str) -> Result<(), Error> {
    text::check_title(title)
        .map_err(|error| Error::usage(error.to_string(), "say in one line what is to be done"))
}

/// Checks a label: one word of up to 100 characters that no list can be
/// mistaken for.
pub fn check_label(label: &str) -> Result<(), Error> {
    let fits = !label.trim().is_empty()
        && label.trim() == label
        && label.chars().count() <= 100
        && !label.contains(',')
        && !label.chars().any(char::is_control);
    match fits {
        true => Ok(()),
        false => Err(Error::usage(
            format!("`{}` is not a label", label.escape_debug()),
            "use up to 100 characters without commas, line breaks or spaces around them",
        )),
    }
}

#[cfg(test)]
mod tests;
