//! Deciding what a sling does, and refusing what it cannot. Writes nothing.

use super::holder::{Doing, Holder, holder};
use super::pool::{self, InUse};
use super::{Action, Plan, Request, Step, Target, blockers};
use crate::Town;
use crate::error::Error;
use crate::refinery::rounds;
use crate::{life, work};
use git::BranchName;
use model::{Address, Bead, Event, Hook, Id, Status, transition};
use std::collections::BTreeSet;

/// What `request` would do.
pub fn plan(town: &Town, request: Request) -> Result<Plan, Error> {
    town.check_attempt()?;
    check_batch(town, &request)?;
    let target = BranchName::parse(&town.config().target)?;
    let mut in_use = InUse::new(town)?;
    let mut steps = Vec::new();
    for id in &request.beads {
        let bead = town.store.bead(id)?;
        let action = action(town, &request, &bead, &target, &mut in_use)?;
        steps.push(Step { bead, action });
    }
    let wants_convoy = request.convoy.unwrap_or(request.beads.len() > 1);
    let convoy = wants_convoy.then(|| title(&request, &steps));
    Ok(Plan {
        steps,
        target: target.to_string(),
        convoy,
        request,
    })
}

fn check_batch(town: &Town, request: &Request) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = request.beads.iter().find(|id| !seen.insert(*id)) {
        return Err(Error::usage(
            format!("{twice} is named twice"),
            "name each bead once",
        ));
    }
    if request.beads.len() > 1 && request.target != Target::Rig(None) {
        let rig = town.rig();
        return Err(Error::usage(
            "several beads need a rig as target, which gives each a polecat of its own",
            format!("`gt sling {} {rig}`", join(&request.beads)),
        ));
    }
    Ok(())
}

fn title(request: &Request, steps: &[Step]) -> String {
    let first = || {
        steps
            .first()
            .map(|step| step.bead.title.clone())
            .unwrap_or_default()
    };
    request.title.clone().unwrap_or_else(|| match steps.len() {
        0 | 1 => first(),
        more => format!("{} and {} more", first(), more - 1),
    })
}

fn action(
    town: &Town,
    request: &Request,
    bead: &Bead,
    target: &BranchName,
    in_use: &mut InUse,
) -> Result<Action, Error> {
    let mut wanted = wanted(town, &request.target)?;
    let mut forced = request.forced;
    if let Some(outlived) = work::outlived(town, bead)? {
        return Err(outlived.error(town));
    }
    // Not even by force: whoever works on it there would not be stopped.
    life::tell_other_worktree(town, bead, false)?;
    if let Some(holder) = holder(town, bead)? {
        match whither(request, &holder, wanted.as_ref()) {
            Whither::Same { named } => {
                if let Some(action) = holder.same_hook(request, named)? {
                    return Ok(action);
                }
                wanted = Some(holder.agent);
            }
            Whither::Another => holder.check_may_go(town, request)?,
        }
        forced = true;
    }
    transition(&bead.status, &Event::Sling { forced })
        .map_err(|refusal| claimed(bead).unwrap_or_else(|| Error::refusal(&bead.id, refusal)))?;
    check_free(town, request, bead)?;
    let agent = wanted
        .map(|agent| free_hook(town, agent, &bead.id))
        .transpose()?;
    match agent {
        Some(agent) if !matches!(agent, Address::Polecat { .. }) => Ok(Action::Hook(agent)),
        agent => {
            if !request.forced {
                rounds::check(town, bead)?;
            }
            pool::place(town, request, bead, target, agent, in_use).map(Action::Polecat)
        }
    }
}

/// The agent that the target names, if it names one.
fn wanted(town: &Town, target: &Target) -> Result<Option<Address>, Error> {
    match target {
        Target::Own => town.actor.address().cloned().map(Some).ok_or_else(|| {
            Error::usage(
                format!("{} has no hook: only agents' addresses have", town.actor),
                "name a target, or set GT_AGENT",
            )
        }),
        Target::Rig(Some(name)) => Ok(Some(Address::Polecat {
            rig: town.rig().to_owned(),
            name: name.clone(),
        })),
        Target::Rig(None) => Ok(None),
        Target::Agent(agent) => Ok(Some(agent.clone())),
    }
}

/// Whose hook a bead goes to that is on one.
enum Whither {
    Same { named: bool },
    Another,
}

/// Without another name it stays where it is, unless it is taken by force from
/// whoever works on it, or waits.
fn whither(request: &Request, holder: &Holder, wanted: Option<&Address>) -> Whither {
    let is_idle = matches!(holder.doing, Doing::Queued | Doing::Stopped);
    match wanted {
        Some(agent) if *agent == holder.agent => Whither::Same { named: true },
        None if is_idle || !request.forced => Whither::Same { named: false },
        _ => Whither::Another,
    }
}

/// A bead that somebody has whom this clone has no ticket for.
fn claimed(bead: &Bead) -> Option<Error> {
    let who = bead.assignee.as_deref()?;
    bead.status.is_on_a_hook().then(|| {
        Error::refused(
            format!("{} is {}: {who} has it", bead.id, bead.status),
            format!(
                "`gt show {}` says more; --force takes it from them",
                bead.id
            ),
        )
    })
}

fn check_free(town: &Town, request: &Request, bead: &Bead) -> Result<(), Error> {
    let claimed = bead
        .assignee
        .as_deref()
        .filter(|_| bead.status == Status::Open);
    if let Some(other) =
        claimed.filter(|who| !request.forced && bead.agent().is_none() && !town.actor.is(Some(who)))
    {
        return Err(Error::refused(
            format!("{} is assigned to {other}", bead.id),
            "--force takes it from them",
        ));
    }
    let blockers = blockers(town, bead)?;
    if blockers.is_empty() || request.forced {
        return Ok(());
    }
    Err(Error::refused(
        format!("{} is blocked by {}", bead.id, join(&blockers)),
        format!(
            "sling what blocks it first (`bd ready` lists what can begin), or use --force; `bd dep tree {}` shows why",
            bead.id
        ),
    ))
}

fn free_hook(town: &Town, agent: Address, bead: &Id) -> Result<Address, Error> {
    match town
        .store
        .read::<Hook>(&agent)?
        .filter(|hook| hook.bead != *bead)
    {
        None => Ok(agent),
        Some(hook) => Err(Error::refused(
            format!("the hook of {agent} holds {} ({})", hook.bead, hook.title),
            format!(
                "end that first (`gt done`), or take it off: `gt unsling {}`",
                hook.bead
            ),
        )),
    }
}

fn join(ids: &[Id]) -> String {
    ids.iter().map(Id::to_string).collect::<Vec<_>>().join(" ")
}
