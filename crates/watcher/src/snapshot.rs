//! What is decided upon: plain data, as it was at one moment.

use jiff::Timestamp;
use model::{Address, Id, Parked, Ticket};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::layout;
use town::supervision::{Settings, Supervision};
use town::unticketed::Says;
use town::worker::{Astray, Limit};

/// A store's hooks and what runs for them.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The rig's name.
    pub rig: String,
    /// This machine's host ID, if it has one yet.
    pub host: Option<String>,
    /// Everybody who has a hook or a ticket.
    pub agents: Vec<Agent>,
}

/// How it is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How patient the watcher is.
    pub settings: Settings,
    /// How many workers may run at once.
    pub limit: Limit,
}

/// One agent.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Who.
    pub address: Address,
    /// Their hook.
    pub hook: Hook,
    /// The store's folder, which their hook's file is in.
    pub tracked: Arc<Path>,
    /// Why their ticket or bead cannot be read, and the remedy.
    pub problem: Option<(String, String)>,
    /// This clone's ticket for it.
    pub ticket: Option<Arc<Ticket>>,
    /// What the ticket's bead says; none if it is not there.
    pub bead: Option<Says>,
    /// The worker of the ticket's attempt.
    pub worker: Worker,
    /// Its worker, if that runs although its attempt is over.
    pub stray: Option<Stray>,
    /// Earlier trouble with the ticket's attempt.
    pub trouble: Option<Supervision>,
    /// Whether something is being done about them right now.
    pub is_busy: bool,
    /// For how long none of their files has changed.
    pub quiet: Duration,
    /// Whether what follows an escalation is known to be done: the mail sent,
    /// and the worker stopped that did not ask for it.
    pub is_told: bool,
}

impl Agent {
    /// The path of the hook's file, as a shell reads it.
    pub(crate) fn file(&self) -> String {
        let path = self.tracked.join(layout::hook(&self.address).path());
        model::text::shell_word(&path.to_string_lossy())
    }
}

/// A hook's file.
#[derive(Debug, Clone, PartialEq)]
pub enum Hook {
    /// There is none.
    Missing,
    /// It cannot be read; what is wrong, and the remedy.
    Unreadable(String, String),
    /// It is there.
    There {
        /// The bead on it.
        bead: Id,
        /// The attempt.
        attempt: u32,
        /// The host whose ticket lets it run.
        host: String,
        /// Whether the ticket covers it.
        is_covered: bool,
        /// What it waits for.
        waits: Option<Box<Waits>>,
        /// What the bead says; none if it is not there.
        says: Option<Says>,
    },
}

/// A worker that runs although its attempt is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// The bead that it works on.
    pub bead: Id,
    /// At which attempt.
    pub attempt: u32,
    /// The attempt's random word.
    pub nonce: String,
    /// Why it is over.
    pub why: Astray,
    /// Whether this clone's ticket is still for it.
    pub has_ticket: bool,
    /// What the bead says by now.
    pub says: Says,
    /// For how long it was seen to be so.
    pub seen_for: Duration,
}

/// What a parked hook waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Waits {
    /// As the hook says.
    pub parked: Parked,
    /// Whether what it waits for is closed.
    pub is_over: bool,
    /// Whether what it waits for is a gate, which a person may open; none if it is not
    /// there.
    pub is_gate: Option<bool>,
    /// When what it waits for opens by itself.
    pub opens_at: Option<Timestamp>,
}

/// The worker of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worker {
    /// None was started.
    None,
    /// One is being started, or whoever started it was killed.
    Spawning,
    /// It has handed off: a fresh one is to take its place.
    HandingOff,
    /// It runs, and has shown no progress for so long.
    Running {
        /// Its process.
        process: String,
        /// For how long.
        idle: Duration,
    },
    /// Its process has ended.
    Ended {
        /// Its process.
        process: String,
        /// How, where this is known.
        how: Option<String>,
        /// For how long it ran.
        ran: Duration,
        /// Whether the machine was started anew since.
        is_of_earlier_boot: bool,
    },
}

impl Hook {
    /// Whether it is parked until somebody decides.
    pub fn is_escalated(&self) -> bool {
        let Self::There {
            waits: Some(waits), ..
        } = self
        else {
            return false;
        };
        waits.parked.reason == "escalated"
    }
}
