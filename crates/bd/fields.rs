//! The flags that set a bead's fields, shared by `create` and `update`.
//!
//! An empty text clears a field that may be empty.

use cli::time::parse_when;
use cli::{CommandError, input};
use model::{Kind, Priority, Time};
use std::path::{Path, PathBuf};
use town::edit::{Change, Edit, parse_metadata};

/// What a bead says.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Fields")]
pub(crate) struct FieldArgs {
    /// Type: bug, feature, task, epic, chore, decision, or a name of your own
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = Kind::parse)]
    kind: Option<Kind>,

    /// Priority: 0 to 4, P0 to P4, critical, high, medium, low or backlog
    #[arg(short, long, value_name = "PRIORITY", value_parser = Priority::parse)]
    priority: Option<Priority>,

    /// What it is about; `-` reads standard input
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,

    /// Read the description from a file; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "description")]
    body_file: Option<PathBuf>,

    /// How it shall be done
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    design: Option<String>,

    /// When it is done
    #[arg(
        long,
        alias = "acceptance-criteria",
        value_name = "TEXT",
        allow_hyphen_values = true
    )]
    acceptance: Option<String>,

    /// Add to the notes; what was noted before stays
    #[arg(
        long,
        alias = "append-notes",
        value_name = "TEXT",
        allow_hyphen_values = true
    )]
    notes: Option<String>,

    /// Who has it; says so without claiming it for them
    #[arg(short, long, alias = "assign", value_name = "NAME")]
    assignee: Option<String>,

    /// The same thing elsewhere, such as gh-123
    #[arg(long, value_name = "REF")]
    external_ref: Option<String>,

    /// How many minutes it may take
    #[arg(long, value_name = "MINUTES")]
    estimate: Option<String>,

    /// When it should be done: +3d, tomorrow, 2026-01-15
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    due: Option<String>,

    /// Metadata: key=value, or a JSON object; may be repeated
    #[arg(long, visible_alias = "set-metadata", value_name = "KEY=VALUE")]
    metadata: Vec<String>,
}

impl FieldArgs {
    /// The edit that the flags ask for.
    pub(crate) fn edit(&self, now: &Time) -> Result<Edit, CommandError> {
        let mut set_metadata = Vec::new();
        for text in &self.metadata {
            set_metadata.extend(parse_metadata(text)?);
        }
        Ok(Edit {
            kind: self.kind.clone(),
            priority: self.priority,
            assignee: change(self.assignee.as_deref().map(long_form).as_deref()),
            description: change(self.description()?.as_deref()),
            design: change(self.design.as_deref()),
            acceptance_criteria: change(self.acceptance.as_deref()),
            append_notes: self.notes.clone().filter(|notes| !notes.is_empty()),
            external_ref: change(self.external_ref.as_deref()),
            estimated_minutes: parsed(self.estimate.as_deref(), minutes)?,
            due_at: when(self.due.as_deref(), now)?,
            set_metadata,
            ..Edit::default()
        })
    }

    fn description(&self) -> Result<Option<String>, CommandError> {
        match (self.description.as_deref(), &self.body_file) {
            (Some("-"), _) => Ok(Some(input::read_text(Path::new("-"))?)),
            (_, Some(path)) => Ok(Some(input::read_text(path)?)),
            (text, None) => Ok(text.map(str::to_owned)),
        }
    }
}

/// An address in its long form, as files have it; any other text as it is.
fn long_form(name: &str) -> String {
    town::Actor::named(name).name().to_owned()
}

fn change(text: Option<&str>) -> Change<String> {
    match text {
        None => Change::Keep,
        Some("") => Change::Clear,
        Some(text) => Change::To(text.to_owned()),
    }
}

/// A time that a flag names.
pub(crate) fn when(text: Option<&str>, now: &Time) -> Result<Change<Time>, CommandError> {
    parsed(text, |text| Ok(parse_when(text, now.timestamp())?))
}

fn minutes(text: &str) -> Result<i64, CommandError> {
    let number = text.parse::<i64>().ok().filter(|minutes| *minutes >= 0);
    number.ok_or_else(|| {
        let shown = text.escape_debug();
        CommandError::usage(format!("`{shown}` is not a number of minutes"))
    })
}

fn parsed<T>(
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, CommandError>,
) -> Result<Change<T>, CommandError> {
    match text {
        None => Ok(Change::Keep),
        Some("") => Ok(Change::Clear),
        Some(text) => parse(text).map(Change::To),
    }
}
