//! What landed work leaves behind: its worktree and branches.
//!
//! Only what `gt` made goes, only when all its commits are on the target as this
//! clone knows it, nothing in the worktree is uncommitted, and the worker's process
//! has ended. The branch goes last: while it is there, the next run completes the
//! rest. What the files of bead and merge request say makes a branch worth a look,
//! and never proves that it has landed: they come by git.

use super::evidence;
use super::queue::Request;
use super::report::{Report, Summary};
use crate::error::Error;
use crate::{Town, merge_request, worker};
use git::refs::{self, Updated};
use git::remote::{self, PushError};
use git::worktree::{self, Ours};
use git::{BranchName, Git, Oid};
use model::{Address, Bead, Id, Outcome};
use std::time::{Duration, Instant};

/// How long workers that have just finished may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// The branch of work that has landed.
#[derive(Debug, Clone, PartialEq)]
pub struct Leftover {
    /// The bead.
    pub bead: Id,
    /// Its worker.
    pub worker: Address,
    /// The branch.
    pub branch: BranchName,
    /// Where it is.
    pub tip: Oid,
    /// The merge request that brought it there, by its own word.
    pub request: Request,
}

/// The branches of work that has landed, by name.
pub fn leftovers(town: &Town) -> Result<Vec<Leftover>, Error> {
    let mut found = Vec::new();
    for (branch, tip) in refs::branches_matching(&town.git(), "polecat")? {
        found.extend(leftover(town, branch, tip)?);
    }
    Ok(found)
}

/// `polecat/<name>/<bead>`, if the bead was closed by landing.
fn leftover(town: &Town, branch: BranchName, tip: Oid) -> Result<Option<Leftover>, Error> {
    let Some((worker, bead)) = parts(town, &branch) else {
        return Ok(None);
    };
    // Unreadable is not closed: its branch stays.
    let read = |id: &Id| town.store.read::<Bead>(id).ok().flatten();
    let Some(source) = read(&bead).filter(|bead| bead.status.is_closed()) else {
        return Ok(None);
    };
    let request = read(&bead.merge_request(source.attempt)).and_then(Request::of);
    let is_merged = |it: &Request| it.merge.outcome == Some(Outcome::Merged);
    Ok(request.filter(is_merged).map(|request| Leftover {
        bead,
        worker,
        branch,
        tip,
        request,
    }))
}

fn parts(town: &Town, branch: &BranchName) -> Option<(Address, Id)> {
    let rest = branch.as_str().strip_prefix("polecat/")?;
    let (name, bead) = rest.split_once('/')?;
    let worker = Address::parse(&format!("{}/polecats/{name}", town.rig())).ok()?;
    Some((worker, Id::parse(bead).ok()?))
}

/// Removes what can go. What stays is told where it landed in this run.
pub(super) fn clean(
    town: &Town,
    summary: &Summary,
    tell: &mut dyn FnMut(&Report),
) -> Result<(), Error> {
    let deadline = Instant::now() + PATIENCE;
    for leftover in leftovers(town)? {
        let is_news = summary.has_landed(&leftover.bead);
        let deadline = if is_news { deadline } else { Instant::now() };
        let branch = leftover.branch.to_string();
        match remove(town, &leftover, deadline) {
            Ok(None) => tell(&Report::Removed { branch }),
            Ok(Some(reason)) if is_news => tell(&Report::Kept { branch, reason }),
            Ok(Some(_)) => {}
            Err(error) => {
                let reason = error.to_string();
                tell(&Report::Kept { branch, reason });
            }
        }
    }
    Ok(())
}

/// Removes worktree, remote branch and branch; says why if something stays.
fn remove(town: &Town, it: &Leftover, deadline: Instant) -> Result<Option<String>, Error> {
    let git = town.git();
    if !is_contained(town, it)? {
        return Ok(Some("it has commits that have not landed".to_owned()));
    }
    if !has_ended(town, &it.worker, deadline)? {
        return Ok(Some(format!("{} is still at work", it.worker)));
    }
    if let Some(reason) = remove_worktree(town, it)? {
        return Ok(Some(reason));
    }
    if let Some(path) = checked_out(&git, &it.branch)? {
        return Ok(Some(format!("it is checked out in {path}")));
    }
    if let Some(reason) = remove_remote(town, &git, it)? {
        return Ok(Some(reason));
    }
    match refs::delete_branch(&git, &it.branch, &it.tip)? {
        Updated::Done | Updated::Moved(None) => Ok(None),
        Updated::Moved(Some(_)) => Ok(Some("it has moved meanwhile".to_owned())),
    }
}

/// Whether every commit of the branch is on the target; or, where they were squashed,
/// in the head that this clone filed itself, whose landing is on the target.
fn is_contained(town: &Town, it: &Leftover) -> Result<bool, Error> {
    let git = town.git();
    let Some(target) = target_tip(town, it)? else {
        return Ok(false);
    };
    if refs::is_ancestor(&git, &it.tip, &target)? {
        return Ok(true);
    }
    let merge = &it.request.merge;
    let filed = merge_request::filed_here(town, &it.bead, it.request.attempt)?;
    let is_ours = filed.is_some_and(|it| it.head == merge.head && it.target == merge.target);
    let Some(head) = it.request.head_here(town)?.filter(|_| is_ours) else {
        return Ok(false);
    };
    Ok(refs::is_ancestor(&git, &it.tip, &head)?
        && evidence::landed(&git, &it.request, Some(&head), &target)?.is_some())
}

/// Where the target is, as far as this clone knows: the remote's, where there is one.
/// No branch of a polecat is anybody's target.
fn target_tip(town: &Town, it: &Leftover) -> Result<Option<Oid>, Error> {
    let (git, remote) = (town.git(), &town.config().remote);
    let target = BranchName::parse(&it.request.merge.target).ok();
    let Some(target) = target.filter(|target| parts(town, target).is_none()) else {
        return Ok(None);
    };
    let theirs = refs::resolve(&git, &format!("refs/remotes/{remote}/{target}"))?;
    match theirs {
        Some(tip) => Ok(Some(tip)),
        None => Ok(refs::resolve(&git, &target.full_ref())?),
    }
}

/// Whether all of a branch has landed, and its worker has ended.
pub(crate) fn can_remove(town: &Town, it: &Leftover) -> Result<bool, Error> {
    Ok(is_contained(town, it)? && has_ended(town, &it.worker, Instant::now())?)
}

/// Whether some work tree has a branch checked out.
pub(crate) fn is_checked_out(town: &Town, branch: &BranchName) -> Result<bool, Error> {
    Ok(checked_out(&town.git(), branch)?.is_some())
}

/// Removes a leftover as a run of the refinery would, while none is at work.
pub(crate) fn remove_now(town: &Town, it: &Leftover) -> Result<Option<String>, Error> {
    let _alone = super::alone(town)?;
    remove(town, it, Instant::now())
}

/// Waits for the worker's process until the deadline.
fn has_ended(town: &Town, agent: &Address, deadline: Instant) -> Result<bool, Error> {
    let session = worker::session(town, agent)?;
    let process = session.and_then(|it| it.process?.parse().ok());
    let Some(process) = process else {
        return Ok(true);
    };
    let time = deadline.saturating_duration_since(Instant::now());
    agent::process::wait_exit(&process, time).map_err(|error| {
        let message = format!("cannot wait for the process of {agent}: {error}");
        Error::new(model::Class::Environment, message)
    })
}

fn remove_worktree(town: &Town, it: &Leftover) -> Result<Option<String>, Error> {
    let is_its =
        |ours: &Ours| ours.name == it.worker.name() && ours.branch.as_ref() == Some(&it.branch);
    let Some(ours) = worktree::list(town.common())?.into_iter().find(is_its) else {
        return Ok(None);
    };
    match worktree::remove(town.common(), &ours.name, false) {
        Ok(()) => Ok(None),
        Err(error @ git::Error::Dirty { .. }) => Ok(Some(error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// The work tree that has a branch checked out, if one has.
fn checked_out(git: &Git, branch: &BranchName) -> Result<Option<String>, Error> {
    let reference = branch.full_ref();
    let args = ["for-each-ref", "--format=%(worktreepath)", "--", &reference];
    let answer = git.run("look where a branch is checked out", args)?;
    let path = String::from_utf8_lossy(&answer).trim().to_owned();
    Ok((!path.is_empty()).then_some(path))
}

/// A remote that cannot be reached is asked again by the next run; one that
/// says no has its way.
fn remove_remote(town: &Town, git: &Git, it: &Leftover) -> Result<Option<String>, Error> {
    let name = &town.config().remote;
    if !remote::has(git, name)? {
        return Ok(None);
    }
    match remote::delete_remote_branch(git, name, &it.branch, &it.tip) {
        Ok(_) | Err(PushError::Moved(_) | PushError::Rejected(_)) => Ok(None),
        Err(PushError::Git(error)) => Ok(Some(format!("{name} cannot be reached: {error}"))),
    }
}
