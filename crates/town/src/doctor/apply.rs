//! Applying one repair, under the locks of what it changes, if it still is one.

use super::around::Around;
use super::clone::COMPANIONS;
use super::facts::Held;
use super::plan::{is_forgotten, is_left_behind, is_over, must_stop, tree};
use super::processes::{self, Carrier};
use super::{Fix, locks, trees};
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
        Fix::CloseGate { gate, bead } => resume::withdraw(town, bead, gate),
        Fix::Tell(bead) => escalation::tell(town, &town.store.bead(bead)?).map(drop),
        Fix::StopWorker(session) => stop_worker(town, session),
        Fix::StopProcess(process) => stop_process(town, process),
        Fix::HandOff(agent) => handoff::complete(town, agent).map(drop),
        Fix::RemoveSession(agent) => remove_session(town, agent),
        Fix::RemoveTemporary(path) => Ok(town.store.remove_temporary(path).map(drop)?),
        Fix::RefreshConvoy(_) => convoy::check(town)?.complete(),
        Fix::Land(bead) => land(town, bead),
        Fix::JudgeRequest(id) => refinery::conclude(town, id),
        Fix::FileRequest(bead) => file_request(town, bead),
        Fix::RestoreBranch { bead, branch, head } => restore_branch(town, bead, branch, head),
        Fix::RecoverLanding => recover_landing(town),
        Fix::RepairWorktrees => Ok(git::worktree::repair(town.common()).map(drop)?),
        Fix::CompleteWorktree(agent) => complete_worktree(town, agent),
        Fix::RemoveWorktree(name) => remove_worktree(town, name),
        Fix::RemoveLanded(leftover) => match refinery::remove_now(town, leftover)? {
            Some(reason) => Err(Error::new(Class::Refused, reason)),
            None => Ok(()),
        },
        Fix::RemoveLock(lock) => locks::remove(town, lock),
        Fix::StopGates => refinery::stop_stray_gates(town),
        Fix::LinkCommon(file) => git::worktree::link_common(file).map_err(Into::into),
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
    let agent = town.store.bead(bead)?.agent();
    let hook = agent
        .map(|agent| town.store.read::<Hook>(&agent))
        .transpose()?;
    // Decided about the hook as it was read before: what it waits for later is not
    // what is due.
    if !resume::due(town, town.now().timestamp())?.contains(bead) {
        return Ok(());
    }
    if let Some(hook) = hook.flatten().filter(|hook| hook.bead == *bead)
        && let Some(parked) = &hook.parked
    {
        resume::open(town, &parked.on)?;
        resume::unpark(town, &hook)?;
        convoy::refresh(town, std::slice::from_ref(bead))?;
    }
    Ok(())
}

fn remove_session(town: &Town, agent: &Address) -> Result<(), Error> {
    let locked = town.store.lock(&[Lock::hook(agent)])?;
    let Some(session) = worker::session(town, agent)? else {
        return Ok(());
    };
    if is_forgotten(&Around::read(town, agent, &session.bead, session.attempt)?) {
        locked.remove::<Session>(agent)?;
    }
    Ok(())
}

/// Exactly the process that was judged, if it would be judged so again: nothing is
/// started while the lock is held.
fn stop_worker(town: &Town, judged: &Session) -> Result<(), Error> {
    let agent = &judged.agent;
    let _locked = town.store.lock(&[Lock::hook(agent)])?;
    let around = Around::read(town, agent, &judged.bead, judged.attempt)?;
    let is_same = |it: &Session| (&it.nonce, &it.process) == (&judged.nonce, &judged.process);
    match around.session.as_ref().map(|it| &it.session) {
        Some(session) if is_same(session) && must_stop(&around).is_some() => {
            worker::stop(town, session).map(drop)
        }
        _ => Ok(()),
    }
}

/// The same for a process that was left behind.
fn stop_process(town: &Town, judged: &Carrier) -> Result<(), Error> {
    let agent = &judged.agent;
    let _locked = town.store.lock(&[Lock::hook(agent)])?;
    let around = Around::read(town, agent, &judged.bead, judged.attempt)?;
    match processes::again(town, judged)? {
        Some(now) if is_left_behind(&around, &now) => process::stop(&now.process, GRACE)
            .map(drop)
            .map_err(|error| Error::new(Class::Environment, error.to_string())),
        _ => Ok(()),
    }
}

/// Taken off git's list, if that would be decided again: a sling may be making it.
fn remove_worktree(town: &Town, name: &str) -> Result<(), Error> {
    let trees = git::worktree::list(town.common())?;
    let own = trees.iter().find(|it| it.name == name);
    let agent = own.and_then(trees::agent);
    let locks: Vec<Lock> = agent.iter().map(Lock::hook).collect();
    let _locked = town.store.lock(&locks)?;
    let held = agent.map(|it| Held::read(town, &it)).transpose()?.flatten();
    let held: Vec<Held> = held.into_iter().collect();
    let found = trees::gather(town, &held)?;
    let remove = Some(Fix::RemoveWorktree(name.to_owned()));
    if found
        .iter()
        .any(|it| it.name == name && tree(it, |_| String::new()).fix == remove)
    {
        git::worktree::remove(town.common(), name, false)?;
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

/// Creates it only: one that somebody made meanwhile stays as it is, and that of work
/// that has landed meanwhile stays gone.
fn restore_branch(town: &Town, id: &Id, branch: &str, head: &str) -> Result<(), Error> {
    let _locked = town.store.lock(&[Lock::bead(id)])?;
    let bead = town.store.bead(id)?;
    if bead.status != Status::Completed || bead.branch.as_deref() != Some(branch) {
        return Ok(());
    }
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
