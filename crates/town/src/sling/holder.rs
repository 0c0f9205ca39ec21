//! Who has a bead in this clone, and whether a sling may take it from them.
//! Writes nothing.

use super::{Action, Request};
use crate::error::Error;
use crate::{Town, attempt, worker};
use model::{Address, Bead, Hook, Parked, Ticket};

/// Whoever has a bead on their hook.
pub(super) struct Holder {
    pub(super) agent: Address,
    pub(super) doing: Doing,
    hook: Option<Hook>,
    ticket: Ticket,
}

/// What they are doing with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Doing {
    /// A process or a person works on it.
    Working,
    /// It waits for an answer, a gate or another bead.
    Parked(Parked),
    /// No process was started for it yet.
    Queued,
    /// Its process has ended without a word, or hands off what is left.
    Stopped,
}

/// Whose hook holds a bead in this clone.
pub(super) fn holder(town: &Town, bead: &Bead) -> Result<Option<Holder>, Error> {
    let Some(agent) = bead.agent().filter(|_| bead.status.is_on_a_hook()) else {
        return Ok(None);
    };
    let is_its = |it: &Ticket| it.bead == bead.id && it.attempt == bead.attempt;
    let Some(ticket) = town.store.read::<Ticket>(&agent)?.filter(is_its) else {
        return Ok(None);
    };
    let hook = town.store.read::<Hook>(&agent)?;
    let parked = hook.as_ref().and_then(|hook| hook.parked.clone());
    let doing = match parked {
        Some(parked) => Doing::Parked(parked),
        None => doing(town, &ticket)?,
    };
    Ok(Some(Holder {
        agent,
        doing,
        hook,
        ticket,
    }))
}

fn doing(town: &Town, ticket: &Ticket) -> Result<Doing, Error> {
    let agent = &ticket.agent;
    // People have no process; nobody takes their work for dead.
    if !agent.is_spawned() {
        return Ok(Doing::Working);
    }
    // A process of an earlier attempt does not work on this one.
    let session = worker::session(town, agent)?.filter(|it| it.nonce == ticket.nonce);
    let Some(session) = session else {
        return Ok(Doing::Queued);
    };
    // One that hands off has no work left.
    let works = worker::is_running(&session)? && session.handoff.is_none();
    Ok(if works {
        Doing::Working
    } else {
        Doing::Stopped
    })
}

impl Holder {
    /// That the bead may go to another hook. What a dead worker left may. A worker
    /// that gave its own away would be stopped in the middle of the command.
    pub(super) fn check_may_go(&self, town: &Town, request: &Request) -> Result<(), Error> {
        if attempt::is_worker(town, &self.agent) {
            return Err(self.refused_to_worker());
        }
        match self.doing {
            Doing::Stopped => Ok(()),
            _ if request.forced => Ok(()),
            _ => Err(self.refused()),
        }
    }

    /// What is to be done for a bead on the hook it is slung to; none where it
    /// is to begin anew there, because it is slung with other words than before.
    pub(super) fn same_hook(
        &self,
        request: &Request,
        named: bool,
    ) -> Result<Option<Action>, Error> {
        match self.doing {
            Doing::Parked(_) if request.forced => return Ok(None),
            Doing::Parked(_) => return Err(self.refused()),
            Doing::Working if !named => return Err(self.refused()),
            Doing::Working => return Ok(Some(Action::Nothing(self.agent.clone()))),
            Doing::Queued | Doing::Stopped => {}
        }
        let runtime = self.hook.as_ref().and_then(|hook| hook.runtime.as_ref());
        let same_runtime = request.runtime.is_none() || runtime == request.runtime.as_ref();
        let same_session = request.session.is_none() || self.ticket.session == request.session;
        let is_same = same_runtime && same_session && request.instructions.is_none();
        Ok(is_same.then(|| Action::Restart(self.agent.clone())))
    }

    fn refused_to_worker(&self) -> Error {
        let bead = &self.ticket.bead;
        Error::refused(
            format!("{bead} is on your own hook, and a worker gives its work to nobody"),
            "`gt done --defer -m WHY` puts it down, `gt done --escalate -m WHY` asks, and `gt handoff -m NOTE` goes on in a fresh session",
        )
    }

    fn refused(&self) -> Error {
        let (bead, agent) = (&self.ticket.bead, &self.agent);
        let (state, hint) = match &self.doing {
            Doing::Parked(parked) if parked.reason == "escalated" => {
                let question = parked.note.as_deref().unwrap_or("it says no reason");
                (
                    format!("escalated: it waits for an answer ({question})"),
                    format!("`gt escalate resolve {bead} -m ANSWER` lets it go on there"),
                )
            }
            Doing::Parked(parked) => (
                format!("parked: it waits for {} ({})", parked.on, parked.reason),
                format!("`gt resume {bead}` lets it go on there"),
            ),
            Doing::Queued => (
                "and waits to be started".to_owned(),
                format!("`gt sling {bead} {agent}` starts it"),
            ),
            Doing::Working | Doing::Stopped => (
                "who works on it".to_owned(),
                format!("`gt release {bead}` takes it away"),
            ),
        };
        Error::refused(
            format!("{bead} is on the hook of {agent}, {state}"),
            format!("{hint}; --force moves it"),
        )
    }
}
