//! `bd close`

use crate::answer::{bead_json, exact_ids, settle, show, try_each};
use crate::open::Context;
use crate::picture::{Loaded, report};
use cli::{CommandError, ExitStatus, input};
use model::Id;
use serde_json::json;
use std::collections::HashSet;
use std::path::PathBuf;
use town::Town;
use town::close::{Close, close};
use town::life::Changed;

/// Close issues
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Issues, by their whole IDs; a text with a space in it is the reason
    #[arg(value_name = "ID", required = true)]
    words: Vec<String>,

    /// Why; may be repeated
    #[arg(short, long, value_name = "TEXT")]
    reason: Vec<String>,

    /// Read the reason from a file; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "reason")]
    reason_file: Option<PathBuf>,

    /// Add a comment
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,

    /// Also what an agent has on its hook, or what waits to be merged
    #[arg(short, long)]
    force: bool,

    /// It will not be done
    #[arg(long, conflicts_with = "duplicate")]
    wontfix: bool,

    /// It is the same as this issue
    #[arg(long, value_name = "ID")]
    duplicate: Option<String>,

    /// Show what became ready by it
    #[arg(long)]
    suggest_next: bool,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let (reasons, texts): (Vec<String>, Vec<String>) =
            self.words.iter().cloned().partition(|word| is_prose(word));
        // A reason alone closes nothing: it may be an ID gone wrong.
        let ids = exact_ids(
            &town,
            if texts.is_empty() {
                &self.words
            } else {
                &texts
            },
        )?;
        let how = self.close(&town, reasons)?;
        let before = match self.suggest_next {
            true => Some(ready_ids(&town)?),
            false => None,
        };
        let (done, failure) = try_each(context, &ids, |id| Ok(close(&town, id, &how)?));
        match before {
            Some(before) => show_with_next(context, &town, &done, &before)?,
            None => show(context, &town, &done, line)?,
        }
        settle(context, &town, &done, failure)
    }

    fn close(&self, town: &Town, mut reasons: Vec<String>) -> Result<Close, CommandError> {
        reasons.extend(self.reason.iter().cloned());
        if let Some(path) = &self.reason_file {
            reasons.push(input::read_text(path)?.trim().to_owned());
        }
        let duplicate = exact_ids(town, self.duplicate.as_slice())?;
        Ok(Close {
            reasons,
            wontfix: self.wontfix,
            duplicate: duplicate.into_iter().next(),
            comment: self.comment.clone(),
            forced: self.force,
        })
    }
}

fn is_prose(word: &str) -> bool {
    word.contains(char::is_whitespace)
}

fn line(changed: &Changed) -> String {
    let id = &changed.bead.id;
    match (&changed.bead.close_reason, changed.changed) {
        (_, false) => format!("Closed {id} (it was closed before)"),
        (Some(reason), true) => format!("Closed {id}: {reason}"),
        (None, true) => format!("Closed {id}"),
    }
}

fn ready_ids(town: &Town) -> Result<HashSet<Id>, CommandError> {
    let loaded = Loaded::read(town)?;
    let picture = loaded.picture();
    let now = picture.context().now;
    let ready = model::ready::ready(&picture.graph, &Default::default(), now);
    Ok(ready.into_iter().map(|bead| bead.id.clone()).collect())
}

/// Also shows what was not ready before and is now.
fn show_with_next(
    context: &Context<'_>,
    town: &Town,
    done: &[Changed],
    before: &HashSet<Id>,
) -> Result<(), CommandError> {
    let loaded = Loaded::read(town)?;
    let picture = loaded.picture();
    let now = picture.context().now;
    let mut next = model::ready::ready(&picture.graph, &Default::default(), now);
    next.retain(|bead| !before.contains(&bead.id));
    if context.shell.is_json() {
        let closed = done.iter().map(|it| bead_json(town, &it.bead));
        let closed = closed.collect::<Result<Vec<_>, CommandError>>()?;
        let unblocked = picture.views(town, next);
        context
            .shell
            .json(&json!({ "closed": closed, "unblocked": unblocked }));
    } else {
        show(context, town, done, line)?;
        for bead in next {
            let text = format!("Now ready: {} {}", bead.id, bead.title);
            context.shell.line(&text);
        }
    }
    report(context.shell, loaded.problems());
    Ok(())
}
