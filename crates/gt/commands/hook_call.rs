//! A call that comes from a runtime's hook: read what it says, answer in the
//! form it reads, and end well whatever happens.
//!
//! No error of ours keeps an agent from starting, from hearing its user, or
//! from stopping.

use super::{hooks, mail, prime};
use crate::open::Context;
use agent::hooks::{Dialect, Event, Input};
use cli::{ExitStatus, input};
use std::time::Duration;

/// More than any runtime says of a session; what is beyond is not looked at.
const LIMIT: usize = 4 * 1024 * 1024;

/// A runtime writes at once, or does not.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ask {
    /// What the agent has to know.
    Prime,
    /// What mail it has.
    Mail,
    /// Whether it may stop.
    Guard,
}

/// One call of a runtime.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HookCall {
    ask: Ask,
    dialect: Dialect,
}

impl HookCall {
    /// A call of this runtime; none if it has no hooks.
    pub(crate) fn new(ask: Ask, runtime: &str) -> Option<Self> {
        let dialect = Dialect::of(runtime)?;
        Some(Self { ask, dialect })
    }

    /// Answers it.
    pub(crate) fn run(self, context: &Context<'_>) -> ExitStatus {
        let said = Input::read(&input::read_within(LIMIT, PATIENCE));
        let reply = match self.ask {
            Ask::Prime => {
                let event = said.event.unwrap_or(Event::Start);
                self.dialect
                    .context(event, &prime::hook::answer(context, &said))
            }
            Ask::Mail => {
                let event = said.event.unwrap_or(Event::Prompt);
                self.dialect.context(event, &mail::check::answer(context))
            }
            Ask::Guard => match hooks::guard::answer(context, &said) {
                Some(reason) => self.dialect.go_on(&reason),
                None => String::new(),
            },
        };
        context.shell.out(&reply);
        ExitStatus::OK
    }
}
