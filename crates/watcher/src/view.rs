//! The part of each file that the watcher remembers. Small: there may be ten
//! thousand beads.

use agent::process::Identity;
use jiff::{SignedDuration, Timestamp};
use model::{Address, Bead, Convoy, ConvoyStatus, Hook, Id, Parked, Status, Ticket, Time, Value};
use town::session::Session;

/// What is remembered of a bead.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BeadView {
    pub(crate) status: Status,
    pub(crate) attempt: u32,
    /// Of a merge request.
    pub(crate) merge: Option<Box<MergeView>>,
    /// When a timer gate opens.
    pub(crate) opens_at: Option<Timestamp>,
}

/// What is remembered of a merge request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MergeView {
    pub(crate) source: Id,
    pub(crate) outcome: Option<&'static str>,
    pub(crate) commit: Option<String>,
}

/// What is remembered of a hook.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HookView {
    pub(crate) bead: Id,
    pub(crate) attempt: u32,
    pub(crate) nonce: String,
    pub(crate) host: String,
    pub(crate) title: String,
    pub(crate) step: Option<String>,
    pub(crate) parked: Option<Parked>,
    /// What a ticket has to say to cover it.
    pub(crate) hash: String,
    pub(crate) since: Time,
}

/// What is remembered of a session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SessionView {
    pub(crate) bead: Id,
    pub(crate) attempt: u32,
    pub(crate) nonce: String,
    /// None while it is being started.
    pub(crate) process: Option<Identity>,
    pub(crate) log: String,
    /// Whether the attempt had another process before.
    pub(crate) is_again: bool,
}

/// What is remembered of a convoy.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ConvoyView {
    pub(crate) status: ConvoyStatus,
    pub(crate) title: String,
}

impl BeadView {
    pub(crate) fn of(bead: Bead) -> Self {
        let merge = bead.merge_request.as_ref().map(|it| MergeView {
            source: it.source.clone(),
            outcome: it.outcome.map(model::merge_request::Outcome::as_str),
            commit: it.merge_commit.clone(),
        });
        Self {
            opens_at: opens_at(&bead),
            merge: merge.map(Box::new),
            attempt: bead.attempt,
            status: bead.status,
        }
    }

    /// Whether it is a merge request that nobody has dealt with.
    pub(crate) fn waits_for_refinery(&self) -> bool {
        self.merge.is_some() && self.status == Status::Open
    }
}

/// A timer gate opens so long after it was made.
fn opens_at(bead: &Bead) -> Option<Timestamp> {
    let text = |key: &str| match bead.extra(key) {
        Some(Value::Str(text)) => Some(text.as_str()),
        _ => None,
    };
    if text("await_type")? != "timer" {
        return None;
    }
    let timeout = duration(text("timeout")?)?;
    bead.created_at.timestamp().checked_add(timeout).ok()
}

fn duration(text: &str) -> Option<SignedDuration> {
    if let Some(days) = text.strip_suffix('d') {
        let days = days.parse::<u16>().ok()?;
        return Some(SignedDuration::from_hours(24 * i64::from(days)));
    }
    SignedDuration::try_from(town::config::parse_duration(text)?).ok()
}

impl HookView {
    pub(crate) fn of(hook: Hook, hash: String) -> Self {
        Self {
            bead: hook.bead,
            attempt: hook.attempt,
            nonce: hook.nonce,
            host: hook.host,
            title: hook.title,
            step: hook.step,
            parked: hook.parked,
            hash,
            since: hook.hooked_at,
        }
    }

    /// Whether a ticket lets it run.
    pub(crate) fn is_covered_by(&self, ticket: &Ticket) -> bool {
        (self.attempt, &self.nonce, &self.hash) == (ticket.attempt, &ticket.nonce, &ticket.hash)
    }
}

impl SessionView {
    pub(crate) fn of(session: Session) -> Self {
        Self {
            process: session.process.as_deref().and_then(|it| it.parse().ok()),
            bead: session.bead,
            attempt: session.attempt,
            nonce: session.nonce,
            log: session.log,
            is_again: false,
        }
    }

    /// The same, knowing what was there before.
    pub(crate) fn after(mut self, last: Option<&Self>) -> Self {
        let had_another = |last: &&Self| {
            last.is_again || (last.process.is_some() && last.process != self.process)
        };
        self.is_again = last
            .filter(|last| last.nonce == self.nonce)
            .is_some_and(|last| had_another(&last));
        self
    }
}

impl ConvoyView {
    pub(crate) fn of(convoy: Convoy) -> Self {
        Self {
            status: convoy.status,
            title: convoy.title,
        }
    }
}

/// The hash that a ticket of a hook has, from the hook's file as it is now.
pub(crate) fn hash_of(town: &town::Town, agent: &Address) -> Result<String, town::Error> {
    let text = town::ticket::hook_text(town, agent)?;
    Ok(text
        .map(|text| town::ticket::hash(&text))
        .unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(kind: &str, timeout: &str) -> Option<Timestamp> {
        let made = Time::parse("2026-01-15T10:00:00Z").unwrap();
        let mut bead = Bead::new(Id::parse("gt-abc12").unwrap(), "Gate", made, "overseer");
        bead.set_extra("await_type", Value::Str(kind.to_owned()));
        bead.set_extra("timeout", Value::Str(timeout.to_owned()));
        BeadView::of(bead).opens_at
    }

    #[test]
    fn timers_open_after_their_time() {
        let at = |text: &str| Some(text.parse().unwrap());
        assert_eq!(gate("timer", "90s"), at("2026-01-15T10:01:30Z"));
        assert_eq!(gate("timer", "2d"), at("2026-01-17T10:00:00Z"));
        assert_eq!(gate("timer", "soon"), None);
        assert_eq!(gate("human", "90s"), None);
    }
}
