//! The life of a bead outside of hooks: claiming, closing, reopening, setting
//! its status.

use crate::actor::Actor;
use crate::error::Error;
use crate::session::Session;
use crate::work::{self, Work};
use crate::{Town, convoy, escalation, resume, worker};
use model::transition::Closer;
use model::{Bead, Event, Id, Status, Time, transition};

/// The bead after a change, and whether it changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The bead as it is now.
    pub bead: Bead,
    /// False where there was nothing to do.
    pub changed: bool,
    /// Who lost the bead.
    pub loser: Option<model::Address>,
    /// Their worker, which has to be stopped.
    pub orphan: Option<Session>,
}

/// Why a bead is closed, and how.
#[derive(Debug, Clone, Default)]
pub struct Closing {
    /// What to remember of it.
    pub reason: Option<String>,
    /// Take it from whoever has it.
    pub forced: bool,
}

/// Claims a bead: compare-and-swap under its lock. It has to be open and
/// nobody's, or the actor's own; of any number of processes exactly one wins.
pub fn claim(town: &Town, id: &Id) -> Result<Changed, Error> {
    let work = work::lock(town, id, None)?;
    let mut bead = work.bead.clone();
    let mine = town.actor.is(bead.assignee.as_deref());
    if let Some(holder) = bead
        .assignee
        .as_deref()
        .filter(|_| !mine && !bead.status.is_closed())
    {
        let message = format!("{id} is already claimed by {holder}");
        return Err(Error::refused(
            message,
            format!("`bd ready` lists what is free; `bd show {id}` says where it stands"),
        ));
    }
    tell_other_worktree(town, &bead, mine)?;
    let next = transition(&bead.status, &Event::Claim { mine })
        .map_err(|refusal| Error::refusal(id, refusal))?;
    if mine && bead.status == next {
        return unchanged(town, work);
    }
    let now = town.now();
    // A pick-up goes on with the attempt that the sling began.
    if !work.is_held() {
        bead.attempt = work.locked.next_attempt(&bead, town.actor.name(), &now)?;
    }
    bead.assignee = Some(town.actor.name().to_owned());
    bead.move_to(next, &now);
    finish(town, work, &bead, None)
}

/// A second worktree of this clone, with a `.beads` of its own, may not have
/// seen that the bead was claimed: the clone remembers where it was, and that
/// place is asked.
pub(crate) fn tell_other_worktree(town: &Town, bead: &Bead, mine: bool) -> Result<(), Error> {
    let Some(last) = town.store.last_attempt(&bead.id)? else {
        return Ok(());
    };
    let is_here = last.store == town.store.located().beads;
    if mine || is_here || last.number <= bead.attempt {
        return Ok(());
    }
    let there = last.store.join(store::layout::bead(&bead.id).path());
    let there = std::fs::read_to_string(there)
        .ok()
        .and_then(|text| store::yaml::Document::<Bead>::read(&text).ok());
    let is_claimed = |there: &Bead| there.attempt == last.number && there.status.is_on_a_hook();
    if Actor::named(&last.holder) == town.actor || !there.as_ref().is_some_and(is_claimed) {
        return Ok(());
    }
    Err(Error::refused(
        format!(
            "{} is claimed by {} in another worktree of this clone, {}",
            bead.id,
            last.holder,
            last.store.display()
        ),
        "merge that worktree's branch to see it here, or take another bead: `bd ready`",
    ))
}

/// Closes a bead. Closing a closed one changes nothing.
pub fn close(town: &Town, id: &Id, closing: &Closing) -> Result<Changed, Error> {
    let work = work::lock_as_it_is(town, id, None)?;
    let mut bead = work.bead.clone();
    if bead.status.is_closed() {
        return unchanged(town, work);
    }
    work.check_outlived(town)?;
    let by = match (work.is_held(), town.actor.is(bead.assignee.as_deref())) {
        (false, _) => Closer::Unheld,
        (true, true) => Closer::Holder,
        (true, false) => Closer::Other,
    };
    let event = Event::Close {
        by,
        forced: closing.forced,
    };
    let next = transition(&bead.status, &event).map_err(|refusal| Error::refusal(id, refusal))?;
    bead.move_to(next, &town.now());
    bead.close_reason.clone_from(&closing.reason);
    let loser = work.is_held().then(|| work.agent.clone()).flatten();
    let was = work.bead.status.clone();
    let changed = finish(town, work, &bead, loser)?;
    if was == Status::Completed {
        crate::merge_request::supersede(town, id, bead.attempt)?;
    }
    Ok(changed)
}

/// Opens a closed bead again, and says in a comment who did and why.
pub fn reopen(town: &Town, id: &Id, reason: Option<&str>) -> Result<Changed, Error> {
    let work = work::lock(town, id, None)?;
    let mut bead = work.bead.clone();
    let next =
        transition(&bead.status, &Event::Reopen).map_err(|refusal| Error::refusal(id, refusal))?;
    bead.assignee = None;
    bead.move_to(next, &town.now());
    let changed = finish(town, work, &bead, None)?;
    let why = reason
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default();
    crate::comment::add(town, id, &format!("Reopened by {}{why}", town.actor))?;
    Ok(changed)
}

/// Sets a status by hand, where no hook holds the bead.
pub fn set_status(town: &Town, id: &Id, to: &Status) -> Result<Changed, Error> {
    let bead = town.store.bead(id)?;
    match to {
        Status::Closed => return close(town, id, &Closing::default()),
        // The hook's own agent may say so in these words, too.
        Status::InProgress
            if town.actor.is(bead.assignee.as_deref()) && bead.status == Status::Hooked =>
        {
            return claim(town, id);
        }
        // Away from closed is a reopen, whatever comes next.
        _ if bead.status.is_closed() => {
            let reopened = reopen(town, id, None)?;
            if *to == Status::Open {
                return Ok(reopened);
            }
        }
        _ => {}
    }
    let work = work::lock(town, id, None)?;
    let mut bead = work.bead.clone();
    let event = Event::Set {
        to: to.clone(),
        held: work.is_held(),
    };
    let next = transition(&bead.status, &event).map_err(|refusal| Error::refusal(id, refusal))?;
    if bead.status == next {
        return unchanged(town, work);
    }
    bead.move_to(next, &town.now());
    finish(town, work, &bead, None)
}

/// Puts a bead down until `until`, or until somebody takes it up.
pub fn defer(town: &Town, id: &Id, until: Option<Time>) -> Result<Changed, Error> {
    change(
        town,
        id,
        |held| Event::Defer { held },
        |bead| bead.defer_until = until,
    )
}

/// Takes a deferred bead up again.
pub fn undefer(town: &Town, id: &Id) -> Result<Changed, Error> {
    change(
        town,
        id,
        |_| Event::Undefer,
        |bead| {
            bead.defer_until = None;
            bead.assignee = None;
        },
    )
}

fn change(
    town: &Town,
    id: &Id,
    event: impl FnOnce(bool) -> Event,
    also: impl FnOnce(&mut Bead),
) -> Result<Changed, Error> {
    let work = work::lock(town, id, None)?;
    let mut bead = work.bead.clone();
    let next = transition(&bead.status, &event(work.is_held()))
        .map_err(|refusal| Error::refusal(id, refusal))?;
    bead.move_to(next, &town.now());
    also(&mut bead);
    finish(town, work, &bead, None)
}

/// There is nothing to do but what a killed command may have left: the convoys
/// that have not seen the bead yet.
fn unchanged(town: &Town, work: Work<'_>) -> Result<Changed, Error> {
    let bead = work.bead.clone();
    drop(work);
    convoy::refresh(town, std::slice::from_ref(&bead.id))?;
    Ok(Changed {
        bead,
        changed: false,
        loser: None,
        orphan: None,
    })
}

/// Writes the bead, as [`end`] does, and says who is to be stopped.
pub(crate) fn finish(
    town: &Town,
    work: Work<'_>,
    bead: &Bead,
    loser: Option<model::Address>,
) -> Result<Changed, Error> {
    // Under the lock: what is started once it is free is another attempt's.
    let orphan = loser.as_ref().map(|agent| worker::of(town, agent));
    let (bead, changed) = end(town, work, bead, loser.as_ref())?;
    Ok(Changed {
        bead,
        changed,
        loser,
        orphan: orphan.transpose()?.flatten(),
    })
}

/// Writes the bead; where its hook loses it, the ticket says before that it ends,
/// the hook goes next and the ticket last, so that a killed process can be completed
/// from what is left. The convoys follow once the locks are free. Gives the bead as
/// it is now, and whether that changed it.
pub(crate) fn end(
    town: &Town,
    work: Work<'_>,
    bead: &Bead,
    loser: Option<&model::Address>,
) -> Result<(Bead, bool), Error> {
    let mut bead = bead.clone();
    escalation::withdraw(&work.bead, &mut bead, town.actor.name(), &town.now());
    if loser.is_some() {
        work.begin_to_end(&bead.status)?;
    }
    let changed = work.locked.save(&bead);
    if changed.is_err() && loser.is_some() {
        work.go_on(town);
    }
    let changed = changed?;
    if let Some(agent) = loser {
        work.retire(agent)?;
    }
    let waited = work.waits().filter(|_| loser.is_some()).cloned();
    drop(work);
    if let Some(parked) = waited {
        resume::withdraw(town, &bead.id, &parked.on)?;
    }
    convoy::refresh(town, std::slice::from_ref(&bead.id))?;
    Ok((bead, changed))
}
