use super::*;
use crate::config::Gate;
use model::Id;
use std::path::PathBuf;
use std::time::Duration;

fn oid(digit: char) -> Oid {
    Oid::parse(&String::from(digit).repeat(40)).unwrap()
}

fn clean() -> Merged {
    Merged {
        tip: oid('a'),
        head: oid('b'),
        tree: oid('c'),
    }
}

/// So many gates.
fn gates_of(count: usize) -> Gates {
    let gate = Gate {
        name: "test".to_owned(),
        command: vec!["true".to_owned()],
        timeout: Duration::from_secs(1),
    };
    Gates::Run(vec![gate; count])
}

/// A merge request that can land.
fn facts() -> Facts {
    Facts {
        id: Id::parse("gt-mr-abc12.2").unwrap(),
        filed: Filed::AsItIs,
        decided: None,
        attempt: 2,
        source: Some((Status::Completed, 2)),
        unknown_target: None,
        landed: None,
        merge: Merge::Clean(clean()),
        gates: gates_of(1),
        require_gate: true,
    }
}

fn kind(facts: &Facts) -> &'static str {
    match judge(facts) {
        Verdict::Resume => "resume",
        Verdict::AlreadyLanded(_) => "landed",
        Verdict::Superseded(_) => "superseded",
        Verdict::SendBack(outcome, _) => outcome.as_str(),
        Verdict::Wait(_) => "wait",
        Verdict::Land(_) => "land",
    }
}

fn at(status: Status, attempt: u32) -> Facts {
    Facts {
        source: Some((status, attempt)),
        ..facts()
    }
}

#[test]
fn only_completed_work_of_the_same_attempt_lands() {
    let custom = Status::parse("review").unwrap();
    for (status, attempt, expected) in [
        (Status::Completed, 2, "land"),
        (Status::Completed, 3, "superseded"),
        (Status::Hooked, 3, "superseded"),
        (Status::Closed, 3, "superseded"),
        (Status::Completed, 1, "wait"),
        (Status::Open, 1, "wait"),
        (Status::Closed, 2, "superseded"),
        (Status::Open, 2, "superseded"),
        (Status::Deferred, 2, "superseded"),
        (custom, 2, "superseded"),
        (Status::Hooked, 2, "wait"),
        (Status::InProgress, 2, "wait"),
        (Status::Escalated, 2, "wait"),
    ] {
        assert_eq!(
            kind(&at(status.clone(), attempt)),
            expected,
            "{status} {attempt}"
        );
    }
    let missing = Facts {
        source: None,
        ..facts()
    };
    assert_eq!(kind(&missing), "wait");
}

#[test]
fn what_has_happened_comes_first() {
    let landed = |facts: Facts| Facts {
        landed: Some(oid('d')),
        ..facts
    };
    for status in [
        Status::Completed,
        Status::Closed,
        Status::Open,
        Status::Hooked,
    ] {
        for attempt in [1, 2, 3] {
            assert_eq!(kind(&landed(at(status.clone(), attempt))), "landed");
        }
    }
    let decided = Facts {
        decided: Some(Outcome::Red),
        ..landed(facts())
    };
    assert_eq!(kind(&decided), "resume");
}

#[test]
fn what_this_clone_did_not_file_waits_for_a_person() {
    for filed in [Filed::Elsewhere, Filed::Changed] {
        let strange = |facts: Facts| Facts { filed, ..facts };
        assert_eq!(kind(&strange(facts())), "wait", "{filed:?}");
        let over = strange(at(Status::Closed, 2));
        assert_eq!(kind(&over), "superseded", "that runs nothing");
    }
}

#[test]
fn what_is_not_known_is_waited_for() {
    // It may have landed where we cannot look.
    let unknown = Facts {
        unknown_target: Some("unreachable".to_owned()),
        ..at(Status::Completed, 3)
    };
    assert_eq!(kind(&unknown), "wait");
}

#[test]
fn what_does_not_merge_goes_back() {
    let with = |merge: Merge| Facts { merge, ..facts() };
    let paths = vec![PathBuf::from("a\x1b.txt")];
    assert_eq!(kind(&with(Merge::HeadGone)), "rejected");
    assert_eq!(kind(&with(Merge::TouchesBeads(paths.clone()))), "rejected");
    assert_eq!(
        judge(&with(Merge::Conflict(paths))),
        Verdict::SendBack(
            Outcome::Conflict,
            "it conflicts with the target in a\\u{1b}.txt".to_owned()
        )
    );
}

#[test]
fn a_gate_that_is_asked_for_is_waited_for() {
    let gates = |gates, require_gate| Facts {
        gates: gates_of(gates),
        require_gate,
        ..facts()
    };
    assert_eq!(kind(&gates(0, true)), "wait");
    assert_eq!(kind(&gates(0, false)), "land");
    assert_eq!(kind(&gates(2, true)), "land");
}

#[test]
fn commands_that_nobody_approved_are_waited_for() {
    let facts = Facts {
        gates: Gates::Wait("`gt trust` shows them".to_owned()),
        require_gate: false,
        ..facts()
    };
    assert_eq!(
        judge(&facts),
        Verdict::Wait("`gt trust` shows them".to_owned())
    );
}
