//! Comments on beads.

use crate::Town;
use crate::error::Error;
use model::{Comment, Id};
use store::comments::Filed;

/// Adds a comment in the actor's name. Takes no lock; refused to a worker on a
/// bead that is not its own any more.
pub fn add(town: &Town, bead: &Id, text: &str) -> Result<Filed, Error> {
    if text.trim().is_empty() {
        return Err(Error::usage(
            "the comment is empty",
            "give its text, or `-` to read it from standard input",
        ));
    }
    town.check_attempt_to_comment(bead)?;
    let comment = Comment {
        bead: bead.clone(),
        author: town.actor.name().to_owned(),
        text: text.to_owned(),
        extra: Vec::new(),
        created_at: town.now(),
    };
    let id = town.store.add_comment(&comment, &town.word(4))?;
    Ok(Filed { id, comment })
}
