//! A bead together with what holds it, locked, and brought forward from
//! whatever a killed process left half done.

pub mod settle;
pub mod standing;

use crate::Town;
use crate::error::Error;
use model::{Address, Bead, Hook, Id, Parked, Status, Ticket};
use store::{Lock, Locked};

pub use settle::{Finding, Fix, Situation, settle};
pub use standing::{Outlived, Standing, standing};

/// A bead with the hook and ticket of the agent that has it, all locked.
#[derive(Debug)]
pub struct Work<'t> {
    /// The locks, and the way to write.
    pub locked: Locked<'t>,
    /// The bead as it is now.
    pub bead: Bead,
    /// The agent whose hook is locked: whoever has the bead here, or the one asked
    /// for.
    pub agent: Option<Address>,
    /// What is on that agent's hook.
    pub hook: Option<Hook>,
    /// This clone's ticket for it.
    pub ticket: Option<Ticket>,
    /// That the ticket stands although the bead went on without it.
    pub outlived: Option<Outlived>,
}

impl Work<'_> {
    /// Whether the agent has this bead, at this attempt: by its hook, or by its
    /// ticket, whatever became of the hook.
    pub fn is_held(&self) -> bool {
        let it = (&self.bead.id, self.bead.attempt);
        let hook = self.hook.as_ref().map(|hook| (&hook.bead, hook.attempt));
        let ticket = self.ticket.as_ref().map(|it| (&it.bead, it.attempt));
        self.bead.status.is_on_a_hook() && (hook == Some(it) || ticket == Some(it))
    }

    /// Takes the bead off the agent's hook: what else lies there, by git or by hand,
    /// stays. Its ticket goes last.
    pub(crate) fn retire(&self, agent: &Address) -> Result<(), Error> {
        let hook = self.hook.as_ref().filter(|it| it.agent == *agent);
        if hook.is_some_and(|hook| hook.bead == self.bead.id) {
            self.locked.remove::<Hook>(agent)?;
        }
        if self.own_ticket().is_some_and(|it| it.agent == *agent) {
            self.locked.remove::<Ticket>(agent)?;
        }
        Ok(())
    }

    /// Notes, durably and before anything else says so, that a command ends the
    /// attempt which this bead is at, and what the bead is about to become. What is
    /// noted so is completed by others, and only then is a ticket retired.
    pub(crate) fn begin_to_end(&self, ends_as: &Status) -> Result<(), Error> {
        if let Some(ticket) = self.own_ticket() {
            self.locked.save(&Ticket {
                ends_as: Some(ends_as.clone()),
                ..ticket.clone()
            })?;
        }
        Ok(())
    }

    /// Takes that back, as far as the disk allows, where the command failed before
    /// it wrote the bead. What the disk does not allow is completed later.
    pub(crate) fn go_on(&self, town: &Town) {
        let now = town.store.read::<Bead>(&self.bead.id);
        if let (Ok(Some(now)), Some(ticket)) = (now, self.own_ticket())
            && now == self.bead
        {
            let _ = settle::keep(town, &self.locked, ticket);
        }
    }

    fn own_ticket(&self) -> Option<&Ticket> {
        self.ticket.as_ref().filter(|it| it.bead == self.bead.id)
    }

    /// Whoever changes who has the bead is refused while a ticket has outlived what
    /// the bead says.
    pub(crate) fn check_outlived(&self, town: &Town) -> Result<(), Error> {
        match &self.outlived {
            Some(outlived) => Err(outlived.error(town)),
            None => Ok(()),
        }
    }

    /// What the hook that holds this bead waits for.
    pub fn waits(&self) -> Option<&Parked> {
        let hook = self.hook.as_ref().filter(|hook| hook.bead == self.bead.id);
        hook.and_then(|hook| hook.parked.as_ref())
    }
}

/// Locks a bead and the hook of the agent that has it, and of `also`, and
/// completes what was left half done before anything else looks at it. A worker
/// whose attempt is over is refused, and so is everybody while a ticket has
/// outlived what the bead says.
pub fn lock<'t>(town: &'t Town, id: &Id, also: Option<&Address>) -> Result<Work<'t>, Error> {
    let work = lock_as_it_is(town, id, also)?;
    work.check_outlived(town)?;
    Ok(work)
}

/// The same for what changes nothing of who has the bead, or ends exactly that:
/// a ticket may have outlived what the bead says.
pub fn lock_as_it_is<'t>(
    town: &'t Town,
    id: &Id,
    also: Option<&Address>,
) -> Result<Work<'t>, Error> {
    let work = lock_to_end(town, id, also, &[])?;
    town.check_attempt_at(id)?;
    Ok(work)
}

/// The same, with more locks taken in the same call, for the end of an attempt,
/// and for what acts for none: whether it is over, or was ended so before, is for
/// the caller to tell.
pub fn lock_to_end<'t>(
    town: &'t Town,
    id: &Id,
    also: Option<&Address>,
    more: &[Lock],
) -> Result<Work<'t>, Error> {
    loop {
        let before = holder(town, &town.store.bead(id)?)?;
        let own = [
            Some(Lock::bead(id)),
            before.as_ref().map(Lock::hook),
            also.map(Lock::hook),
        ];
        let locks: Vec<Lock> = own
            .into_iter()
            .flatten()
            .chain(more.iter().cloned())
            .collect();
        let locked = town.store.lock(&locks)?;
        let bead = town.store.bead(id)?;
        // It changed hands before it was locked: lock what it is now.
        if holder(town, &bead)? != before {
            continue;
        }
        let others = also.filter(|also| Some(*also) != before.as_ref());
        let mut outlived = None;
        for agent in before.iter().chain(others) {
            outlived = outlived.or(repair(town, &locked, &bead.id, agent)?);
        }
        let bead = town.store.bead(id)?;
        // What was completed may have made it somebody else's.
        if holder(town, &bead)? != before {
            continue;
        }
        let agent = before.or_else(|| also.cloned());
        let hook = agent
            .as_ref()
            .map(|agent| town.store.read::<Hook>(agent))
            .transpose()?
            .flatten();
        let ticket = agent
            .as_ref()
            .map(|agent| town.store.read::<Ticket>(agent))
            .transpose()?
            .flatten();
        return Ok(Work {
            locked,
            bead,
            agent,
            hook,
            ticket,
            outlived,
        });
    }
}

/// Who has a bead: whoever got it last in this store and still has the ticket,
/// whatever the bead says; else its assignee.
fn holder(town: &Town, bead: &Bead) -> Result<Option<Address>, Error> {
    let said = bead.agent();
    let Some(last) = town.store.last_attempt(&bead.id)? else {
        return Ok(said);
    };
    let agent = Address::parse(&last.holder).ok();
    let Some(agent) = agent.filter(|agent| Some(agent) != said.as_ref()) else {
        return Ok(said);
    };
    let ticket = town.store.read::<Ticket>(&agent)?;
    let is_its = ticket.is_some_and(|ticket| ticket.bead == bead.id);
    Ok(match is_its && !settle::is_elsewhere(town, &last)? {
        true => Some(agent),
        false => said,
    })
}

/// That a ticket stands for a bead which went on without it, if one does. Takes
/// no lock and writes nothing.
pub fn outlived(town: &Town, bead: &Bead) -> Result<Option<Outlived>, Error> {
    let Some(agent) = holder(town, bead)? else {
        return Ok(None);
    };
    let situation = Situation::read(town, &bead.id, &agent)?;
    let is_its = |ticket: &Ticket| ticket.bead == bead.id;
    if !situation.ticket.as_ref().is_some_and(is_its) {
        return Ok(None);
    }
    Ok(settle(&situation).into_iter().find_map(Finding::outlived))
}

/// Completes what a killed process left half done with one bead and agent,
/// whose locks are held. Returns that the ticket has outlived what the bead says,
/// where it has: that is nobody's to complete.
pub fn repair(
    town: &Town,
    locked: &Locked<'_>,
    bead: &Id,
    agent: &Address,
) -> Result<Option<Outlived>, Error> {
    let situation = Situation::read(town, bead, agent)?;
    // The agent may have gone on to another bead, whose lock is not held.
    if situation
        .ticket
        .as_ref()
        .is_some_and(|ticket| ticket.bead != *bead)
    {
        return Ok(None);
    }
    let mut outlived = None;
    for finding in settle(&situation) {
        match finding {
            Finding::Half(fix) => fix.apply(town, locked, &situation)?,
            Finding::Outlived(found) => outlived = Some(found),
            Finding::Report(_) => {}
        }
    }
    Ok(outlived)
}
