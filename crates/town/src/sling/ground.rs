//! The worktree that a ticket names: made, completed, filled again when its files
//! are gone, and put back on its branch when somebody deleted that.
//!
//! Never: moves a branch that is there, or begins one anew whose last commit its
//! worktree still knows.

use super::Place;
use crate::Town;
use crate::error::Error;
use git::worktree::{self, Added, Head, Spec};
use git::{BranchName, Oid, refs};
use model::{Address, Id, Ticket};
use std::path::Path;

/// Makes the worktree of a ticket, or completes it; none where it has none.
pub(crate) fn make_worktree(town: &Town, ticket: &Ticket) -> Result<Option<Added>, Error> {
    let (Some(path), Some(branch), Some(tip)) = (&ticket.worktree, &ticket.branch, &ticket.tip)
    else {
        return Ok(None);
    };
    let branch = BranchName::parse(branch)?;
    let name = ticket.agent.name();
    let marker = marker(town, &ticket.agent, &ticket.bead);
    if worktree::is_whole(town.common(), name, Path::new(path), &marker)?
        && refs::has_branch(town.common(), &branch)?
    {
        return Ok(Some(Added::Existed));
    }
    let tip = tip_of(town, name, &branch, tip)?;
    let added = worktree::add(&Spec {
        common_dir: town.common().to_owned(),
        path: path.into(),
        name: name.to_owned(),
        head: Head::Branch { branch, tip },
        marker,
    })?;
    Ok(Some(added))
}

/// Why a worktree cannot be made in a place, if something else stands there.
pub(super) fn occupied(town: &Town, bead: &Id, place: &Place) -> Result<Option<git::Error>, Error> {
    let looked = worktree::check(&Spec {
        common_dir: town.common().to_owned(),
        path: place.worktree.clone(),
        name: place.agent.name().to_owned(),
        head: Head::Branch {
            branch: BranchName::parse(&place.branch)?,
            tip: Oid::parse(&place.tip)?,
        },
        marker: marker(town, &place.agent, bead),
    });
    match looked {
        Err(reason @ git::Error::Occupied { .. }) => Ok(Some(reason)),
        looked => Ok(looked.map(|()| None)?),
    }
}

/// The same for every attempt: a polecat that gets its bead back goes on in the
/// worktree it had.
fn marker(town: &Town, agent: &Address, bead: &Id) -> String {
    let store = town.store.located().beads.display();
    format!("store: {store}\nagent: {agent}\nbead: {bead}\n")
}

/// Where the branch is, or begins. One that is gone while its worktree is known
/// is brought back where that was last.
fn tip_of(town: &Town, name: &str, branch: &BranchName, minted: &str) -> Result<Oid, Error> {
    let git = town.git();
    if let Some(there) = refs::resolve(&git, &branch.full_ref())? {
        return Ok(there);
    }
    let minted = Oid::parse(minted)?;
    let all = worktree::list(town.common())?;
    let Some(own) = all.into_iter().find(|it| it.name == name) else {
        return Ok(minted);
    };
    let tip = last_commit(town, &own)?.unwrap_or(minted);
    refs::create_branch(&git, branch, &tip)?;
    Ok(tip)
}

/// The commit that a worktree had last, if it is still there.
pub(crate) fn last_commit(town: &Town, own: &worktree::Ours) -> Result<Option<Oid>, Error> {
    let Some(last) = own.last_commit()? else {
        return Ok(None);
    };
    Ok(refs::resolve(&town.git(), last.as_str())?)
}
