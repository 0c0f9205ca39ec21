//! Where one agent stands.

use super::Action;
use crate::snapshot::{Agent, Hook};
use model::{Address, Id};
use serde::Serialize;
use std::time::Duration;

/// What an agent is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its worker runs.
    Working,
    /// Its worker runs and shows no progress.
    Stalled,
    /// Its worker is being started.
    Spawning,
    /// Its worker is to be started, and something is in the way.
    Waiting,
    /// Its worker crashed and is started again in a while.
    BackingOff,
    /// Its hook waits for a gate, or for an answer.
    Parked,
    /// Somebody works by hand, or in a session of their own.
    ByHand,
    /// Its attempt is over.
    Over,
    /// Its hook is gone, and its ticket stands.
    HookMissing,
    /// Its hook is not the one that was slung.
    Changed,
    /// Its hook came by git or by hand.
    Unaccepted,
    /// Its hook belongs to another host.
    Elsewhere,
    /// Its hook cannot be read.
    Unreadable,
    /// Its bead is missing, or older than its ticket.
    Broken,
}

/// Where an agent stands, why, and what is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Who.
    pub agent: Address,
    /// The bead on its hook, or on its ticket.
    pub bead: Option<Id>,
    /// The attempt.
    pub attempt: Option<u32>,
    /// What it is doing.
    pub state: State,
    /// Why it is so, in one line.
    pub why: Option<String>,
    /// What a person can do about it.
    pub remedy: Option<String>,
    /// The step that is due.
    pub action: Option<Action>,
    /// When the next step may be due although nothing happens.
    pub wake: Option<Duration>,
    /// Whether people should be told.
    pub is_notable: bool,
}

impl State {
    /// Its name, for people and programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Stalled => "stalled",
            Self::Spawning => "spawning",
            Self::Waiting => "waiting",
            Self::BackingOff => "backing_off",
            Self::Parked => "parked",
            Self::ByHand => "by_hand",
            Self::Over => "over",
            Self::HookMissing => "hook_missing",
            Self::Changed => "changed",
            Self::Unaccepted => "unaccepted",
            Self::Elsewhere => "elsewhere",
            Self::Unreadable => "unreadable",
            Self::Broken => "broken",
        }
    }

    /// Whether a person has to see to it.
    pub fn is_a_problem(self) -> bool {
        matches!(
            self,
            Self::HookMissing | Self::Changed | Self::Unreadable | Self::Broken
        )
    }
}

impl Verdict {
    pub(super) fn new(agent: &Agent, state: State) -> Self {
        let of_hook = match &agent.hook {
            Hook::There { bead, attempt, .. } => Some((bead.clone(), *attempt)),
            _ => None,
        };
        let of_ticket = agent
            .ticket
            .as_ref()
            .map(|it| (it.bead.clone(), it.attempt));
        let (bead, attempt) = of_ticket.or(of_hook).unzip();
        Self {
            agent: agent.address.clone(),
            bead,
            attempt,
            state,
            why: None,
            remedy: None,
            action: None,
            wake: None,
            is_notable: state.is_a_problem() && state != State::HookMissing,
        }
    }

    /// In one line: the reason of an escalation may go on with the end of a log.
    pub(super) fn because(mut self, why: impl Into<String>) -> Self {
        let why: String = why.into();
        self.why = Some(why.lines().next().unwrap_or_default().to_owned());
        self
    }

    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    pub(super) fn action(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }

    pub(super) fn wake(mut self, after: Duration) -> Self {
        self.wake = Some(after);
        self
    }

    pub(super) fn notable(mut self) -> Self {
        self.is_notable = true;
        self
    }
}
