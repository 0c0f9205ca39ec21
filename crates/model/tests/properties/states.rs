//! The life of a bead, under any sequence of events.

use crate::{arbitrary, config};
use model::transition::Closer;
use model::{Bead, Event, Id, Status, Time, transition};
use proptest::prelude::*;

/// Where each state may lead without force, as the documentation's table has
/// it. `bd update --status` is freer, and has properties of its own. A custom
/// state is left like an open one.
const TABLE: [(&str, &[&str]); 8] = [
    ("open", &["hooked", "in_progress", "deferred", "closed"]),
    (
        "hooked",
        &[
            "in_progress",
            "open",
            "escalated",
            "deferred",
            "completed",
            "closed",
        ],
    ),
    (
        "in_progress",
        &[
            "in_progress",
            "completed",
            "closed",
            "escalated",
            "deferred",
            "open",
        ],
    ),
    ("escalated", &["escalated", "in_progress", "open", "closed"]),
    ("deferred", &["deferred", "open", "closed"]),
    ("completed", &["closed", "open"]),
    ("closed", &["closed", "open"]),
    ("tombstone", &["closed", "open"]),
];

fn leads_to(from: &Status, to: &Status) -> bool {
    let find = |name| TABLE.iter().find(|(from, _)| *from == name);
    let row = find(from.as_str()).or_else(|| find("open"));
    row.is_some_and(|(_, allowed)| allowed.contains(&to.as_str()))
}

fn event() -> impl Strategy<Value = Event> {
    let closer = || proptest::sample::select(vec![Closer::Unheld, Closer::Holder, Closer::Other]);
    prop_oneof![
        any::<bool>().prop_map(|forced| Event::Sling { forced }),
        any::<bool>().prop_map(|mine| Event::Claim { mine }),
        any::<bool>().prop_map(|held| Event::Defer { held }),
        (closer(), any::<bool>()).prop_map(|(by, forced)| Event::Close { by, forced }),
        (arbitrary::status(), any::<bool>()).prop_map(|(to, held)| Event::Set { to, held }),
        proptest::sample::select(vec![
            Event::PickUp,
            Event::Release,
            Event::Escalate,
            Event::Resolve,
            Event::Undefer,
            Event::Complete,
            Event::Finish,
            Event::Land,
            Event::SendBack,
            Event::Reopen,
        ]),
    ]
}

fn is_free(event: &Event) -> bool {
    matches!(
        event,
        Event::Set { .. } | Event::Sling { forced: true } | Event::Close { forced: true, .. }
    )
}

fn at(second: usize) -> Time {
    Time::parse(&format!("2026-01-15T10:30:{second:02}Z")).expect("it is a time")
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn every_move_is_in_the_table(from in arbitrary::status(), event in event()) {
        if let Ok(to) = transition(&from, &event) {
            prop_assert!(is_free(&event) || leads_to(&from, &to), "{from} > {to}");
        }
    }

    #[test]
    fn each_state_is_entered_by_its_own_events(from in arbitrary::status(), event in event()) {
        let Ok(to) = transition(&from, &event) else { return Ok(()) };
        if to == from {
            return Ok(());
        }
        let by_its_own = match to {
            Status::Hooked => matches!(event, Event::Sling { .. }),
            Status::Escalated => event == Event::Escalate,
            Status::Completed => event == Event::Complete,
            Status::Custom(_) => matches!(event, Event::Set { .. }),
            Status::Closed => matches!(
                event,
                Event::Land | Event::Finish | Event::Close { .. } | Event::Set { .. }
            ),
            _ => true,
        };
        prop_assert!(by_its_own, "{event:?}: {from} > {to}");
    }

    #[test]
    fn only_reopening_leaves_closed(event in event()) {
        for from in [Status::Closed, Status::Custom("tombstone".into())] {
            if let Ok(to) = transition(&from, &event) {
                let reopens = matches!(event, Event::Reopen | Event::Set { .. });
                prop_assert!(to.is_closed() || reopens, "{event:?}: {from} > {to}");
            }
        }
    }

    #[test]
    fn completed_waits_for_the_merge_queue(event in event()) {
        if let Ok(to) = transition(&Status::Completed, &event) {
            let by_queue = matches!(event, Event::Land | Event::SendBack);
            let forced = is_free(&event) && !matches!(event, Event::Set { .. });
            prop_assert!(by_queue || forced || to == Status::Completed, "{event:?}");
        }
    }

    #[test]
    fn a_hook_that_holds_a_bead_keeps_it(from in arbitrary::status(), to in arbitrary::status()) {
        if let Ok(reached) = transition(&from, &Event::Set { to: to.clone(), held: true }) {
            prop_assert_eq!(reached, from);
        }
    }

    #[test]
    fn a_refusal_says_what_to_do(from in arbitrary::status(), event in event()) {
        if let Err(refusal) = transition(&from, &event) {
            let id = Id::parse("gt-abc12").expect("it is an ID");
            let remedy = refusal.remedy_for(&id);
            prop_assert!(!remedy.is_empty() && !remedy.contains(['{', '}']), "{remedy}");
            let text = refusal.to_string();
            prop_assert!(text.contains(from.as_str()) && text.contains(refusal.verb), "{text}");
        }
    }

    #[test]
    fn any_life_keeps_its_times_true(events in proptest::collection::vec(event(), 0..40)) {
        let id = Id::parse("gt-abc12").expect("it is an ID");
        let mut bead = Bead::new(id, "any", at(0), "ann");
        for (second, event) in events.iter().enumerate() {
            let Ok(to) = transition(&bead.status, event) else { continue };
            let began = to == Status::InProgress && bead.status != Status::InProgress;
            bead.move_to(to, &at(second + 1));
            prop_assert_eq!(bead.closed_at.is_some(), bead.status == Status::Closed);
            prop_assert!(bead.status != Status::InProgress || bead.started_at.is_some());
            prop_assert!(!began || bead.started_at == Some(at(second + 1)));
        }
    }
}
