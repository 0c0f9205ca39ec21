//! Which parked hooks may go on by now.

use crate::Town;
use crate::config::parse_duration;
use crate::error::Error;
use jiff::{SignedDuration, Timestamp};
use model::{Bead, Hook, Id, Value};

/// The beads whose hooks wait for something that has happened: a gate or
/// another bead that is closed, a timer whose time has come. Only work of this
/// host is named, and nothing whose gate cannot be read.
pub fn due(town: &Town, now: Timestamp) -> Result<Vec<Id>, Error> {
    let host = town.store.host()?;
    let mut due = Vec::new();
    for hook in town.store.hooks()?.records {
        if Some(&hook.host) == host.as_ref() && is_due(town, &hook, now) {
            due.push(hook.bead);
        }
    }
    Ok(due)
}

fn is_due(town: &Town, hook: &Hook, now: Timestamp) -> bool {
    let waits = hook.parked.as_ref().filter(|it| it.reason != "escalated");
    let read = |id: &Id| town.store.read::<Bead>(id).ok().flatten();
    let Some(gate) = waits.and_then(|parked| read(&parked.on)) else {
        return false;
    };
    let waited_for = awaited(&gate).and_then(|id| read(&id));
    is_open(&gate, waited_for.as_ref(), now)
}

/// Whether what is waited for has happened. `awaited` is the bead that a gate
/// of type `bead` names.
fn is_open(gate: &Bead, awaited: Option<&Bead>, now: Timestamp) -> bool {
    gate.status.is_closed()
        || timer_ends(gate).is_some_and(|end| end <= now)
        || awaited.is_some_and(|bead| bead.status.is_closed())
}

/// When a gate of type `timer` opens: its `timeout` (`90s`, `20m`, `2h`, `3d`; a
/// number, as imports have it, is nanoseconds) after it was made.
pub fn timer_ends(gate: &Bead) -> Option<Timestamp> {
    if text(gate, "await_type") != Some("timer") {
        return None;
    }
    let wait = match gate.extra("timeout")? {
        Value::Str(text) => duration(text)?,
        Value::Int(nanoseconds) => SignedDuration::from_nanos((*nanoseconds).max(0)),
        _ => return None,
    };
    gate.created_at.timestamp().checked_add(wait).ok()
}

fn duration(text: &str) -> Option<SignedDuration> {
    if let Some(days) = text.strip_suffix('d') {
        let days = days.parse::<u32>().ok().filter(|days| *days > 0)?;
        return Some(SignedDuration::from_hours(i64::from(days) * 24));
    }
    SignedDuration::try_from(parse_duration(text)?).ok()
}

/// The bead that a gate of type `bead` waits for: `gt-abc12`, `rig:gt-abc12`.
fn awaited(gate: &Bead) -> Option<Id> {
    if text(gate, "await_type") != Some("bead") {
        return None;
    }
    let name = text(gate, "await_id")?;
    let id = name.rsplit_once(':').map_or(name, |(_, id)| id);
    Id::parse(id).ok()
}

/// The bead that a gate keeps until a person lets it go on.
pub(crate) fn kept_by(gate: &Bead) -> Option<Id> {
    let is_human = gate.kind.as_str() == "gate" && text(gate, "await_type") == Some("human");
    let id = text(gate, "await_id").filter(|_| is_human)?;
    Id::parse(id).ok()
}

fn text<'b>(bead: &'b Bead, key: &str) -> Option<&'b str> {
    match bead.extra(key) {
        Some(Value::Str(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Status, Time};

    fn gate(extras: &[(&str, Value)]) -> Bead {
        let made = Time::parse("2026-01-15T10:00:00Z").unwrap();
        let mut gate = Bead::new(Id::parse("gt-gate1").unwrap(), "Gate", made, "overseer");
        for (key, value) in extras {
            gate.set_extra(key, value.clone());
        }
        gate
    }

    fn word(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[test]
    fn timers() {
        let timer = |timeout: Value| gate(&[("await_type", word("timer")), ("timeout", timeout)]);
        for (timeout, end) in [
            (word("30m"), Some("2026-01-15T10:30:00Z")),
            (Value::Int(60_000_000_000), Some("2026-01-15T10:01:00Z")),
            (word("2d"), Some("2026-01-17T10:00:00Z")),
            (word("soon"), None),
            (word("5é"), None),
            (word("0d"), None),
            (Value::Null, None),
        ] {
            assert_eq!(timer_ends(&timer(timeout)), end.map(at));
        }
        let human = gate(&[("await_type", word("human")), ("timeout", word("1s"))]);
        assert_eq!(timer_ends(&human), None);
        let half_hour = timer(word("30m"));
        assert!(!is_open(&half_hour, None, at("2026-01-15T10:29:59Z")));
        assert!(is_open(&half_hour, None, at("2026-01-15T10:30:00Z")));
    }

    #[test]
    fn closed_gates_and_beads() {
        let now = at("2026-01-15T10:00:00Z");
        let mut closed = gate(&[]);
        assert!(!is_open(&closed, None, now));
        closed.move_to(Status::Closed, &Time::from_timestamp(now));
        assert!(is_open(&closed, None, now));
        let waits = gate(&[
            ("await_type", word("bead")),
            ("await_id", word("app:gt-x1")),
        ]);
        assert_eq!(awaited(&waits), Id::parse("gt-x1").ok());
        assert!(is_open(&waits, Some(&closed), now));
        assert!(!is_open(&waits, Some(&gate(&[])), now));
    }
}
