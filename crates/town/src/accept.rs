//! A hook that came by git or by hand, accepted: from then on it may run here.
//!
//! Promises: nothing runs for such a hook before a person accepted it, and then
//! as a new attempt of this clone: whoever began it elsewhere can no longer end
//! it. Of the hook only the bead, the runtime's name and the instructions are
//! taken over; branch, worktree and everything else are this clone's own.
//!
//! Never: starts a process, or takes a hook or a bead that somebody here has.

use crate::error::Error;
use crate::hooking::{self, OnHook};
use crate::sling::{self, Request, Slung, Target, blockers};
use crate::{Town, ticket, trust, worker};
use model::{Address, Bead, Event, Hook, Status, Ticket, transition};

/// A hook that may be accepted.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The hook as it is.
    pub hook: Hook,
    /// Its bead.
    pub bead: Bead,
    /// The runtime that would be started for it; none for people.
    pub runtime: Option<String>,
}

/// What is on an agent's hook.
#[derive(Debug, Clone)]
pub enum Standing {
    /// This clone slung it: there is nothing to accept.
    Ours(Box<Hook>),
    /// It may be accepted.
    Offered(Box<Offered>),
}

/// Whether the hook of an agent may be accepted; what speaks against it is an
/// error. Writes nothing.
pub fn look(town: &Town, agent: &Address) -> Result<Standing, Error> {
    let OnHook {
        hook, ticket, bead, ..
    } = hooking::look(town, agent)?;
    let Some(hook) = hook else {
        return Err(Error::not_found(
            format!("nothing is on the hook of {agent}"),
            "`gt sling` puts a bead on a hook",
        ));
    };
    if let Some(ticket) = ticket {
        return slung_here(town, hook, &ticket);
    }
    check_rig(town, agent)?;
    let Some(bead) = bead else {
        return Err(Error::refused(
            format!(
                "the hook of {agent} holds {}, and there is no such bead",
                hook.bead
            ),
            format!("pull the bead, or remove {}", file(town, agent)),
        ));
    };
    check_attempt(town, &hook, &bead)?;
    check_bead(town, &hook, &bead)?;
    let runtime = runtime(town, &hook)?;
    Ok(Standing::Offered(Box::new(Offered {
        hook,
        bead,
        runtime,
    })))
}

/// An agent's hooks are in the store of its own rig.
fn check_rig(town: &Town, agent: &Address) -> Result<(), Error> {
    match agent.rig().filter(|rig| *rig != town.rig()) {
        None => Ok(()),
        Some(other) => Err(Error::refused(
            format!(
                "{agent} is an agent of the rig {other}, and this is {}",
                town.rig()
            ),
            format!("`rm {}` drops the hook", file(town, agent)),
        )),
    }
}

fn slung_here(town: &Town, hook: Hook, ticket: &Ticket) -> Result<Standing, Error> {
    let text = ticket::hook_text(town, &hook.agent)?;
    if text.is_some_and(|text| ticket::hash(&text) == ticket.hash) {
        return Ok(Standing::Ours(Box::new(hook)));
    }
    let (agent, bead) = (&ticket.agent, &ticket.bead);
    Err(Error::refused(
        format!(
            "{agent} works on {bead} here, and its hook was changed since: it is not accepted in place of what was slung"
        ),
        format!(
            "bring the hook back (remove {}, then `gt doctor --fix`), or `gt unsling {bead}` first",
            file(town, agent)
        ),
    ))
}

/// An attempt that is known to be over is not begun again.
fn check_attempt(town: &Town, hook: &Hook, bead: &Bead) -> Result<(), Error> {
    let remembered = town
        .store
        .last_attempt(&bead.id)?
        .map_or(0, |last| last.number);
    let known = bead.attempt.max(remembered);
    if hook.attempt < known {
        return Err(Error::refused(
            format!(
                "the hook is for attempt {} at {}, which is at attempt {known}",
                hook.attempt, bead.id
            ),
            again(hook),
        ));
    }
    if hook.attempt > bead.attempt.saturating_add(1) {
        return Err(Error::refused(
            format!(
                "the hook is for attempt {} at {}, whose own file says {}",
                hook.attempt, bead.id, bead.attempt
            ),
            "one of the two files is older than the other: pull or merge first",
        ));
    }
    Ok(())
}

/// The bead is free, or this very hook's.
fn check_bead(town: &Town, hook: &Hook, bead: &Bead) -> Result<(), Error> {
    match &bead.status {
        Status::Hooked | Status::InProgress if bead.agent().as_ref() == Some(&hook.agent) => Ok(()),
        Status::Hooked | Status::InProgress => Err(Error::refused(
            format!(
                "{} is on the hook of {}",
                bead.id,
                bead.assignee.as_deref().unwrap_or("somebody")
            ),
            format!(
                "remove {}, or move the bead: {}",
                file(town, &hook.agent),
                again(hook)
            ),
        )),
        status => {
            let event = Event::Sling { forced: false };
            transition(status, &event).map_err(|refusal| Error::refusal(&bead.id, refusal))?;
            match blockers(town, bead)?.first() {
                None => Ok(()),
                Some(blocker) => Err(Error::refused(
                    format!("{} is blocked by {blocker}", bead.id),
                    again(hook),
                )),
            }
        }
    }
}

fn again(hook: &Hook) -> String {
    let Hook { bead, agent, .. } = hook;
    format!("hand it out anew: `gt sling {bead} {agent} --force`")
}

fn file(town: &Town, agent: &Address) -> String {
    let path = town.store.path_of::<Hook>(agent);
    model::text::shell_word(&path.to_string_lossy())
}

/// The name is all that a hook says about what is run: it has to be a preset
/// or a runtime of the user's own, and its program has to be there.
fn runtime(town: &Town, hook: &Hook) -> Result<Option<String>, Error> {
    if !hook.agent.is_spawned() {
        return Ok(None);
    }
    let name = match &hook.runtime {
        Some(name) => name.clone(),
        None => town.user()?.default_runtime().to_owned(),
    };
    worker::check_runtime(town, &name, None)?;
    Ok(Some(name))
}

/// Accepts the hook that was looked at, as a new attempt of this clone. Starts
/// nothing.
pub fn accept(town: &Town, offered: &Offered) -> Result<Slung, Error> {
    trust::check_person(town, "accept a hook")?;
    check_shown(town, &offered.hook)?;
    let agent = offered.hook.agent.clone();
    let request = Request {
        beads: vec![offered.bead.id.clone()],
        target: Target::Agent(agent.clone()),
        runtime: offered.runtime.clone(),
        session: None,
        instructions: offered.hook.instructions.clone(),
        forced: true,
        spawn: false,
        convoy: Some(false),
        title: None,
    };
    let plan = sling::plan(town, request)?;
    let batch = sling::apply(town, &plan, &mut |_| {})?;
    batch.slung.into_iter().next().ok_or_else(|| {
        Error::refused(
            format!("the hook of {agent} changed meanwhile"),
            "repeat the command",
        )
    })
}

/// Between the look and the yes git may have brought another.
fn check_shown(town: &Town, shown: &Hook) -> Result<(), Error> {
    match town.store.read::<Hook>(&shown.agent)? {
        Some(now) if now == *shown => Ok(()),
        _ => Err(Error::refused(
            format!("the hook of {} changed meanwhile", shown.agent),
            "repeat the command to see what it is now",
        )),
    }
}
