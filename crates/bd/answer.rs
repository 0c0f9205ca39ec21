//! What a writing command answers: the beads as they are afterwards.
//!
//! Nothing but the beads that were written is read for it, so it does not count
//! what depends on them.

use crate::open::Context;
use cli::views::{BeadView, Counts};
use cli::{CommandError, ExitStatus};
use model::{Bead, Id, Time};
use serde_json::{Map, Value};
use store::layout;
use town::Town;
use town::life::Changed;

/// One bead after a change.
pub(crate) fn bead_json(town: &Town, bead: &Bead) -> Result<Value, CommandError> {
    let updated = town.store.updated_at(bead, newest_comment(town, &bead.id)?);
    let view = BeadView::new(bead, Counts::default(), &updated).without_dependencies();
    let mut json = serde_json::to_value(view).expect("views always serialize");
    let map: Option<&mut Map<String, Value>> = json.as_object_mut();
    if let Some(map) = map {
        for key in ["dependency_count", "dependent_count", "comment_count"] {
            map.remove(key);
        }
    }
    Ok(json)
}

/// When the newest comment on a bead was written, by the names of the files.
pub(crate) fn newest_comment(town: &Town, bead: &Id) -> Result<Option<Time>, CommandError> {
    let folder = town.store.tracked().dir(&layout::comments_folder(bead))?;
    let names = folder.map(|dir| dir.names()).transpose()?;
    let prefix = format!("{bead}.");
    let newest = names
        .unwrap_or_default()
        .iter()
        .filter_map(|name| name.strip_prefix(&prefix)?.strip_suffix(".yaml"))
        .filter_map(store::comments::time_of)
        .max();
    Ok(newest)
}

/// Does something with each bead and answers with all that succeeded: an array
/// as JSON, a line each as text. A failure does not keep the others from being
/// done; the last one is what the command ends with.
pub(crate) fn each(
    context: &Context<'_>,
    town: &Town,
    ids: &[Id],
    line: impl Fn(&Changed) -> String,
    act: impl FnMut(&Id) -> Result<Changed, CommandError>,
) -> Result<ExitStatus, CommandError> {
    let (done, failure) = try_each(context, ids, act);
    show(context, town, &done, line)?;
    settle(context, town, &done, failure)
}

/// Does something with each bead. All failures but the last are told at once.
pub(crate) fn try_each(
    context: &Context<'_>,
    ids: &[Id],
    mut act: impl FnMut(&Id) -> Result<Changed, CommandError>,
) -> (Vec<Changed>, Option<CommandError>) {
    let mut done = Vec::new();
    let mut failure: Option<CommandError> = None;
    for id in ids {
        match act(id) {
            Ok(changed) => done.push(changed),
            Err(error) => {
                if let Some(earlier) = failure.replace(error) {
                    context.shell.error(&earlier);
                }
            }
        }
    }
    (done, failure)
}

/// Shows what was done.
pub(crate) fn show(
    context: &Context<'_>,
    town: &Town,
    done: &[Changed],
    line: impl Fn(&Changed) -> String,
) -> Result<(), CommandError> {
    if context.shell.is_json() {
        let beads = done.iter().map(|it| bead_json(town, &it.bead));
        context
            .shell
            .json(&beads.collect::<Result<Vec<_>, CommandError>>()?);
    } else {
        done.iter().for_each(|it| context.shell.line(&line(it)));
    }
    Ok(())
}

/// Stops the workers that lost their beads, remembers the last bead, and ends
/// with the failure, if there was one.
pub(crate) fn settle(
    context: &Context<'_>,
    town: &Town,
    done: &[Changed],
    failure: Option<CommandError>,
) -> Result<ExitStatus, CommandError> {
    for session in done.iter().filter_map(|it| it.orphan.as_ref()) {
        if let Err(error) = town::worker::stop(town, session) {
            context.shell.warn(&error.to_string());
        }
    }
    if let Some(last) = done.last() {
        town::touched::remember(town, &last.bead.id);
    }
    failure.map_or(Ok(ExitStatus::OK), Err)
}

/// The exact IDs of some texts. All of them are known before anything is done.
pub(crate) fn exact_ids(town: &Town, texts: &[String]) -> Result<Vec<Id>, CommandError> {
    let mut ids = Vec::new();
    for text in texts {
        let id = town.store.resolve_exact(text)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The same, or the bead that was touched last where no text is given.
pub(crate) fn exact_ids_or_last(town: &Town, texts: &[String]) -> Result<Vec<Id>, CommandError> {
    match texts {
        [] => Ok(vec![town::touched::last(town)?]),
        _ => exact_ids(town, texts),
    }
}
