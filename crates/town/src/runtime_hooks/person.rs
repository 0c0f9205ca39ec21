//! A session that a person has started: whether it is reminded of their work.
//!
//! Promises that each conversation is reminded once of an attempt, where the
//! work is done. Never reminds where that cannot be noted: it would be for ever.

use super::session::unfinished;
use crate::Town;
use crate::error::Error;
use agent::conversation::Conversation;
use model::{Address, Id, Ticket};
use std::path::Path;
use store::look;
use store::tree::Content;

const FOLDER: &str = "reminders";

/// More than a person has conversations about one attempt.
const LIMIT: u64 = 64 * 1024;

/// The bead that the person's session may not leave yet.
pub(super) fn guard(
    town: &Town,
    agent: &Address,
    conversation: Option<&Conversation>,
) -> Result<Option<Id>, Error> {
    let Some(ticket) = unfinished(town, agent)? else {
        return Ok(None);
    };
    if town.store.options().readonly || !is_where_it_is_done(town, &ticket)? {
        return Ok(None);
    }
    let name = conversation.map_or("-", Conversation::as_str);
    let is_new = note(town, agent, &format!("{} {name}", ticket.nonce))?;
    Ok(is_new.then_some(ticket.bead))
}

/// A hook that was taken by hand notes its worktree; one that was slung is
/// worked on wherever its agent likes.
fn is_where_it_is_done(town: &Town, ticket: &Ticket) -> Result<bool, Error> {
    let Some(tree) = &ticket.worktree else {
        return Ok(true);
    };
    let (here, there) = (look::real(&town.setup().cwd)?, look::real(Path::new(tree))?);
    Ok(matches!((here, there), (Some(here), Some(there)) if here.starts_with(&there)))
}

/// Notes a line, and forgets those of other attempts; false if it was noted.
fn note(town: &Town, agent: &Address, line: &str) -> Result<bool, Error> {
    let dir = town.store.make_private()?.make_dir(FOLDER)?;
    let name = agent.to_string().replace('/', ".");
    let known = match dir.read(&name, LIMIT)? {
        Content::Bytes(bytes) => String::from_utf8(bytes).unwrap_or_default(),
        _ => String::new(),
    };
    if known.lines().any(|it| it == line) {
        return Ok(false);
    }
    let attempt = line.split(' ').next().unwrap_or_default();
    let mut text: String = known
        .split_inclusive('\n')
        .filter(|it| it.starts_with(attempt))
        .collect();
    text.push_str(line);
    text.push('\n');
    dir.note(&name, text.as_bytes())?;
    Ok(true)
}
