//! The part of each file that is told of, and that a watcher remembers. Small: there may be ten
//! thousand beads.

use crate::session::Session;
use agent::process::Identity;
use jiff::Timestamp;
use model::{Address, Bead, Convoy, ConvoyStatus, Hook, Id, Parked, Status, Ticket, Time, Value};

/// What is remembered of a bead.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is named for what it holds")]
pub struct BeadView {
    pub status: Status,
    pub attempt: u32,
    /// Whose hook it is on.
    pub holder: Option<Box<Address>>,
    /// Of a merge request.
    pub merge: Option<Box<MergeView>>,
    /// When a timer gate opens.
    pub opens_at: Option<Timestamp>,
    /// Whether it is a gate.
    pub is_gate: bool,
    /// The bead that a gate waits for.
    pub awaits: Option<Box<Id>>,
}

/// What is remembered of a merge request.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is named for what it holds")]
pub struct MergeView {
    pub source: Id,
    pub outcome: Option<&'static str>,
    pub commit: Option<String>,
}

/// What is remembered of a hook.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is named for what it holds")]
pub struct HookView {
    pub bead: Id,
    pub attempt: u32,
    pub nonce: String,
    pub host: String,
    pub title: String,
    pub step: Option<String>,
    pub parked: Option<Parked>,
    /// What a ticket has to say to cover it.
    pub hash: String,
    pub since: Time,
}

/// What is remembered of a session.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is named for what it holds")]
pub struct SessionView {
    pub bead: Id,
    pub attempt: u32,
    pub nonce: String,
    /// None while it is being started.
    pub process: Option<Identity>,
    pub log: String,
    /// Whether a fresh one is to take its place.
    pub hands_off: bool,
    /// When its own agent ended the attempt.
    pub done_at: Option<Timestamp>,
    /// Whether the attempt had another process before.
    pub is_again: bool,
}

/// What is remembered of a convoy.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is named for what it holds")]
pub struct ConvoyView {
    pub status: ConvoyStatus,
    pub title: String,
}

impl BeadView {
    /// Of a bead.
    pub fn of(bead: &Bead) -> Self {
        let merge = bead.merge_request.as_ref().map(|it| MergeView {
            source: it.source.clone(),
            outcome: it.outcome.map(model::merge_request::Outcome::as_str),
            commit: it.merge_commit.clone(),
        });
        let holder = bead.agent().filter(|_| bead.status.is_on_a_hook());
        Self {
            holder: holder.map(Box::new),
            opens_at: crate::resume::timer_ends(bead),
            is_gate: bead.kind.as_str() == "gate",
            awaits: awaited(bead).map(Box::new),
            merge: merge.map(Box::new),
            attempt: bead.attempt,
            status: bead.status.clone(),
        }
    }

    /// Whether it is a merge request that nobody has dealt with.
    pub fn waits_for_refinery(&self) -> bool {
        self.merge.is_some() && self.status == Status::Open
    }
}

/// The bead that a gate of type `bead` names: `gt-abc12`, `rig:gt-abc12`.
fn awaited(gate: &Bead) -> Option<Id> {
    let text = |key: &str| match gate.extra(key) {
        Some(Value::Str(text)) => Some(text.as_str()),
        _ => None,
    };
    let name = text("await_id").filter(|_| text("await_type") == Some("bead"))?;
    let id = name.rsplit_once(':').map_or(name, |(_, id)| id);
    Id::parse(id).ok()
}

impl HookView {
    /// Of a hook whose ticket would have this hash.
    pub fn of(hook: &Hook, hash: String) -> Self {
        Self {
            bead: hook.bead.clone(),
            attempt: hook.attempt,
            nonce: hook.nonce.clone(),
            host: hook.host.clone(),
            title: hook.title.clone(),
            step: hook.step.clone(),
            parked: hook.parked.clone(),
            hash,
            since: hook.hooked_at.clone(),
        }
    }

    /// Whether a ticket lets it run.
    pub fn is_covered_by(&self, ticket: &Ticket) -> bool {
        (self.attempt, &self.nonce, &self.hash) == (ticket.attempt, &ticket.nonce, &ticket.hash)
    }
}

impl SessionView {
    /// Of a session.
    pub fn of(session: &Session) -> Self {
        Self {
            process: session.process.as_deref().and_then(|it| it.parse().ok()),
            bead: session.bead.clone(),
            attempt: session.attempt,
            nonce: session.nonce.clone(),
            log: session.log.clone(),
            hands_off: session.handoff.is_some(),
            done_at: session.done_at.as_ref().map(Time::timestamp),
            is_again: false,
        }
    }

    /// The same, knowing what was there before.
    pub fn after(mut self, last: Option<&Self>) -> Self {
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
    /// Of a convoy.
    pub fn of(convoy: &Convoy) -> Self {
        Self {
            status: convoy.status,
            title: convoy.title.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_say_what_they_wait_for() {
        let made = Time::parse("2026-01-15T10:00:00Z").unwrap();
        let mut gate = Bead::new(Id::parse("gt-gate1").unwrap(), "Gate", made, "overseer");
        let mut awaits = |kind: &str, id: &str| {
            gate.set_extra("await_type", Value::Str(kind.to_owned()));
            gate.set_extra("await_id", Value::Str(id.to_owned()));
            BeadView::of(&gate).awaits.map(|id| id.to_string())
        };
        assert_eq!(awaits("bead", "gt-abc12").as_deref(), Some("gt-abc12"));
        assert_eq!(awaits("bead", "app:gt-abc12").as_deref(), Some("gt-abc12"));
        assert_eq!(awaits("bead", "../x"), None);
        assert_eq!(awaits("human", "gt-abc12"), None);
    }
}
