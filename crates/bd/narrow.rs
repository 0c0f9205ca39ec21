//! The flags that narrow a listing down.

use cli::CommandError;
use cli::time::parse_since;
use model::filter::Span;
use model::{Filter, Kind, Priority, Status, Time};
use town::Town;

/// Which beads to show.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Which issues")]
pub(crate) struct FilterArgs {
    /// In one of these states; `all` is every state
    #[arg(short, long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<String>,

    /// Closed ones, too
    #[arg(long)]
    all: bool,

    /// Of one of these types
    #[arg(short = 't', long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = Kind::parse)]
    kind: Vec<Kind>,

    /// Of one of these priorities
    #[arg(short, long, value_name = "PRIORITY", value_delimiter = ',', value_parser = Priority::parse)]
    priority: Vec<Priority>,

    /// Of this priority or a less urgent one
    #[arg(long, value_name = "PRIORITY", value_parser = Priority::parse)]
    priority_min: Option<Priority>,

    /// Of this priority or a more urgent one
    #[arg(long, value_name = "PRIORITY", value_parser = Priority::parse)]
    priority_max: Option<Priority>,

    /// Assigned to this one
    #[arg(short, long, value_name = "NAME")]
    assignee: Option<String>,

    /// Assigned to nobody
    #[arg(long, alias = "unassigned")]
    no_assignee: bool,

    /// With all of these labels
    #[arg(
        short,
        long = "label",
        alias = "labels",
        value_name = "LABEL",
        value_delimiter = ','
    )]
    label: Vec<String>,

    /// With one of these labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    label_any: Vec<String>,

    /// With a label that matches: `*` any text, `?` any character
    #[arg(long, value_name = "PATTERN")]
    label_pattern: Option<String>,

    /// Direct children of this issue
    #[arg(long, value_name = "ID")]
    parent: Option<String>,

    /// Part of no other issue
    #[arg(long)]
    no_parent: bool,

    /// Only these issues
    #[arg(long = "id", value_name = "ID", value_delimiter = ',')]
    id: Vec<String>,

    /// With this in the title
    #[arg(long, alias = "title", value_name = "TEXT")]
    title_contains: Option<String>,

    /// With this in the description
    #[arg(long, value_name = "TEXT")]
    desc_contains: Option<String>,

    /// Past their due date
    #[arg(long)]
    overdue: bool,

    /// Put off
    #[arg(long)]
    deferred: bool,

    /// Ready to begin
    #[arg(long)]
    ready: bool,

    /// Pinned
    #[arg(long)]
    pinned: bool,

    /// With this entry in the metadata
    #[arg(long, value_name = "KEY=VALUE")]
    metadata_field: Vec<String>,

    #[command(flatten)]
    times: TimeArgs,
}

/// When things happened: `7d`, `24h`, 2026-01-15.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Times (7d, 24h, 2026-01-15)")]
pub(crate) struct TimeArgs {
    /// Made since
    #[arg(long, value_name = "TIME")]
    created_after: Option<String>,
    /// Made before
    #[arg(long, value_name = "TIME")]
    created_before: Option<String>,
    /// Changed since
    #[arg(long, value_name = "TIME")]
    updated_after: Option<String>,
    /// Last changed before
    #[arg(long, value_name = "TIME")]
    updated_before: Option<String>,
    /// Closed since
    #[arg(long, value_name = "TIME")]
    closed_after: Option<String>,
    /// Closed before
    #[arg(long, value_name = "TIME")]
    closed_before: Option<String>,
    /// Due after
    #[arg(long, value_name = "TIME")]
    due_after: Option<String>,
    /// Due before
    #[arg(long, value_name = "TIME")]
    due_before: Option<String>,
    /// Put off beyond
    #[arg(long, value_name = "TIME")]
    defer_after: Option<String>,
    /// Put off to before
    #[arg(long, value_name = "TIME")]
    defer_before: Option<String>,
}

impl FilterArgs {
    /// The filter that the flags ask for.
    pub(crate) fn filter(&self, town: &Town) -> Result<Filter, CommandError> {
        let now = &town.now();
        let times = &self.times;
        let resolve = |text: &String| town.store.resolve_partial(text);
        Ok(Filter {
            all: self.all || self.status.iter().any(|status| status == "all"),
            statuses: self.statuses()?,
            kinds: self.kind.clone(),
            priorities: self.priority.clone(),
            priority_min: self.priority_min,
            priority_max: self.priority_max,
            assignee: self.assignee.clone(),
            no_assignee: self.no_assignee,
            labels: self.label.clone(),
            labels_any: self.label_any.clone(),
            label_pattern: self.label_pattern.clone(),
            parent: self.parent.as_ref().map(resolve).transpose()?,
            no_parent: self.no_parent,
            ids: self.id.iter().map(resolve).collect::<Result<_, _>>()?,
            title_contains: self.title_contains.clone(),
            desc_contains: self.desc_contains.clone(),
            created: span(&times.created_after, &times.created_before, now)?,
            updated: span(&times.updated_after, &times.updated_before, now)?,
            closed: span(&times.closed_after, &times.closed_before, now)?,
            due: span(&times.due_after, &times.due_before, now)?,
            defer: span(&times.defer_after, &times.defer_before, now)?,
            overdue: self.overdue,
            deferred: self.deferred,
            ready: self.ready,
            pinned: self.pinned,
            metadata: self.metadata()?,
        })
    }

    fn statuses(&self) -> Result<Vec<Status>, CommandError> {
        self.status
            .iter()
            .filter(|status| *status != "all")
            .map(|text| Status::parse(text).map_err(CommandError::usage))
            .collect()
    }

    fn metadata(&self) -> Result<Vec<(String, String)>, CommandError> {
        let split = |text: &String| {
            let (key, value) = text.split_once('=').ok_or_else(|| {
                CommandError::usage(format!("`{}` is not key=value", text.escape_debug()))
            })?;
            Ok((key.to_owned(), value.to_owned()))
        };
        self.metadata_field.iter().map(split).collect()
    }
}

fn span(after: &Option<String>, before: &Option<String>, now: &Time) -> Result<Span, CommandError> {
    let parse = |text: &Option<String>| -> Result<Option<Time>, CommandError> {
        let time = text
            .as_deref()
            .map(|text| parse_since(text, now.timestamp()));
        Ok(time.transpose()?)
    };
    Ok(Span {
        after: parse(after)?.map(|time| time.timestamp()),
        before: parse(before)?.map(|time| time.timestamp()),
    })
}
