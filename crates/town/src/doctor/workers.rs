//! What a killed command left of a worker: half a worktree, or a process that
//! goes on although its bead was taken away.

use super::Item;
use crate::error::Error;
use crate::polecat::{self, Polecat};
use crate::{Town, sling, worker};
use git::worktree::Added;
use model::{Bead, Status, Ticket};
use std::path::Path;
use store::gitdir::GitDir;

/// What there is to do.
pub(super) fn found(town: &Town) -> Result<Vec<Item>, Error> {
    let mut items: Vec<Item> = half_made(town)?
        .iter()
        .map(|ticket| Item::fix(describe_worktree(ticket)))
        .collect();
    let running = left_running(town)?;
    items.extend(running.iter().map(|it| Item::fix(describe_running(it))));
    Ok(items)
}

/// Completes the worktrees, and stops the processes.
pub(super) fn fix(town: &Town) -> Result<Vec<Item>, Error> {
    let mut fixed = Vec::new();
    for ticket in half_made(town)? {
        match sling::make_worktree(town, &ticket) {
            Ok(Some(Added::Created | Added::Completed)) => {
                fixed.push(Item::fix(describe_worktree(&ticket)));
            }
            // A place that is taken by something else is for a person to see.
            Ok(_) | Err(Error::Git(git::Error::Occupied { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    for polecat in left_running(town)? {
        worker::stop(town, &polecat.agent)?;
        fixed.push(Item::fix(describe_running(&polecat)));
    }
    Ok(fixed)
}

/// Tickets whose worktree was begun and is not whole. Git's own locks may lie
/// in the repository until it is.
fn half_made(town: &Town) -> Result<Vec<Ticket>, Error> {
    let mut tickets = town.store.tickets()?.records;
    tickets.retain(|ticket| {
        let tree = ticket.worktree.as_ref().map(Path::new);
        ticket.spawn && tree.is_some_and(|tree| tree.is_dir() && !is_whole(tree))
    });
    Ok(tickets)
}

/// The index is the last that is written of a worktree.
fn is_whole(tree: &Path) -> bool {
    let own = tree.join(".git").is_file().then(|| GitDir::find(tree));
    own.flatten().is_some_and(|git| {
        let index = git.dir.join("index").metadata();
        index.is_ok_and(|meta| meta.len() > 0)
    })
}

fn describe_worktree(ticket: &Ticket) -> String {
    let tree = ticket.worktree.as_deref().unwrap_or_default();
    format!("{}: complete the worktree {tree}", ticket.agent)
}

/// Workers whose bead was taken away by a command that was killed before it
/// could stop them. One that ended its work by itself is left to say goodbye.
fn left_running(town: &Town) -> Result<Vec<Polecat>, Error> {
    let mut left = Vec::new();
    for polecat in polecat::list(town)? {
        let running = polecat.session.as_ref().filter(|it| worker::is_running(it));
        let Some(session) = running else {
            continue;
        };
        let ticket = town.store.read::<Ticket>(&polecat.agent)?;
        let is_current = ticket.is_some_and(|ticket| ticket.nonce == session.nonce);
        let bead = town.store.read::<Bead>(&session.bead)?;
        let was_taken =
            bead.is_some_and(|it| it.status == Status::Open || it.attempt > session.attempt);
        if was_taken && !is_current {
            left.push(polecat);
        }
    }
    Ok(left)
}

fn describe_running(polecat: &Polecat) -> String {
    let session = polecat.session.as_ref();
    let bead = session.map_or("its bead", |session| session.bead.as_str());
    format!("{}: stop its worker, {bead} was taken away", polecat.agent)
}
