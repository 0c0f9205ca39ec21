//! The bead that an actor created or changed last in this clone.
//!
//! A convenience for people at a prompt: it is lost without harm, and never
//! another actor's.

use crate::Town;
use crate::error::Error;
use model::Id;
use store::tree::Content;

const FILE: &str = "last-touched";

/// Remembers a bead for commands that name none. What cannot be remembered is
/// forgotten: the change itself is done.
pub fn remember(town: &Town, bead: &Id) {
    let line = format!("{bead} {}\n", town.actor);
    let current = matches!(read(town), Ok(Some(text)) if text == line);
    if !current
        && let Ok(private) = town.store.make_private()
        && let Ok(dir) = private.make_dir(".")
    {
        let _ = dir.note(FILE, line.as_bytes());
    }
}

/// The bead that this actor touched last, if nobody else touched one since.
pub fn last(town: &Town) -> Result<Id, Error> {
    let unknown = || Error::usage("no issue was named", "name an issue by its ID");
    let text = read(town)?.ok_or_else(unknown)?;
    let (id, actor) = text.trim_end().split_once(' ').ok_or_else(unknown)?;
    if actor != town.actor.name() {
        return Err(Error::usage(
            format!("no issue was named, and the last one touched here was {actor}'s"),
            "name an issue by its ID",
        ));
    }
    Ok(town.store.resolve_exact(id)?)
}

fn read(town: &Town) -> Result<Option<String>, Error> {
    let Some(private) = town.store.private() else {
        return Ok(None);
    };
    Ok(match private.read(FILE, 4096)? {
        Content::Bytes(bytes) => String::from_utf8(bytes).ok(),
        _ => None,
    })
}
