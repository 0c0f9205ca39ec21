//! `bd label`

use crate::answer::{exact_ids, settle, try_each};
use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::views::{LabelCount, LabelCountsView};
use cli::{CommandError, ExitStatus};
use serde_json::{Value, json};
use town::edit::{Edit, edit};
use town::stats::{Group, count_by};

/// Label issues
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add a label to issues
    Add(LabelArgs),
    /// Remove a label from issues
    Remove(LabelArgs),
    /// List the labels of an issue
    List {
        /// The issue
        #[arg(value_name = "ID")]
        id: String,
    },
    /// List all labels, and how many issues have each
    ListAll,
}

#[derive(clap::Args)]
struct LabelArgs {
    /// Issues by their whole IDs, then the label
    #[arg(value_names = ["ID", "LABEL"], num_args = 2.., required = true)]
    words: Vec<String>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        match &self.command {
            Command::Add(words) => change(context, words, true),
            Command::Remove(words) => change(context, words, false),
            Command::List { id } => list(context, id),
            Command::ListAll => list_all(context),
        }
    }
}

fn change(context: &Context<'_>, args: &LabelArgs, add: bool) -> Result<ExitStatus, CommandError> {
    let town = context.town()?;
    let (label, texts) = args
        .words
        .split_last()
        .ok_or_else(|| CommandError::usage("a label is required"))?;
    let ids = exact_ids(&town, texts)?;
    let mut edits = Edit::default();
    match add {
        true => edits.add_labels.push(label.clone()),
        false => edits.remove_labels.push(label.clone()),
    }
    let (done, failure) = try_each(context, &ids, |id| Ok(edit(&town, id, &edits)?));
    let (word, line, unchanged) = match add {
        true => ("added", "Added label", "was there already"),
        false => ("removed", "Removed label", "was not there"),
    };
    let to = if add { "to" } else { "from" };
    if context.shell.is_json() {
        let views = done.iter().map(|it| {
            let status = if it.changed { word } else { "unchanged" };
            json!({ "status": status, "issue_id": it.bead.id.as_str(), "label": label })
        });
        context.shell.json(&views.collect::<Vec<Value>>());
    } else {
        for it in &done {
            let note = if it.changed {
                String::new()
            } else {
                format!(" ({unchanged})")
            };
            let text = format!("{line} '{label}' {to} {}{note}", it.bead.id);
            context.shell.line(&text);
        }
    }
    settle(context, &town, &done, failure)
}

fn list(context: &Context<'_>, text: &str) -> Result<ExitStatus, CommandError> {
    let town = context.town()?;
    let id = town.store.resolve_partial(text)?;
    let bead = town.store.bead(&id)?;
    let text = match bead.labels.is_empty() {
        true => format!("{id} has no labels"),
        false => bead.labels.join("\n"),
    };
    context.shell.answer(&bead.labels, &text);
    Ok(ExitStatus::OK)
}

fn list_all(context: &Context<'_>) -> Result<ExitStatus, CommandError> {
    let town = context.town()?;
    let loaded = Loaded::read(&town)?;
    let picture = loaded.picture();
    let counts = count_by(picture.graph.beads(), Group::Label)
        .into_iter()
        .map(|(label, count)| LabelCount { label, count });
    context.shell.show(&LabelCountsView(counts.collect()));
    Ok(report(context.shell, loaded.problems()))
}
