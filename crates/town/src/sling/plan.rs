//! Deciding what a sling does, and refusing what it cannot. Writes nothing.

use super::{Action, Place, Plan, Request, Step, Target, blockers};
use crate::Town;
use crate::error::Error;
use crate::{place, worker};
use git::{BranchName, Oid};
use model::{Address, Bead, Class, Event, Hook, Id, Status, Ticket, transition};
use std::collections::BTreeSet;

/// What `request` would do.
pub fn plan(town: &Town, request: Request) -> Result<Plan, Error> {
    check_batch(town, &request)?;
    let target = BranchName::parse(&town.config().target)?;
    let mut taken = taken_names(town)?;
    let mut steps = Vec::new();
    for id in &request.beads {
        let bead = town.store.bead(id)?;
        let action = action(town, &request, &bead, &target, &mut taken)?;
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
    taken: &mut BTreeSet<String>,
) -> Result<Action, Error> {
    let wanted = wanted(town, &request.target)?;
    let holder = holder(town, bead)?;
    if let Some((agent, alive)) = &holder {
        let is_same = wanted.as_ref().is_none_or(|wanted| wanted == agent);
        if is_same && (wanted.is_some() || !(request.forced && *alive)) {
            return same_hook(town, bead, agent, *alive, wanted.is_some());
        }
        if *alive && !request.forced {
            return Err(Error::refused(
                format!("{} is on the hook of {agent}, who works on it", bead.id),
                format!("`gt release {}` takes it away; --force moves it", bead.id),
            ));
        }
    }
    let taken_over = holder.is_some_and(|(agent, alive)| !alive && agent.is_spawned());
    let event = Event::Sling {
        forced: request.forced || taken_over,
    };
    transition(&bead.status, &event).map_err(|refusal| Error::refusal(&bead.id, refusal))?;
    check_free(town, request, bead)?;
    match wanted {
        Some(agent @ Address::Polecat { .. }) => polecat(town, request, bead, target, agent),
        Some(agent) => Ok(Action::Hook(free_hook(town, agent, &bead.id)?)),
        None => {
            let name = agent::names::pick(taken, 0);
            taken.insert(name.clone());
            polecat(
                town,
                request,
                bead,
                target,
                Address::Polecat {
                    rig: town.rig().to_owned(),
                    name,
                },
            )
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

/// Whose hook holds the bead in this clone, and whether its worker runs.
fn holder(town: &Town, bead: &Bead) -> Result<Option<(Address, bool)>, Error> {
    let Some(agent) = bead.agent().filter(|_| bead.status.is_on_a_hook()) else {
        return Ok(None);
    };
    let ticket = town.store.read::<Ticket>(&agent)?;
    if ticket.is_none_or(|ticket| ticket.bead != bead.id || ticket.attempt != bead.attempt) {
        return Ok(None);
    }
    // People have no process; nobody takes their work for dead.
    let alive = !agent.is_spawned() || worker::is_alive(town, &agent)?;
    Ok(Some((agent, alive)))
}

fn same_hook(
    town: &Town,
    bead: &Bead,
    agent: &Address,
    alive: bool,
    named: bool,
) -> Result<Action, Error> {
    let parked = town.store.read::<Hook>(agent)?.and_then(|hook| hook.parked);
    if let Some(parked) = parked {
        return Err(Error::refused(
            format!(
                "{} is on the hook of {agent}, parked: it waits for {} ({})",
                bead.id, parked.on, parked.reason
            ),
            format!(
                "`gt resume {0}` lets it go on; `gt release {0}` takes it away",
                bead.id
            ),
        ));
    }
    if alive && !named {
        return Err(Error::refused(
            format!("{} is on the hook of {agent}, who works on it", bead.id),
            format!("`gt release {}` takes it away; --force moves it", bead.id),
        ));
    }
    Ok(if alive || !agent.is_spawned() {
        Action::Nothing(agent.clone())
    } else {
        Action::Restart(agent.clone())
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

fn polecat(
    town: &Town,
    request: &Request,
    bead: &Bead,
    target: &BranchName,
    agent: Address,
) -> Result<Action, Error> {
    let agent = free_hook(town, agent, &bead.id)?;
    let runtime = request
        .runtime
        .clone()
        .unwrap_or(town.user()?.default_runtime().to_owned());
    if request.spawn {
        worker::check_runtime(town, &runtime)?;
    }
    git::version::check()?;
    let base = target_tip(town, target)?;
    place_for(town, bead, agent, &base, runtime).map(Action::Polecat)
}

/// The same place under the next free name.
pub(super) fn renamed(town: &Town, bead: &Bead, place: &Place) -> Result<Place, Error> {
    let from = agent::names::POOL.len();
    let name = agent::names::pick(&taken_names(town)?, fastrand::usize(..from));
    let agent = Address::Polecat {
        rig: town.rig().to_owned(),
        name,
    };
    place_for(
        town,
        bead,
        agent,
        &Oid::parse(&place.base)?,
        place.runtime.clone(),
    )
}

fn place_for(
    town: &Town,
    bead: &Bead,
    agent: Address,
    base: &Oid,
    runtime: String,
) -> Result<Place, Error> {
    let branch = BranchName::parse(&format!("polecat/{}/{}", agent.name(), bead.id))?;
    let tip = begin_at(town, bead, &branch)?.unwrap_or_else(|| base.clone());
    Ok(Place {
        worktree: place::worktree_base(town)?.join(agent.name()),
        branch: branch.to_string(),
        tip: tip.to_string(),
        base: base.to_string(),
        agent,
        runtime,
    })
}

/// The commit that work on the target begins at: the remote's, where there is
/// one, so that nobody's unpushed commits travel along.
pub(crate) fn target_tip(town: &Town, target: &BranchName) -> Result<Oid, Error> {
    let git = town.git();
    let remote = format!("refs/remotes/{}/{target}", town.config().remote);
    for reference in [remote, target.full_ref()] {
        if let Some(oid) = git::refs::resolve(&git, &reference)? {
            return Ok(oid);
        }
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

/// Where the work was put down: this branch, or the one the bead names.
fn begin_at(town: &Town, bead: &Bead, branch: &BranchName) -> Result<Option<Oid>, Error> {
    let kept = bead.branch.as_deref().map(BranchName::parse).transpose()?;
    for branch in [Some(branch.clone()), kept].into_iter().flatten() {
        let remote = format!("refs/remotes/{}/{branch}", town.config().remote);
        for reference in [branch.full_ref(), remote] {
            if let Some(oid) = git::refs::resolve(&town.git(), &reference)? {
                return Ok(Some(oid));
            }
        }
    }
    Ok(None)
}

/// Names in use: whoever has a hook, a ticket or a worktree.
fn taken_names(town: &Town) -> Result<BTreeSet<String>, Error> {
    let hooks = town
        .store
        .hooks()?
        .records
        .into_iter()
        .map(|hook| hook.agent);
    let tickets = town
        .store
        .tickets()?
        .records
        .into_iter()
        .map(|ticket| ticket.agent);
    let mut names: BTreeSet<String> = hooks
        .chain(tickets)
        .map(|agent| agent.name().to_owned())
        .collect();
    names.extend(
        git::worktree::list(town.common())?
            .into_iter()
            .map(|tree| tree.name),
    );
    Ok(names)
}

fn join(ids: &[Id]) -> String {
    ids.iter().map(Id::to_string).collect::<Vec<_>>().join(" ")
}
