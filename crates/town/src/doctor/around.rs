//! What says whether the processes of an agent may go on: gathered with everything
//! else, and read again right before one is stopped.
//!
//! Never: takes what cannot be read for what is not there.

use super::facts::{Facts, Remembered};
use crate::error::Error;
use crate::{Town, worker};
use jiff::Timestamp;
use model::{Address, Bead, Id, Ticket};

/// What is known of an agent and one bead that processes of its are for.
#[derive(Debug, Clone)]
pub(super) struct Around {
    /// Now.
    pub(super) now: Timestamp,
    /// The agent's ticket.
    pub(super) ticket: Option<Ticket>,
    /// What this clone remembers of its worker.
    pub(super) session: Option<Remembered>,
    /// Whether a worker of its is being started.
    pub(super) is_starting: bool,
    /// The bead, if it is there and can be read.
    pub(super) bead: Option<Bead>,
    /// The merge request of the attempt.
    pub(super) filed: Option<Bead>,
}

impl Around {
    /// From what was gathered.
    pub(super) fn of(facts: &Facts, agent: &Address, bead: &Id, attempt: u32) -> Self {
        let sessions = &facts.sessions;
        Self {
            now: facts.now,
            ticket: facts.ticket(agent).cloned(),
            session: sessions
                .iter()
                .find(|it| it.session.agent == *agent)
                .cloned(),
            is_starting: facts.starting.contains(agent),
            bead: facts.bead(bead).cloned(),
            filed: facts.bead(&bead.merge_request(attempt)).cloned(),
        }
    }

    /// As it is now. The lock of the agent's hook is held, so that nothing is
    /// started meanwhile.
    pub(super) fn read(
        town: &Town,
        agent: &Address,
        bead: &Id,
        attempt: u32,
    ) -> Result<Self, Error> {
        let session = worker::session(town, agent)?;
        Ok(Self {
            now: town.now().timestamp(),
            session: session.map(Remembered::look).transpose()?,
            is_starting: worker::is_starting(town, agent)?,
            ticket: town.store.read::<Ticket>(agent)?,
            bead: town.store.read::<Bead>(bead)?,
            filed: town.store.read::<Bead>(&bead.merge_request(attempt))?,
        })
    }
}
