//! The life of a bead: the one function that moves it from state to state.
//!
//! It decides only whether a move is allowed and where it leads. Who may ask
//! for it, and what else has to change, is for the operations that call it.

use crate::Status;
use std::fmt;

/// What happens to a bead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// `gt sling`, `gt hook <bead>`; `forced` takes it from whoever has it.
    Sling {
        /// `--force`, or the holder is dead.
        forced: bool,
    },
    /// The hook's own agent begins.
    PickUp,
    /// `bd update --claim`; `mine` when the claimer already holds it.
    Claim {
        /// The claimer is the assignee.
        mine: bool,
    },
    /// `gt release`, `gt unsling`.
    Release,
    /// `gt done --escalate`, `gt escalate`.
    Escalate,
    /// An escalation is resolved.
    Resolve,
    /// `gt done --defer`, `bd defer`; `held` while a hook holds it and the
    /// one who asks is not its agent.
    Defer {
        /// Somebody else's hook holds the bead.
        held: bool,
    },
    /// `bd undefer`.
    Undefer,
    /// `gt done`, with its merge request filed.
    Complete,
    /// `gt done --no-mr`.
    Finish,
    /// The merge request landed.
    Land,
    /// The merge request was sent back.
    SendBack,
    /// `bd close`.
    Close {
        /// Who asks, seen from the hook.
        by: Closer,
        /// `--force`
        forced: bool,
    },
    /// `bd reopen`.
    Reopen,
    /// `bd update --status`; `held` while a hook holds the bead.
    Set {
        /// The state asked for.
        to: Status,
        /// A hook holds the bead.
        held: bool,
    },
}

/// Who closes a bead, seen from the hook that may hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closer {
    /// No hook holds the bead.
    Unheld,
    /// The agent whose hook holds it.
    Holder,
    /// Somebody else, while a hook holds it.
    Other,
}

/// Why a move is not allowed, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The state the bead is in.
    pub status: Status,
    /// What was asked, as a verb: "be slung".
    pub verb: &'static str,
    /// What to do instead; `{id}` stands for the bead.
    pub remedy: &'static str,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a bead that is {} cannot {}", self.status, self.verb)
    }
}

impl std::error::Error for Refusal {}

/// The state that follows `event`, or why there is none.
pub fn transition(from: &Status, event: &Event) -> Result<Status, Refusal> {
    let verb = event.verb();
    destination(from, event).map_err(|remedy| Refusal {
        status: from.clone(),
        verb,
        remedy,
    })
}

type Next = Result<Status, &'static str>;

fn destination(from: &Status, event: &Event) -> Next {
    use Status::{Completed, Deferred, Escalated, Hooked, InProgress, Open};
    match event {
        Event::Sling { forced } => sling(from, *forced),
        Event::PickUp => match from {
            Hooked | InProgress => Ok(InProgress),
            _ => Err("`gt hook` shows what is on your hook"),
        },
        Event::Claim { mine } => claim(from, *mine),
        Event::Release => match from {
            Hooked | InProgress | Escalated | Deferred => Ok(Open),
            other => Err(nobody_has_it(other)),
        },
        Event::Escalate => match from {
            Hooked | InProgress | Escalated => Ok(Escalated),
            other => Err(nobody_works_on_it(other)),
        },
        Event::Resolve => match from {
            Escalated => Ok(InProgress),
            _ => Err("only an escalated bead can be resumed: `bd show {id}` says where it stands"),
        },
        Event::Defer { held } => defer(from, *held),
        Event::Undefer => match from {
            Deferred => Ok(Open),
            _ => Err(
                "only a deferred bead can be taken up again: `bd show {id}` says where it stands",
            ),
        },
        Event::Complete => match from {
            Hooked | InProgress => Ok(Completed),
            other => Err(nobody_works_on_it(other)),
        },
        Event::Finish => match from {
            Hooked | InProgress => Ok(Status::Closed),
            other => Err(nobody_works_on_it(other)),
        },
        Event::Land => match from {
            Completed => Ok(Status::Closed),
            _ => Err(
                "only completed work lands: `gt mq status {id}` says what the merge queue knows",
            ),
        },
        Event::SendBack => match from {
            Completed => Ok(Open),
            _ => Err(
                "only completed work is sent back: `gt mq status {id}` says what the merge queue knows",
            ),
        },
        Event::Close { by, forced } => close(from, *by, *forced),
        Event::Reopen => match from {
            Status::Closed => Ok(Open),
            other if other.is_closed() => Ok(Open),
            _ => Err("it is not closed: nothing to do"),
        },
        Event::Set { to, held } => set(from, to, *held),
    }
}

fn sling(from: &Status, forced: bool) -> Next {
    match from {
        _ if from.is_closed() => Err("`bd reopen {id}` first, if there is more to do"),
        Status::Deferred if !forced => Err("`gt release {id}` first, or sling it with --force"),
        Status::Hooked | Status::InProgress | Status::Escalated if !forced => {
            Err("somebody has it: `gt show {id}` says who; --force takes it from them")
        }
        Status::Completed if !forced => Err(
            "its merge request waits to land: `gt mq status {id}`; --force takes it out of the queue",
        ),
        _ => Ok(Status::Hooked),
    }
}

fn claim(from: &Status, mine: bool) -> Next {
    match from {
        Status::Hooked | Status::InProgress if mine => Ok(Status::InProgress),
        Status::Hooked | Status::InProgress => Err("somebody has it: `bd show {id}` says who"),
        Status::Open | Status::Custom(_) if !from.is_closed() => Ok(Status::InProgress),
        Status::Deferred => Err("`bd undefer {id}` first"),
        Status::Escalated => {
            Err("it waits for an answer: `gt show {id}` says which, `gt resume {id}` gives it")
        }
        Status::Completed => Err("its merge request waits to land: `gt mq status {id}`"),
        _ => Err("`bd reopen {id}` first, if there is more to do"),
    }
}

fn defer(from: &Status, held: bool) -> Next {
    match from {
        _ if held => Err(
            "somebody works on it: its agent runs `gt done --defer`, or `gt release {id}` takes it away first",
        ),
        Status::Open | Status::Hooked | Status::InProgress | Status::Deferred => {
            Ok(Status::Deferred)
        }
        Status::Custom(_) if !from.is_closed() => Ok(Status::Deferred),
        Status::Escalated => Err("it waits for an answer: `gt release {id}` first"),
        Status::Completed => Err("its merge request waits to land: `gt mq status {id}`"),
        _ => Err("`bd reopen {id}` first, if there is more to do"),
    }
}

fn close(from: &Status, by: Closer, forced: bool) -> Next {
    match from {
        _ if forced || from.is_closed() => Ok(Status::Closed),
        Status::Completed => Err(
            "it closes by itself when its merge request lands: `gt mq status {id}`; --force drops the merge request",
        ),
        _ => match by {
            Closer::Unheld => Ok(Status::Closed),
            Closer::Holder => Err(
                "it is on your hook: end it with `gt done`, or `gt done --no-mr` where there is nothing to merge",
            ),
            Closer::Other => Err(
                "an agent has it on its hook: `gt show {id}` says who; --force takes it from them",
            ),
        },
    }
}

fn set(from: &Status, to: &Status, held: bool) -> Next {
    match to {
        _ if from == to => Ok(to.clone()),
        Status::Hooked => {
            Err("`gt hook {id}` puts it on your hook, `gt sling {id}` with a target on another's")
        }
        Status::Escalated => Err("its agent's `gt done --escalate` asks for help"),
        Status::Completed => Err("its agent's `gt done` completes it"),
        Status::InProgress if *from == Status::Hooked => Err(
            "only the hook's own agent picks it up: `gt show {id}` says who; `gt release {id}` takes it from them",
        ),
        _ if held => Err("an agent has it on its hook: `gt release {id}` first"),
        _ if *from == Status::Completed => {
            Err("its merge request waits to land: `gt mq status {id}`")
        }
        _ => Ok(to.clone()),
    }
}

fn nobody_has_it(from: &Status) -> &'static str {
    match from {
        Status::Completed => {
            "its merge request waits to land: `gt mq status {id}`; slung with --force it leaves the queue"
        }
        _ if from.is_closed() => "`bd reopen {id}` opens it again",
        _ => "nobody has it: nothing to do",
    }
}

fn nobody_works_on_it(from: &Status) -> &'static str {
    match from {
        Status::Escalated => "it waits for an answer: `gt release {id}` gives it back",
        Status::Completed => "it is done and waits to be merged: `gt mq status {id}`",
        _ if from.is_closed() => "`bd reopen {id}` opens it again",
        _ => "nobody works on it: `gt hook {id}` puts it on your hook",
    }
}

impl Event {
    fn verb(&self) -> &'static str {
        match self {
            Self::Sling { .. } => "be slung",
            Self::PickUp => "be picked up",
            Self::Claim { .. } => "be claimed",
            Self::Release => "be released",
            Self::Escalate => "be escalated",
            Self::Resolve => "be resumed",
            Self::Defer { .. } => "be deferred",
            Self::Undefer => "be undeferred",
            Self::Complete => "be completed",
            Self::Finish => "be finished",
            Self::Land => "land",
            Self::SendBack => "be sent back",
            Self::Close { .. } => "be closed",
            Self::Reopen => "be reopened",
            Self::Set { to, .. } => match to {
                Status::Hooked => "be set to hooked",
                Status::Escalated => "be set to escalated",
                Status::Completed => "be set to completed",
                _ => "have its status set",
            },
        }
    }
}

impl Refusal {
    /// What to do instead, for one bead.
    pub fn remedy_for(&self, id: &crate::Id) -> String {
        self.remedy.replace("{id}", id.as_str())
    }
}

#[cfg(test)]
mod tests;
