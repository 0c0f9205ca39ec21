//! `bd update`

use crate::answer::{exact_ids_or_last, settle, show, try_each};
use crate::fields::{FieldArgs, when};
use crate::open::Context;
use crate::picture::report;
use cli::{CommandError, ExitStatus};
use model::Status;
use town::Town;
use town::edit::{Change, Edit};
use town::update::{Update, update};

/// Change issues; without an ID the one touched last
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Issues, by their whole IDs
    #[arg(value_name = "ID")]
    ids: Vec<String>,

    /// A new title
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,

    #[command(flatten)]
    fields: FieldArgs,

    /// A new state: open, in_progress, deferred, closed or one of your own
    #[arg(short, long, value_name = "STATUS", value_parser = Status::parse)]
    status: Option<Status>,

    /// Take it: exactly one of any number of claimers gets it
    #[arg(long)]
    claim: bool,

    /// Put it off until then; '' takes it up again
    #[arg(long, value_name = "TIME")]
    defer: Option<String>,

    /// Make it part of this issue; '' of none
    #[arg(long, value_name = "ID")]
    parent: Option<String>,

    /// Notes in place of those there are
    #[arg(long, value_name = "TEXT", conflicts_with = "notes")]
    replace_notes: Option<String>,

    /// Add labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    add_label: Vec<String>,

    /// Remove labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    remove_label: Vec<String>,

    /// These labels and no others; '' for none
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    set_labels: Option<Vec<String>>,

    /// Remove entries of the metadata
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    unset_metadata: Vec<String>,

    /// Add a comment
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let ids = exact_ids_or_last(&town, &self.ids)?;
        let change = self.update(&town)?;
        let mut problems = Vec::new();
        let (done, failure) = try_each(context, &ids, |id| {
            let updated = update(&town, id, &change)?;
            problems.extend(updated.problems);
            Ok(updated.changed)
        });
        show(context, &town, &done, |it| match it.changed {
            true => format!("Updated issue: {}", it.bead.id),
            false => format!("Updated issue: {} (nothing to change)", it.bead.id),
        })?;
        report(context.shell, &problems);
        settle(context, &town, &done, failure)
    }

    fn update(&self, town: &Town) -> Result<Update, CommandError> {
        let now = &town.now();
        let parent = match self.parent.as_deref() {
            None => Change::Keep,
            Some("") => Change::Clear,
            Some(text) => Change::To(town.store.resolve_exact(text)?),
        };
        Ok(Update {
            claim: self.claim,
            status: self.status.clone(),
            defer: when(self.defer.as_deref(), now)?,
            parent,
            edit: Edit {
                title: self.title.clone(),
                notes: match self.replace_notes.as_deref() {
                    None => Change::Keep,
                    Some("") => Change::Clear,
                    Some(text) => Change::To(text.to_owned()),
                },
                set_labels: self.set_labels.as_deref().map(without_empty),
                add_labels: self.add_label.clone(),
                remove_labels: self.remove_label.clone(),
                unset_metadata: self.unset_metadata.clone(),
                ..self.fields.edit(now)?
            },
            comment: self.comment.clone(),
        })
    }
}

fn without_empty(labels: &[String]) -> Vec<String> {
    let kept = labels.iter().filter(|label| !label.is_empty());
    kept.cloned().collect()
}
