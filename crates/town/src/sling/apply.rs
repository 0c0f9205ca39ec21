//! Doing what was decided.

use super::{Action, Batch, Place, Plan, Slung, Step, Target, make_worktree, undo};
use crate::error::Error;
use crate::session::Session;
use crate::ticket::{self, Ground};
use crate::work::{self, Work};
use crate::worker::{self, Started};
use crate::{Town, convoy, escalation, life, resume};
use model::{Address, Bead, Hook, Id, Parked, Status, Ticket, Time};

/// Does what was planned: the convoy first, then bead by bead. Stops at the
/// first that fails; what was slung before stays slung.
pub fn apply(town: &Town, plan: &Plan, tell: &mut dyn FnMut(&Slung)) -> Result<Batch, Error> {
    let mut batch = Batch::default();
    if let Some(title) = &plan.convoy {
        let ids: Vec<Id> = plan.steps.iter().map(|step| step.bead.id.clone()).collect();
        batch.convoy = Some(convoy::create(town, &convoy::New::batch(title, &ids))?);
    }
    for step in &plan.steps {
        let slung = apply_step(town, plan, step)?;
        tell(&slung);
        batch.slung.push(slung);
    }
    Ok(batch)
}

fn apply_step(town: &Town, plan: &Plan, step: &Step) -> Result<Slung, Error> {
    match &step.action {
        Action::Nothing(agent) => unchanged(town, step, agent, None),
        Action::Restart(agent) => {
            let worker = if plan.request.spawn {
                Some(restart(town, agent)?)
            } else {
                None
            };
            unchanged(town, step, agent, worker)
        }
        Action::Hook(agent) => {
            let bead = hook(town, plan, step, agent, None)?;
            Ok(Slung {
                bead,
                agent: agent.clone(),
                place: None,
                worker: None,
                changed: true,
            })
        }
        Action::Polecat(place) => polecat(town, plan, step, place),
    }
}

/// It is on this hook already; a sling that was killed may have left its
/// convoys behind.
fn unchanged(
    town: &Town,
    step: &Step,
    agent: &Address,
    worker: Option<Started>,
) -> Result<Slung, Error> {
    convoy::refresh(town, std::slice::from_ref(&step.bead.id))?;
    Ok(Slung {
        bead: step.bead.clone(),
        agent: agent.clone(),
        place: None,
        worker,
        changed: false,
    })
}

/// Starts the worker of a hook again, in the worktree it had.
pub(crate) fn restart(town: &Town, agent: &Address) -> Result<Started, Error> {
    if let Some(ticket) = town.store.read::<Ticket>(agent)? {
        make_worktree(town, &ticket)?;
    }
    worker::start(town, agent)
}

fn polecat(town: &Town, plan: &Plan, step: &Step, place: &Place) -> Result<Slung, Error> {
    let (bead, place) = hook_polecat(town, plan, step, place)?;
    let mut slung = Slung {
        bead,
        agent: place.agent.clone(),
        place: Some(place.clone()),
        worker: None,
        changed: true,
    };
    if !plan.request.spawn {
        return Ok(slung);
    }
    let ticket = town.store.read::<Ticket>(&place.agent)?;
    if let Some(ticket) = ticket.filter(|ticket| ticket.bead == slung.bead.id)
        && let Err(error) = make_worktree(town, &ticket)
    {
        // What stood in the way of the worktree is what can be mended; a bead
        // that stays on the hook is slung there again.
        let _ = undo::undo(town, &step.bead, &ticket);
        return Err(error);
    }
    slung.worker = Some(start(town, &slung)?);
    Ok(slung)
}

/// A watcher may have started the worker before, and the worker may have ended
/// its work, or asked: the sling went well all the same.
fn start(town: &Town, slung: &Slung) -> Result<Started, Error> {
    let started = worker::start_first(town, &slung.agent);
    let Err(error) = started else {
        return started;
    };
    let was_begun = |session: &Session| {
        let of = (&session.bead, session.attempt);
        of == (&slung.bead.id, slung.bead.attempt) && session.process.is_some()
    };
    let session = worker::session(town, &slung.agent)?.filter(was_begun);
    session.map(Started::AlreadyRunning).ok_or(error)
}

/// Another sling may have taken the name from the pool meanwhile; then the
/// next one is taken.
fn hook_polecat(
    town: &Town,
    plan: &Plan,
    step: &Step,
    place: &Place,
) -> Result<(Bead, Place), Error> {
    let mut place = place.clone();
    loop {
        match hook(town, plan, step, &place.agent, Some(&place)) {
            Err(Error::HookTaken { .. }) if plan.request.target == Target::Rig(None) => {
                place = super::pool::renamed(town, &step.bead, &place)?;
            }
            result => return Ok((result?, place)),
        }
    }
}

/// Ticket, bead, hook: durable one after the other, with both locks held.
fn hook(
    town: &Town,
    plan: &Plan,
    step: &Step,
    agent: &Address,
    place: Option<&Place>,
) -> Result<Bead, Error> {
    let ground = Ground {
        worktree: place.map(|place| place.worktree.display().to_string()),
        base: place.map(|place| place.base.clone()),
        tip: place.map(|place| place.tip.clone()),
        spawn: place.is_some(),
        session: place.and(plan.request.session),
    };
    let new = NewHook {
        agent,
        branch: place.map(|place| place.branch.as_str()),
        runtime: place.map(|place| place.runtime.as_str()),
        target: &plan.target,
        instructions: plan.request.instructions.as_deref(),
    };
    write(town, &step.bead, &new, &ground)
}

/// Puts a bead on the actor's own hook, in the worktree and on the branch that
/// the command runs in.
pub fn hook_here(
    town: &Town,
    plan: &Plan,
    step: &Step,
    agent: &Address,
    branch: Option<&str>,
    ground: &Ground,
) -> Result<Bead, Error> {
    let new = NewHook {
        agent,
        branch,
        runtime: None,
        target: &plan.target,
        instructions: plan.request.instructions.as_deref(),
    };
    write(town, &step.bead, &new, ground)
}

struct NewHook<'a> {
    agent: &'a Address,
    branch: Option<&'a str>,
    runtime: Option<&'a str>,
    target: &'a str,
    instructions: Option<&'a str>,
}

fn write(town: &Town, planned: &Bead, new: &NewHook<'_>, ground: &Ground) -> Result<Bead, Error> {
    let host = town.host()?;
    part(town, planned, new.agent)?;
    let work = work::lock(town, &planned.id, Some(new.agent))?;
    check_unchanged(planned, &work)?;
    life::tell_other_worktree(town, &work.bead, false)?;
    check_hook_is_free(town, new.agent, &planned.id)?;
    let now = town.now();
    let before = work.bead.clone();
    let loser = before
        .agent()
        .filter(|agent| agent != new.agent && work.is_held());
    let mut bead = before.clone();
    bead.attempt = work
        .locked
        .next_attempt(&bead, &new.agent.to_string(), &now)?;
    let hook = compose(town, &bead, new, host, &now);
    bead.assignee = Some(new.agent.to_string());
    // The branch that work lands on keeps nobody's unfinished work.
    let own_branch = new.branch.filter(|branch| *branch != new.target);
    bead.branch = own_branch.map(str::to_owned).or(bead.branch);
    bead.move_to(Status::Hooked, &now);
    escalation::withdraw(&before, &mut bead, town.actor.name(), &now);
    let waited = work.waits().cloned();
    let ticket = ticket::mint(town, &hook, ground);
    if loser.is_some() {
        work.begin_to_end(&Status::Hooked)?;
    }
    if let Err(error) = save(&work, &ticket, &bead, &hook) {
        // As far as the disk allows; what it does not is completed later.
        let _ = take_back(&work, &before, &ticket);
        let minted = town.store.read::<Ticket>(new.agent);
        let goes_on = |minted: Option<Ticket>| minted.is_none_or(|it| it.nonce != ticket.nonce);
        if loser.is_some() && minted.is_ok_and(goes_on) {
            work.go_on(town);
        }
        return Err(error);
    }
    let orphan = loser.as_ref().map(|agent| worker::of(town, agent));
    if let Some(loser) = &loser {
        work.retire(loser)?;
    }
    drop(work);
    let orphan = orphan.transpose()?.flatten();
    after(town, &before, orphan.as_ref(), waited.as_ref())?;
    Ok(bead)
}

/// An agent that begins anew on a bead which it has parked: the process that did
/// may still be saying goodbye.
fn part(town: &Town, bead: &Bead, agent: &Address) -> Result<(), Error> {
    let hook = town.store.read::<Hook>(agent)?;
    match hook.filter(|it| it.bead == bead.id && it.parked.is_some()) {
        Some(hook) if agent.is_spawned() => resume::stop_parked(town, &hook).map(drop),
        _ => Ok(()),
    }
}

/// Each durable before the next.
fn save(work: &Work<'_>, ticket: &Ticket, bead: &Bead, hook: &Hook) -> Result<(), Error> {
    work.locked.save(ticket)?;
    work.locked.save(bead)?;
    // Exactly the bytes that the ticket covers, also where another's hook lay.
    work.locked.write_text::<Hook>(&hook.agent, &ticket.hook)?;
    Ok(())
}

/// The same in reverse, for a bead that nobody had before.
fn take_back(work: &Work<'_>, before: &Bead, ticket: &Ticket) -> Result<(), Error> {
    if before.status.is_on_a_hook() {
        return Ok(());
    }
    // A store that is read-only refuses to remove what is not there.
    let hook = work.locked.store().read::<Hook>(&ticket.agent)?;
    if hook.is_some_and(|hook| hook.nonce == ticket.nonce) {
        work.locked.remove::<Hook>(&ticket.agent)?;
    }
    work.locked.save(before)?;
    work.locked.remove::<Ticket>(&ticket.agent)?;
    Ok(())
}

/// What follows once the locks are free: the worker that lost the bead is
/// stopped, the gate it waited for is closed, a merge request of an earlier
/// attempt is superseded, convoys see it.
fn after(
    town: &Town,
    before: &Bead,
    orphan: Option<&Session>,
    waited: Option<&Parked>,
) -> Result<(), Error> {
    if let Some(session) = orphan {
        worker::stop(town, session)?;
    }
    if let Some(parked) = waited {
        resume::withdraw(town, &before.id, &parked.on)?;
    }
    if before.status == Status::Completed {
        crate::merge_request::supersede(town, &before.id, before.attempt)?;
    }
    convoy::refresh(town, std::slice::from_ref(&before.id))?;
    Ok(())
}

/// Between the decision and the lock somebody else may have been there.
fn check_unchanged(planned: &Bead, work: &Work<'_>) -> Result<(), Error> {
    let now = &work.bead;
    if (now.status.clone(), now.attempt, &now.assignee)
        == (planned.status.clone(), planned.attempt, &planned.assignee)
    {
        return Ok(());
    }
    Err(Error::refused(
        format!(
            "{} changed meanwhile: it is {} (attempt {}, assigned to {})",
            now.id,
            now.status,
            now.attempt,
            now.assignee.as_deref().unwrap_or("nobody")
        ),
        "repeat the command if it should still be slung",
    ))
}

fn check_hook_is_free(town: &Town, agent: &Address, bead: &Id) -> Result<(), Error> {
    let hook = town.store.read::<Hook>(agent)?.map(|hook| hook.bead);
    let ticket = town.store.read::<Ticket>(agent)?.map(|ticket| ticket.bead);
    match [hook, ticket]
        .into_iter()
        .flatten()
        .find(|other| other != bead)
    {
        None => Ok(()),
        Some(other) => Err(Error::HookTaken {
            agent: agent.clone(),
            by: other,
        }),
    }
}

fn compose(town: &Town, bead: &Bead, new: &NewHook<'_>, host: String, now: &Time) -> Hook {
    Hook {
        agent: new.agent.clone(),
        bead: bead.id.clone(),
        title: bead.title.clone(),
        attempt: bead.attempt,
        nonce: town.nonce(),
        host,
        runtime: new.runtime.map(str::to_owned),
        branch: new.branch.map(str::to_owned),
        target: Some(new.target.to_owned()),
        instructions: new.instructions.map(str::to_owned),
        molecule: None,
        what_to_do: Some(what_to_do(&bead.id, new.branch)),
        step: None,
        parked: None,
        hooked_at: now.clone(),
        hooked_by: town.actor.name().to_owned(),
        extra: Vec::new(),
    }
}

fn what_to_do(bead: &Id, branch: Option<&str>) -> String {
    let place = branch.map_or_else(
        || "2. Work where you are; commit as you go.".to_owned(),
        |branch| format!("2. Work in this worktree, on branch {branch}; commit as you go."),
    );
    format!(
        "1. `bd show {bead}` has the whole description.\n{place}\n3. End with `gt done`, or `gt done --no-mr` if no file had to change."
    )
}
