//! The part of each file that the watcher remembers. Small: there may be ten
//! thousand beads.

use agent::process::Identity;
use jiff::Timestamp;
use model::{Address, Bead, Convoy, ConvoyStatus, Hook, Id, Parked, Status, Ticket, Time, Value};
use town::session::Session;

/// What is remembered of a bead.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BeadView {
    pub(crate) status: Status,
    pub(crate) attempt: u32,
    /// Whose hook it is on.
    pub(crate) holder: Option<Box<Address>>,
    /// Of a merge request.
    pub(crate) merge: Option<Box<MergeView>>,
    /// When a timer gate opens.
    pub(crate) opens_at: Option<Timestamp>,
    /// The bead that a gate waits for.
    pub(crate) awaits: Option<Box<Id>>,
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
    /// Whether a fresh one is to take its place.
    pub(crate) hands_off: bool,
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
        let holder = bead.agent().filter(|_| bead.status.is_on_a_hook());
        Self {
            holder: holder.map(Box::new),
            opens_at: town::resume::timer_ends(&bead),
            awaits: awaited(&bead).map(Box::new),
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
            hands_off: session.handoff.is_some(),
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

    #[test]
    fn gates_say_what_they_wait_for() {
        let made = Time::parse("2026-01-15T10:00:00Z").unwrap();
        let mut gate = Bead::new(Id::parse("gt-gate1").unwrap(), "Gate", made, "overseer");
        let mut awaits = |kind: &str, id: &str| {
            gate.set_extra("await_type", Value::Str(kind.to_owned()));
            gate.set_extra("await_id", Value::Str(id.to_owned()));
            BeadView::of(gate.clone()).awaits.map(|id| id.to_string())
        };
        assert_eq!(awaits("bead", "gt-abc12").as_deref(), Some("gt-abc12"));
        assert_eq!(awaits("bead", "app:gt-abc12").as_deref(), Some("gt-abc12"));
        assert_eq!(awaits("bead", "../x"), None);
        assert_eq!(awaits("human", "gt-abc12"), None);
    }
}
