//! Applying one repair, under the locks of what it changes, if it still is one.

use super::clone::COMPANIONS;
use super::plan::is_over;
use super::{Fix, locks};
use crate::error::Error;
use crate::session::Session;
use crate::{
    Town, convoy, escalation, handoff, merge_request, refinery, resume, sling, work, worker,
};
use agent::process;
use git::{BranchName, Oid, refs};
use model::{Address, Bead, Class, Event, Hook, Id, Status, Ticket, transition};
use std::time::Duration;
use store::Lock;
use store::tree::Content;

/// How long a process that is asked to stop may take before it is killed.
const GRACE: Duration = Duration::from_secs(2);

pub(super) fn apply(town: &Town, fix: &Fix) -> Result<(), Error> {
    match fix {
        Fix::Settle { agent, bead } => settle(town, agent, bead),
        Fix::RemoveHook(agent) => remove_hook(town, agent),
        Fix::Unpark(bead) => unpark(town, bead),
        Fix::Tell(bead) => escalation::tell(town, &town.store.bead(bead)?).map(drop),
        Fix::StopWorker(agent) => worker::stop(town, agent).map(drop),
        Fix::StopProcess(process) => process::stop(process, GRACE)
            .map(drop)
            .map_err(|error| Error::new(Class::Environment, error.to_string())),
        Fix::HandOff(agent) => handoff::complete(town, agent).map(drop),
        Fix::RemoveSession(agent) => remove_session(town, agent),
        Fix::RemoveTemporary(path) => Ok(town.store.remove_temporary(path).map(drop)?),
        Fix::RefreshConvoy(_) => convoy::check(town).map(drop),
        Fix::Land(bead) => land(town, bead),
        Fix::JudgeRequest(id) => refinery::conclude(town, id),
        Fix::FileRequest(bead) => file_request(town, bead),
        Fix::RestoreBranch { branch, head, .. } => restore_branch(town, branch, head),
        Fix::RecoverLanding => recover_landing(town),
        Fix::RepairWorktrees => Ok(git::worktree::repair(town.common()).map(drop)?),
        Fix::CompleteWorktree(agent) => complete_worktree(town, agent),
        Fix::RemoveWorktree(name) => Ok(git::worktree::remove(town.common(), name, false)?),
        Fix::RemoveLanded(leftover) => match refinery::remove_now(town, leftover)? {
            Some(reason) => Err(Error::new(Class::Refused, reason)),
            None => Ok(()),
        },
        Fix::RemoveLock(lock) => locks::remove(town, lock),
        Fix::CompleteStore => complete_store(town),
    }
}

fn settle(town: &Town, agent: &Address, bead: &Id) -> Result<(), Error> {
    let locked = town.store.lock(&[Lock::bead(bead), Lock::hook(agent)])?;
    work::repair(town, &locked, bead, agent)?;
    drop(locked);
    if town.store.has_bead(bead)? {
        convoy::refresh(town, std::slice::from_ref(bead))?;
    }
    Ok(())
}

fn remove_hook(town: &Town, agent: &Address) -> Result<(), Error> {
    let Some(hook) = town.store.read::<Hook>(agent)? else {
        return Ok(());
    };
    let locks = [Lock::bead(&hook.bead), Lock::hook(agent)];
    let locked = town.store.lock(&locks)?;
    let now = town.store.read::<Hook>(agent)?;
    let bead = town.store.read::<Bead>(&hook.bead)?;
    let is_same = now.as_ref() == Some(&hook);
    let has_ticket = town.store.read::<Ticket>(agent)?.is_some();
    if is_same && !has_ticket && bead.is_some_and(|bead| is_over(&bead, &hook)) {
        locked.remove::<Hook>(agent)?;
    }
    Ok(())
}

/// The hook may go on; whoever starts workers starts its.
fn unpark(town: &Town, bead: &Id) -> Result<(), Error> {
    if !resume::due(town, town.now().timestamp())?.contains(bead) {
        return Ok(());
    }
    let agent = town.store.bead(bead)?.agent();
    let hook = agent
        .map(|agent| town.store.read::<Hook>(&agent))
        .transpose()?;
    if let Some(parked) = hook.flatten().and_then(|hook| hook.parked) {
        resume::open(town, &parked.on)?;
        resume::unpark(town, bead)?;
        convoy::refresh(town, std::slice::from_ref(bead))?;
    }
    Ok(())
}

fn remove_session(town: &Town, agent: &Address) -> Result<(), Error> {
    let locked = town.store.lock(&[Lock::hook(agent)])?;
    let has_ticket = town.store.read::<Ticket>(agent)?.is_some();
    if !has_ticket && !worker::is_alive(town, agent)? {
        locked.remove::<Session>(agent)?;
    }
    Ok(())
}

fn land(town: &Town, id: &Id) -> Result<(), Error> {
    let locked = town.store.lock(&[Lock::bead(id)])?;
    let mut bead = town.store.bead(id)?;
    let request = town.store.read::<Bead>(&id.merge_request(bead.attempt))?;
    let commit = request.and_then(|it| it.merge_request?.merge_commit);
    let Some(commit) = commit.filter(|_| bead.status == Status::Completed) else {
        return Ok(());
    };
    let next =
        transition(&bead.status, &Event::Land).map_err(|refusal| Error::refusal(id, refusal))?;
    bead.move_to(next, &town.now());
    bead.close_reason = Some(format!("merged as {}", commit.get(..7).unwrap_or(&commit)));
    locked.save(&bead)?;
    drop(locked);
    convoy::refresh(town, std::slice::from_ref(id))?;
    Ok(())
}

/// With what this clone filed: only that is known to be what its worker did.
fn file_request(town: &Town, id: &Id) -> Result<(), Error> {
    let bead = town.store.bead(id)?;
    let request = id.merge_request(bead.attempt);
    let locked = town.store.lock(&[Lock::bead(id), Lock::bead(&request)])?;
    let bead = town.store.bead(id)?;
    let filed = merge_request::filed_here(town, id, bead.attempt)?;
    match filed.filter(|_| bead.status == Status::Completed) {
        Some(filed) => merge_request::file_again(town, &locked, &bead, filed),
        None => Ok(()),
    }
}

/// Creates it only: one that somebody made meanwhile stays as it is.
fn restore_branch(town: &Town, branch: &str, head: &str) -> Result<(), Error> {
    let branch = BranchName::parse(branch)?;
    refs::create_branch(&town.git(), &branch, &Oid::parse(head)?)?;
    Ok(())
}

fn recover_landing(town: &Town) -> Result<(), Error> {
    match git::land::recover(town.common()) {
        Ok(_) => Ok(()),
        Err(git::land::LandError::Git(error)) => Err(error.into()),
        Err(error) => Err(Error::new(Class::Refused, error.to_string())),
    }
}

fn complete_worktree(town: &Town, agent: &Address) -> Result<(), Error> {
    match town.store.read::<Ticket>(agent)? {
        Some(ticket) => sling::make_worktree(town, &ticket).map(drop),
        None => Ok(()),
    }
}

/// What is there stays; what is missing is added at the end.
fn complete_store(town: &Town) -> Result<(), Error> {
    let dir = town.store.tracked().make_dir(".")?;
    for (name, line) in COMPANIONS {
        let text = match dir.read(name, town.store.options().file_limit)? {
            Content::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Content::Missing => String::new(),
            _ => {
                let what = format!("{name} of the store is not an ordinary file");
                return Err(Error::refused(what, "replace it by one"));
            }
        };
        if text.lines().all(|it| it.trim() != line) {
            let gap = if text.is_empty() || text.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            dir.replace(name, format!("{text}{gap}{line}\n").as_bytes())?;
        }
    }
    Ok(())
}
