//! `gt done`: the four ways for an agent to end, and no other.
//!
//! Everything is checked before anything is written. Then: push → merge
//! request → bead → hook → ticket, each durable before the next, so that a
//! killed `gt done` is completed from what it left.

mod check;
mod exits;
pub(crate) mod phase;

use crate::Town;
use crate::error::Error;
use crate::escalation::Severity;
use crate::ticket;
use exits::Leaving;
use model::{Address, Bead, Exit, Id};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which of the four ways.
    pub exit: Exit,
    /// There is nothing to merge: close the bead.
    pub no_mr: bool,
    /// Commit what is uncommitted first.
    pub commit_all: bool,
    /// Why, or what to tell whoever comes next.
    pub message: Option<String>,
    /// The gate that the next phase waits for.
    pub gate: Option<Id>,
    /// How urgent an escalation is.
    pub severity: Option<Severity>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// The bead as it is now.
    pub bead: Bead,
    /// Who has ended it.
    pub agent: Address,
    /// Which of the four ways.
    pub exit: Exit,
    /// The merge request that was filed.
    pub merge_request: Option<Id>,
    /// The branch that keeps the work.
    pub branch: Option<String>,
    /// Whether the branch was pushed, and where.
    pub pushed_to: Option<String>,
    /// The gate that the hook waits for.
    pub gate: Option<Id>,
}

/// Ends the acting agent's attempt.
pub fn done(town: &Town, request: &Request) -> Result<Ended, Error> {
    check::request(request)?;
    let (agent, ticket) = ticket::of_actor(town)?;
    let leaving = Leaving {
        town,
        agent,
        ticket,
        request,
    };
    match request.exit {
        Exit::Completed if request.no_mr => leaving.finish(),
        Exit::Completed => leaving.complete(),
        Exit::Escalated => leaving.escalate(),
        Exit::Deferred => leaving.defer(),
        Exit::PhaseComplete => leaving.phase(),
    }
}
