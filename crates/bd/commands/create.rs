//! `bd create`

use crate::answer::{bead_json, exact_ids};
use crate::fields::{FieldArgs, when};
use crate::open::Context;
use cli::{CommandError, ExitStatus};
use model::{Bead, Dependency, DependencyType, Id};
use serde_json::Value;
use town::Town;
use town::create::{Draft, create, dry_run};
use town::edit::Edit;

/// Create an issue
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What is to be done, in one line
    #[arg(
        value_name = "TITLE",
        required_unless_present = "title_flag",
        conflicts_with = "title_flag"
    )]
    title: Option<String>,

    /// The same as a flag
    #[arg(long = "title", id = "title_flag", value_name = "TITLE")]
    title_flag: Option<String>,

    #[command(flatten)]
    fields: FieldArgs,

    /// Labels, separated by commas; may be repeated
    #[arg(
        short,
        long = "label",
        alias = "labels",
        value_name = "LABEL",
        value_delimiter = ','
    )]
    label: Vec<String>,

    /// The issue that this one is part of
    #[arg(long, value_name = "ID")]
    parent: Option<String>,

    /// Issues that have to be closed first
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    depends_on: Vec<String>,

    /// Dependencies as TYPE:ID, or ID for blocks, separated by commas
    #[arg(long, value_name = "TYPE:ID", value_delimiter = ',')]
    deps: Vec<String>,

    /// Not ready before: +3d, tomorrow, 2026-01-15
    #[arg(long, value_name = "TIME")]
    defer: Option<String>,

    /// Keep it out of ordinary listings
    #[arg(long)]
    ephemeral: bool,

    /// Its ID, instead of a random one
    #[arg(long, value_name = "ID")]
    id: Option<String>,

    /// Refuse an issue without description or acceptance criteria
    #[arg(long)]
    validate: bool,

    /// Show what would be created
    #[arg(long)]
    dry_run: bool,

    /// Print the ID only
    #[arg(long)]
    silent: bool,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let draft = self.draft(&town)?;
        if self.validate {
            draft.edit.check_is_complete()?;
        }
        if self.dry_run {
            return preview(context, &town, &dry_run(&town, &draft)?);
        }
        let bead = create(&town, &draft)?;
        town::touched::remember(&town, &bead.id);
        if self.silent {
            context.shell.line(bead.id.as_str());
        } else {
            let line = format!("Created issue: {}", bead.id);
            context.shell.answer(&bead_json(&town, &bead)?, &line);
        }
        Ok(ExitStatus::OK)
    }

    fn draft(&self, town: &Town) -> Result<Draft, CommandError> {
        let now = &town.now();
        let title = self.title.as_ref().or(self.title_flag.as_ref());
        let id = self.id.as_deref().map(Id::parse).transpose();
        let parent = self.parent.as_ref();
        Ok(Draft {
            id: id.map_err(CommandError::usage)?,
            parent: parent
                .map(|text| town.store.resolve_exact(text))
                .transpose()?,
            dependencies: self.dependencies(town)?,
            edit: Edit {
                title: title.cloned(),
                defer_until: when(self.defer.as_deref(), now)?,
                ephemeral: self.ephemeral,
                add_labels: self.label.clone(),
                ..self.fields.edit(now)?
            },
        })
    }

    fn dependencies(&self, town: &Town) -> Result<Vec<Dependency>, CommandError> {
        let mut dependencies = Vec::new();
        for id in exact_ids(town, &self.depends_on)? {
            dependencies.push(Dependency::new(id, DependencyType::blocks()));
        }
        for text in &self.deps {
            let (kind, id) = text.split_once(':').unwrap_or(("blocks", text));
            let kind = DependencyType::parse(kind.trim()).map_err(CommandError::usage)?;
            let id = town.store.resolve_exact(id.trim())?;
            dependencies.push(Dependency::new(id, kind));
        }
        Ok(dependencies)
    }
}

fn preview(context: &Context<'_>, town: &Town, bead: &Bead) -> Result<ExitStatus, CommandError> {
    let mut json = bead_json(town, bead)?;
    json["dry_run"] = Value::Bool(true);
    let (title, kind, priority) = (&bead.title, &bead.kind, bead.priority);
    let line = format!("Would create issue: {title} ({kind}, {priority})");
    context.shell.answer(&json, &line);
    Ok(ExitStatus::OK)
}
