use super::*;
use crate::{Dependency, DependencyType, Status, Time, Value};

const NOW: &str = "2026-01-20T00:00:00Z";

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn bead(name: &str, priority: &str, day: u8) -> Bead {
    let created = Time::parse(&format!("2026-01-{day:02}T00:00:00Z")).unwrap();
    let mut bead = Bead::new(id(name), name, created, "ann");
    bead.priority = Priority::parse(priority).unwrap();
    bead
}

fn found(beads: &[Bead], options: &ReadyOptions) -> String {
    let ready = ready(&Graph::new(beads), options, now());
    ready
        .iter()
        .map(|it| &it.id.as_str()[3..])
        .collect::<Vec<_>>()
        .join(" ")
}

/// One bead for each reason not to be ready, and `gt-ok`.
fn one_of_each() -> Vec<Bead> {
    let later = Some(Time::parse("2026-02-01").unwrap());
    let mut beads: Vec<Bead> = [
        "gt-ok", "gt-held", "gt-pin", "gt-wisp", "gt-gate", "gt-later", "gt-under", "gt-wait",
        "gt-put",
    ]
    .map(|name| bead(name, "2", 10))
    .to_vec();
    beads[1].status = Status::InProgress;
    beads[2].set_extra("pinned", Value::Bool(true));
    beads[3].set_extra("ephemeral", Value::Bool(true));
    beads[4].kind = Kind::parse("gate").unwrap();
    beads[5].defer_until = later;
    beads[6].parent = Some(id("gt-later"));
    beads[7].add_dependency(Dependency::new(id("gt-ok"), DependencyType::blocks()));
    beads[8].status = Status::Deferred;
    beads
}

#[test]
fn each_reason_keeps_a_bead_out_and_is_told() {
    let beads = one_of_each();
    assert_eq!(found(&beads, &ReadyOptions::default()), "ok");
    let graph = Graph::new(&beads);
    let told: Vec<String> = beads
        .iter()
        .map(|bead| {
            let reasons = explain(&graph, &bead.id, now()).unwrap();
            assert_eq!(reasons.is_empty(), is_ready(&graph, bead, now()));
            reasons.iter().map(NotReady::to_string).collect()
        })
        .collect();
    assert_eq!(
        told,
        [
            "",
            "is in_progress",
            "is pinned",
            "is ephemeral, and shows only in its molecule",
            "is a gate, which shows only with --type gate",
            "is deferred until 2026-02-01",
            "is part of gt-later, which is deferred until 2026-02-01",
            "is blocked by gt-ok",
            "is deferred",
        ]
    );
    assert_eq!(explain(&graph, &id("gt-none"), now()), None);
}

#[test]
fn deferral_ends_by_itself_and_can_be_overlooked() {
    let mut beads = one_of_each();
    let all = ReadyOptions {
        include_deferred: true,
        sort: Sort::Id,
        ..ReadyOptions::default()
    };
    assert_eq!(found(&beads, &all), "later ok put under");
    beads[5].defer_until = Some(Time::parse(NOW).unwrap());
    assert_eq!(found(&beads, &ReadyOptions::default()), "later ok under");
}

#[test]
fn options_narrow_it_down() {
    let mut beads = one_of_each();
    beads[0].add_label("x");
    beads[0].assignee = Some("gastown/polecats/toast".to_owned());
    beads[3].parent = Some(id("gt-mol"));
    beads.push(bead("gt-mol", "1", 9));
    let with = |change: fn(&mut ReadyOptions)| {
        let mut options = ReadyOptions::default();
        change(&mut options);
        found(&beads, &options)
    };
    assert_eq!(
        with(|o| o.kinds = vec![Kind::parse("gate").unwrap()]),
        "gate"
    );
    assert_eq!(with(|o| o.labels = vec!["x".to_owned()]), "ok");
    assert_eq!(with(|o| o.labels_any = vec!["y".to_owned()]), "");
    assert_eq!(
        with(|o| o.assignee = Some("gastown/toast".to_owned())),
        "ok"
    );
    assert_eq!(with(|o| o.unassigned = true), "mol");
    assert_eq!(with(|o| o.priorities = vec![Priority::default()]), "ok");
    assert_eq!(with(|o| o.limit = Some(1)), "mol");
    assert_eq!(with(|o| o.parent = Some(id("gt-mol"))), "");
    assert_eq!(with(|o| o.molecule = Some(id("gt-mol"))), "wisp");
    assert_eq!(with(|o| o.parent = Some(id("gt-none"))), "");
}

#[test]
fn sorts() {
    let beads = [
        bead("gt-old", "3", 2),
        bead("gt-b", "1", 19),
        bead("gt-a", "1", 19),
        bead("gt-new", "0", 19),
        bead("gt-mid", "0", 10),
    ];
    let by = |sort| {
        let options = ReadyOptions {
            sort,
            ..ReadyOptions::default()
        };
        found(&beads, &options)
    };
    assert_eq!(by(Sort::Priority), "mid new a b old");
    assert_eq!(by(Sort::Oldest), "old mid a b new");
    assert_eq!(by(Sort::Hybrid), "new a b old mid");
    assert_eq!(by(Sort::Created), "a b new mid old");
    assert_eq!(by(Sort::Id), "a b mid new old");
    for (name, sort) in Sort::NAMES {
        assert_eq!(name.parse::<Sort>().unwrap(), sort);
        assert!(!by(sort).is_empty());
    }
    assert!("size".parse::<Sort>().is_err());
}
