//! Starting the process of one attempt.

use super::adopt::{adopted, stop_forgotten};
use super::prepare::prepare;
use super::room::{self, Room};
use super::{Limit, is_running, terminal};
use crate::Town;
use crate::error::Error;
use crate::session::Session;
use crate::supervision::{self, Supervision};
use crate::work::Standing;
use crate::work::standing::of_bead;
use model::{Address, Hook, Ticket};
use std::path::Path;
use std::time::Duration;
use store::Lock;

/// How long a worker is watched for an end right after its start: long enough
/// for a program that only prints its usage, too short to be felt.
const FIRST_LOOK: Duration = Duration::from_millis(20);

/// What came of starting a worker.
#[derive(Debug, Clone, PartialEq)]
pub enum Started {
    /// It runs now.
    Running(Session),
    /// It ran already.
    AlreadyRunning(Session),
    /// It ended at once: its exit status and the end of its log.
    EndedAtOnce {
        /// The session.
        session: Session,
        /// `exit status: 1`, `signal: 9`
        status: String,
        /// The last lines of its log.
        tail: String,
    },
    /// As many workers run as the store allows.
    Full {
        /// How many run.
        running: usize,
        /// How many may.
        limit: Limit,
    },
}

/// Starts the worker of an agent whose ticket and hook agree, unless it runs.
pub fn start(town: &Town, agent: &Address) -> Result<Started, Error> {
    start_after(town, agent, |_| Ok(true))
}

/// Starts the first worker of an attempt that has just begun. A watcher may have
/// been quicker; how that one ended is for the watcher to count, and when the
/// next one is started.
pub(crate) fn start_first(town: &Town, agent: &Address) -> Result<Started, Error> {
    let started = start_after(town, agent, |_| Ok(false))?;
    let Started::AlreadyRunning(session) = started else {
        return Ok(started);
    };
    let ticket = town.store.read::<Ticket>(agent)?;
    let ticket = ticket.filter(|it| it.nonce == session.nonce);
    let is_over = match ticket {
        Some(ticket) => has_ended_as_it_should(town, &ticket, &session)?,
        None => true,
    };
    if is_over || is_running(&session)? {
        return Ok(Started::AlreadyRunning(session));
    }
    Ok(Started::EndedAtOnce {
        tail: agent::logs::tail(Path::new(&session.log), 10).unwrap_or_default(),
        status: as_told(supervision::recall(town, agent)?, &session),
        session,
    })
}

/// How one ended that the watcher had started, as far as it was counted.
fn as_told(trouble: Option<Supervision>, session: &Session) -> String {
    let counted = trouble.filter(|it| it.counted == session.process);
    counted.and_then(|it| it.reason).unwrap_or_else(|| {
        "it ended before it was looked at; the watcher had started it".to_owned()
    })
}

/// The same, unless what ran for this attempt last may not be followed yet.
pub(crate) fn start_after(
    town: &Town,
    agent: &Address,
    may_follow: impl FnOnce(&str) -> Result<bool, Error>,
) -> Result<Started, Error> {
    let locked = town.store.lock(&[Lock::hook(agent)])?;
    let ticket = checked(town, agent)?;
    let last = super::session(town, agent)?;
    let own = last.as_ref().filter(|it| it.nonce == ticket.nonce);
    if let Some(session) = own
        && session.handoff.is_none()
        && is_running(session)?
    {
        return Ok(Started::AlreadyRunning(session.clone()));
    }
    if let Some(session) = own
        && let Some(ended) = &session.process
        && !may_follow(ended)?
    {
        return Ok(Started::AlreadyRunning(session.clone()));
    }
    let cut_short = room::cut_short(town, &ticket)?;
    let stop_last = || last.as_ref().map_or(Ok(false), |it| super::stop(town, it));
    if cut_short.is_none() {
        // What an earlier attempt or process left running would work beside it,
        // and so would one that has handed off.
        stop_last()?;
        if last.is_none() && room::is_noted(town, agent)? {
            stop_forgotten(&ticket)?;
        }
    }
    if let Some(session) = adopted(town, &locked, &ticket, cut_short.as_ref())? {
        return Ok(Started::AlreadyRunning(session));
    }
    if cut_short.is_some() {
        stop_last()?;
    }
    let (mut session, launch) = prepare(town, &ticket, own.or(cut_short.as_ref()))?;
    let seat = match room::enter(town, &session)? {
        Room::Free(seat) => seat,
        Room::Full { running, limit } => return Ok(Started::Full { running, limit }),
    };
    let mut begun = match terminal::begin(town, &session, &launch) {
        Ok(begun) => begun,
        Err(error) => {
            seat.leave()?;
            return Err(error);
        }
    };
    session.process = Some(begun.identity().to_string());
    session.handoff = None;
    locked.save(&session)?;
    seat.settle()?;
    drop(locked);
    let ended = begun.ended(FIRST_LOOK);
    let is_done = has_ended_as_it_should(town, &ticket, &session)?;
    Ok(match ended {
        Some(status) if !is_done => Started::EndedAtOnce {
            tail: agent::logs::tail(Path::new(&session.log), 10).unwrap_or_default(),
            status,
            session,
        },
        _ => Started::Running(session),
    })
}

/// One that ended its work as it should has no ticket any more, or a parked
/// hook; one that handed off is to be followed, or was already.
fn has_ended_as_it_should(town: &Town, ticket: &Ticket, session: &Session) -> Result<bool, Error> {
    let now = town.store.read::<Ticket>(&ticket.agent)?;
    if now.is_none_or(|now| now.nonce != ticket.nonce) {
        return Ok(true);
    }
    let last = super::session(town, &ticket.agent)?;
    if last.is_some_and(|it| it.handoff.is_some() || it.process != session.process) {
        return Ok(true);
    }
    let hook = town.store.read::<Hook>(&ticket.agent)?;
    Ok(hook.is_some_and(|hook| hook.parked.is_some()))
}

/// The agent's ticket, if its hook is the one that was slung and its bead is
/// still at that attempt.
fn checked(town: &Town, agent: &Address) -> Result<Ticket, Error> {
    let nothing = || {
        Error::not_found(
            format!("{agent} has nothing on its hook here"),
            "`gt sling` puts a bead on a hook",
        )
    };
    let ticket = town.store.read::<Ticket>(agent)?.ok_or_else(nothing)?;
    let text = crate::ticket::hook_text(town, agent)?;
    if text.is_none_or(|text| crate::ticket::hash(&text) != ticket.hash) {
        return Err(Error::refused(
            format!("the hook of {agent} is not the one that was slung here"),
            "`gt doctor` shows what differs; `gt doctor --fix` brings back a hook that is gone",
        ));
    }
    let hook = town.store.read::<Hook>(agent)?.ok_or_else(nothing)?;
    if let Some(parked) = hook.parked {
        let message = format!(
            "{agent} is parked: it waits for {} ({})",
            parked.on, parked.reason
        );
        return Err(Error::refused(
            message,
            format!("`gt resume {}` lets it go on", ticket.bead),
        ));
    }
    let bead = town.store.bead(&ticket.bead)?;
    match of_bead(&ticket, Some(&bead)) {
        Standing::UnderWay => Ok(ticket),
        Standing::Outlived(outlived) => Err(outlived.error(town)),
        Standing::Ending | Standing::Over | Standing::Behind => Err(Error::refused(
            format!(
                "{} is {} at attempt {}; the ticket of {agent} is for attempt {}",
                bead.id, bead.status, bead.attempt, ticket.attempt
            ),
            "`gt doctor --fix` completes what was cut short",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn how_it_ended_is_said_only_where_it_was_counted() {
        let session = fixture::session();
        let of = |process: &str| Supervision {
            agent: session.agent.clone(),
            bead: session.bead.clone(),
            attempt: 1,
            nonce: session.nonce.clone(),
            crashes: 1,
            counted: Some(process.to_owned()),
            retry_at: None,
            reason: Some("exit status: 3".to_owned()),
            stalled: None,
            extra: Vec::new(),
            noted_at: session.started_at.clone(),
        };
        assert_eq!(as_told(Some(of("b:7:9")), &session), "exit status: 3");
        for unknown in [None, Some(of("b:6:9"))] {
            let told = as_told(unknown, &session);
            assert!(
                told.starts_with("it ended before it was looked at"),
                "{told}"
            );
        }
    }
}
