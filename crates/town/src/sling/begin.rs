//! Where work on a bead begins: at the target's tip, or where it was put down.

use super::Place;
use crate::Town;
use crate::error::Error;
use crate::place;
use git::{BranchName, Oid};
use model::{Address, Bead, Class};

/// The commit that work on the target begins at: the remote's, where there is
/// one, so that nobody's unpushed commits travel along.
pub(crate) fn target_tip(town: &Town, target: &BranchName) -> Result<Oid, Error> {
    let git = town.git();
    if let Some(oid) = tip_of(town, target, Side::RemoteFirst)? {
        return Ok(oid);
    }
    if git::refs::head_commit(&git)?.is_none() {
        let message = "this repository has no commit yet, so there is nothing to branch from";
        return Err(Error::refused(
            message,
            "make the first commit: `git commit --allow-empty -m 'Begin'`",
        ));
    }
    Err(Error::new(
        Class::Refused,
        format!("there is no branch `{target}`, which work is meant for"),
    )
    .with_hint("create it, or set `target` in .beads/config.yaml to the branch that work lands on"))
}

/// The place of an agent for a bead; none where its branch for the bead is of
/// an earlier attempt, and lacks what was done since.
pub(super) fn place_for(
    town: &Town,
    bead: &Bead,
    agent: Address,
    base: &Oid,
    runtime: &str,
) -> Result<Option<Place>, Error> {
    let branch = BranchName::parse(&format!("polecat/{}/{}", agent.name(), bead.id))?;
    let own = tip_of(town, &branch, Side::LocalFirst)?;
    let kept = kept(town, bead, &branch)?;
    if let (Some(own), Some(kept)) = (&own, &kept)
        && !git::refs::is_ancestor(&town.git(), kept, own)?
    {
        return Ok(None);
    }
    Ok(Some(Place {
        worktree: place::worktree_base(town)?.join(agent.name()),
        branch: branch.to_string(),
        tip: own.or(kept).unwrap_or_else(|| base.clone()).to_string(),
        base: base.to_string(),
        agent,
        runtime: runtime.to_owned(),
    }))
}

/// Where the work was put down, on another branch than this.
fn kept(town: &Town, bead: &Bead, own: &BranchName) -> Result<Option<Oid>, Error> {
    match bead.branch.as_deref().filter(|name| *name != own.as_str()) {
        Some(name) => tip_of(town, &BranchName::parse(name)?, Side::LocalFirst),
        None => Ok(None),
    }
}

/// Where a branch is, here or on the remote.
pub(crate) fn branch_tip(town: &Town, branch: &BranchName) -> Result<Option<Oid>, Error> {
    tip_of(town, branch, Side::LocalFirst)
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    LocalFirst,
    RemoteFirst,
}

fn tip_of(town: &Town, branch: &BranchName, side: Side) -> Result<Option<Oid>, Error> {
    let remote = format!("refs/remotes/{}/{branch}", town.config().remote);
    let mut references = [branch.full_ref(), remote];
    if side == Side::RemoteFirst {
        references.reverse();
    }
    for reference in references {
        if let Some(oid) = git::refs::resolve(&town.git(), &reference)? {
            return Ok(Some(oid));
        }
    }
    Ok(None)
}
