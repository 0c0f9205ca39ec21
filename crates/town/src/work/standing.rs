//! Where the attempt of a ticket stands to what its bead says. Pure, and the same
//! for everybody who asks.
//!
//! Promises: an attempt counts as over only where a command of this clone has begun
//! to end it, and the bead says what that command was about to write. Whatever else
//! is not as it was slung came by git or by hand, and may go the same way.

use crate::error::Error;
use crate::worker::Says;
use crate::{Town, attempt};
use model::{Address, Bead, Id, Status, Ticket};
use std::cmp::Ordering;

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is under way.
    UnderWay,
    /// The same, and a command has begun to end it.
    Ending,
    /// The bead has not heard of it.
    Behind,
    /// It was ended here.
    Over,
    /// The bead went on without it.
    Outlived(Outlived),
}

/// A ticket that stands although its bead says that the attempt is over, or is
/// not there, and no command of this clone has ended it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlived {
    /// Whose ticket.
    pub agent: Address,
    /// The bead.
    pub bead: Id,
    /// The attempt that the ticket is for.
    pub attempt: u32,
    /// The status of the bead and its attempt; none if it is not there.
    pub says: Option<(Status, u32)>,
    /// Whose hook the bead is on, if it is on one.
    pub holder: Option<Address>,
}

/// Where the attempt of a ticket stands to what its bead says, if that is there.
pub fn standing(ticket: &Ticket, says: Option<Says<'_>>) -> Standing {
    let Some(says) = says else {
        return Standing::Outlived(Outlived::of(ticket, None));
    };
    let is_its = says.holder == Some(&ticket.agent);
    match says.attempt.cmp(&ticket.attempt) {
        Ordering::Equal if is_its && ticket.ends_as.is_none() => Standing::UnderWay,
        Ordering::Equal if is_its => Standing::Ending,
        _ if is_as_ended(ticket, says) => Standing::Over,
        Ordering::Less if !says.status.is_closed() => Standing::Behind,
        _ => Standing::Outlived(Outlived::of(ticket, Some(says))),
    }
}

/// The same for a bead that was read.
pub(crate) fn of_bead(ticket: &Ticket, bead: Option<&Bead>) -> Standing {
    let holder = bead.and_then(holder);
    standing(ticket, bead.map(|bead| Says::of(bead, holder.as_ref())))
}

/// Whose hook a bead is on, if it is on one.
pub(crate) fn holder(bead: &Bead) -> Option<Address> {
    bead.agent().filter(|_| bead.status.is_on_a_hook())
}

/// Whether a bead says what a command that ends the attempt was about to write.
fn is_as_ended(ticket: &Ticket, says: Says<'_>) -> bool {
    match &ticket.ends_as {
        None => false,
        Some(Status::Hooked) => says.attempt > ticket.attempt,
        Some(status) => says.attempt == ticket.attempt && says.status == status,
    }
}

/// Whether a ticket stands for the attempt with this random word: nothing that
/// runs for it is stopped.
pub fn stands(ticket: &Ticket, nonce: &str, says: Option<Says<'_>>) -> bool {
    ticket.nonce == nonce && standing(ticket, says) != Standing::Over
}

impl Outlived {
    /// That of a ticket, whose bead may be there.
    pub fn of(ticket: &Ticket, says: Option<Says<'_>>) -> Self {
        Self {
            agent: ticket.agent.clone(),
            bead: ticket.bead.clone(),
            attempt: ticket.attempt,
            says: says.map(|says| (says.status.clone(), says.attempt)),
            holder: says.and_then(|says| says.holder.cloned()),
        }
    }

    /// What is wrong, in one sentence.
    pub fn describe(&self) -> String {
        let (agent, bead) = (&self.agent, &self.bead);
        let Some((status, at)) = &self.says else {
            return format!("there is no bead {bead}, which is on the hook of {agent}");
        };
        let other = self.holder.as_ref().filter(|it| *it != agent);
        let whose = other.map(|it| format!(" of {it}")).unwrap_or_default();
        format!(
            "{bead} is {status}{whose} at attempt {at}, and no command here has ended attempt {}, which {agent} has",
            self.attempt
        )
    }

    /// What a person can do about it.
    pub fn remedy(&self) -> String {
        let Self { agent, bead, .. } = self;
        format!(
            "`gt release {bead}` takes it off that hook here, for good; or bring the bead back with git, and {agent} goes on"
        )
    }

    /// Both, for who wanted to change it. Its own worker is not told to end itself,
    /// nor is anybody who may be looking for work.
    pub fn error(&self, town: &Town) -> Error {
        let (agent, bead) = (&self.agent, &self.bead);
        if attempt::is_worker(town, agent) {
            return self.refused_to_worker();
        }
        Error::refused(
            self.describe(),
            format!(
                "leave it to {agent}, who goes on when git brings the bead back; if that work is to end, `gt release {bead}` ends it here"
            ),
        )
    }

    /// For the worker whose ticket it is.
    pub(crate) fn refused_to_worker(&self) -> Error {
        Error::refused(
            self.describe(),
            "commit what you have, and repeat the command when git has brought the bead back; `gt mail send overseer -s SUBJECT -m TEXT` asks for that",
        )
    }
}
