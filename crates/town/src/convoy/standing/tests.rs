use super::*;
use model::{Dependency, DependencyType, Time};

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn time() -> Time {
    Time::parse("2026-01-15T00:00:00Z").unwrap()
}

fn bead(name: &str, status: &str) -> Bead {
    let mut bead = Bead::new(id(name), "Title", time(), "overseer");
    bead.status = Status::parse(status).unwrap();
    bead.attempt = 1;
    bead
}

fn parked(reason: &str) -> Parked {
    Parked {
        on: id("gt-gate1"),
        reason: reason.to_owned(),
        note: Some("which database?".to_owned()),
        since: time(),
    }
}

fn judged(bead: &Bead, others: &[Bead], parked: Option<&Parked>) -> (State, Vec<String>) {
    let graph = Graph::new(others.iter().chain([bead]));
    let merge_request = graph.get(&bead.id.merge_request(bead.attempt));
    judge(&graph, bead, parked, merge_request, time().timestamp())
}

#[test]
fn what_is_to_be_expected_of_each_state() {
    for (status, expected) in [
        ("closed", State::Closed),
        ("tombstone", State::Closed),
        ("hooked", State::Moving),
        ("in_progress", State::Moving),
        ("open", State::Ready),
        ("deferred", State::Waiting),
        ("escalated", State::Waiting),
        ("completed", State::Waiting),
        ("blocked", State::Waiting),
        ("review", State::Ready),
    ] {
        let (state, why) = judged(&bead("gt-a", status), &[], None);
        assert_eq!(state, expected, "{status}");
        let moves = matches!(state, State::Closed | State::Moving);
        assert_eq!(why.is_empty(), moves, "{status}: {why:?}");
    }
}

#[test]
fn completed_moves_while_its_merge_request_is_open() {
    let done = bead("gt-a", "completed");
    let (state, why) = judged(&done, &[bead("gt-mr-a.1", "open")], None);
    assert_eq!(state, State::Moving);
    assert_eq!(why, ["waits for gt-mr-a.1 to be merged"]);
    for other in [bead("gt-mr-a.1", "closed"), bead("gt-mr-a.2", "open")] {
        assert_eq!(judged(&done, &[other], None).0, State::Waiting);
    }
}

#[test]
fn a_parked_hook_waits() {
    let working = bead("gt-a", "in_progress");
    let (state, why) = judged(&working, &[], Some(&parked("gate")));
    assert_eq!(state, State::Waiting);
    assert_eq!(why, ["is parked on gt-gate1 (gate): which database?"]);
    let escalated = bead("gt-a", "escalated");
    let (_, why) = judged(&escalated, &[], Some(&parked("escalated")));
    assert_eq!(why, ["is escalated: which database?"]);
}

#[test]
fn what_blocks_is_named() {
    let mut blocked = bead("gt-a", "open");
    blocked.add_dependency(Dependency::new(id("gt-b"), DependencyType::blocks()));
    let (state, why) = judged(&blocked, &[bead("gt-b", "completed")], None);
    assert_eq!(
        (state, why),
        (State::Waiting, vec!["is blocked by gt-b".to_owned()])
    );
    assert_eq!(
        judged(&blocked, &[bead("gt-b", "closed")], None).0,
        State::Ready
    );
}

#[test]
fn who_was_meant_to_begin_is_named() {
    let mut assigned = bead("gt-a", "open");
    assigned.assignee = Some("ann".to_owned());
    let (state, why) = judged(&assigned, &[], None);
    assert_eq!(
        (state, why),
        (
            State::Ready,
            vec!["is ready, and ann has not begun".to_owned()]
        )
    );
}
