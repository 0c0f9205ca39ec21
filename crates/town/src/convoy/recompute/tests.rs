use super::*;

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn now() -> Time {
    time("2026-01-20T00:00:00Z")
}

fn convoy(beads: &[(&str, Status)]) -> Convoy {
    let mut convoy = Convoy::new(id("hq-cv-aaaaa"), "Batch", time("2026-01-15T00:00:00Z"));
    for (bead, status) in beads {
        convoy.see(&id(bead), "Seen long ago", status);
    }
    convoy
}

fn sights(seen: &[(&str, Status, Option<&str>)]) -> Sights {
    let sight = |(bead, status, closed_at): &(&str, Status, Option<&str>)| {
        let seen = Sight::Seen {
            title: "Title now".to_owned(),
            status: status.clone(),
            closed_at: closed_at.map(time),
        };
        (id(bead), seen)
    };
    Sights(seen.iter().map(sight).collect())
}

#[test]
fn entries_follow_the_beads() {
    let before = convoy(&[("gt-a", Status::Open), ("gt-b", Status::Open)]);
    let seen = sights(&[("gt-b", Status::InProgress, None)]);
    let after = recomputed(&before, &seen, &now());
    assert_eq!(after.beads[0], before.beads[0]);
    assert_eq!(after.beads[1].status, Status::InProgress);
    assert_eq!(after.beads[1].title, "Title now");
    assert_eq!(after.status, ConvoyStatus::Open);
}

#[test]
fn it_closes_when_its_last_bead_did() {
    let before = convoy(&[("gt-a", Status::Closed), ("gt-b", Status::Open)]);
    let seen = sights(&[
        ("gt-a", Status::Closed, Some("2026-01-16T00:00:00Z")),
        ("gt-b", Status::Closed, Some("2026-01-17T00:00:00Z")),
    ]);
    let after = recomputed(&before, &seen, &now());
    assert_eq!(after.status, ConvoyStatus::Closed);
    assert_eq!(after.closed_at, Some(time("2026-01-17T00:00:00Z")));
    assert_eq!(recomputed(&after, &seen, &now()), after);
}

#[test]
fn completed_is_not_closed() {
    let before = convoy(&[("gt-a", Status::InProgress)]);
    let seen = sights(&[("gt-a", Status::Completed, None)]);
    assert_eq!(
        recomputed(&before, &seen, &now()).status,
        ConvoyStatus::Open
    );
}

#[test]
fn it_never_closes_on_what_cannot_be_seen() {
    let before = convoy(&[("gt-a", Status::Closed), ("gt-b", Status::Open)]);
    let mut seen = sights(&[("gt-b", Status::Closed, Some("2026-01-17T00:00:00Z"))]);
    let partly = recomputed(&before, &seen, &now());
    assert_eq!(partly.status, ConvoyStatus::Open);
    assert!(seems_over(&partly));
    seen.0.insert(id("gt-a"), Sight::Missing);
    let after = recomputed(&before, &seen, &now());
    assert_eq!(after.status, ConvoyStatus::Open);
    assert_eq!(after.beads[0], before.beads[0]);
    let problem = Problem::new(std::path::Path::new("x"), "is broken", "mend it");
    seen.0.insert(id("gt-a"), Sight::Unreadable(problem));
    assert_eq!(
        recomputed(&before, &seen, &now()).status,
        ConvoyStatus::Open
    );
}

#[test]
fn a_closed_one_stays_closed_when_a_bead_cannot_be_seen() {
    let mut before = convoy(&[("gt-a", Status::Closed)]);
    before.settle(&now());
    let mut seen = Sights::default();
    seen.0.insert(id("gt-a"), Sight::Missing);
    assert_eq!(recomputed(&before, &seen, &now()), before);
}

#[test]
fn it_opens_again_unless_somebody_closed_it() {
    let mut before = convoy(&[("gt-a", Status::Closed)]);
    before.settle(&now());
    let seen = sights(&[("gt-a", Status::Open, None)]);
    let after = recomputed(&before, &seen, &now());
    assert_eq!((after.status, after.closed_at), (ConvoyStatus::Open, None));
    before.close_reason = Some("given up".to_owned());
    let after = recomputed(&before, &seen, &now());
    assert_eq!(after.status, ConvoyStatus::Closed);
}

#[test]
fn a_bead_that_a_merge_named_twice_counts_once() {
    let mut before = convoy(&[("gt-a", Status::Open)]);
    before.beads.push(before.beads[0].clone());
    let seen = sights(&[("gt-a", Status::Closed, Some("2026-01-17T00:00:00Z"))]);
    let after = recomputed(&before, &seen, &now());
    assert_eq!(after.progress(), (1, 1));
    assert_eq!(after.status, ConvoyStatus::Closed);
}
