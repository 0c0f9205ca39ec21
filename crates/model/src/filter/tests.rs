use super::*;
use crate::{Dependency, DependencyType, Graph, Time};

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn time(text: &str) -> Option<Time> {
    Some(Time::parse(text).unwrap())
}

/// `gt-a` has everything that a filter asks for; `gt-b` is plain and open.
fn beads() -> Vec<Bead> {
    let made = |name: &str, day: &str| Bead::new(id(name), name, Time::parse(day).unwrap(), "ann");
    let mut a = made("gt-a", "2026-01-10");
    a.title = "Ärger with LOCKS".to_owned();
    a.description = Some("Two writers".to_owned());
    a.kind = Kind::parse("bug").unwrap();
    a.priority = Priority::parse("1").unwrap();
    a.assignee = Some("gastown/polecats/toast".to_owned());
    a.parent = Some(id("gt-b"));
    a.labels = vec!["area:store".to_owned(), "urgent".to_owned()];
    a.due_at = time("2026-01-12");
    a.defer_until = time("2026-01-30");
    a.metadata = vec![
        ("team".to_owned(), Value::Str("blue".to_owned())),
        ("size".to_owned(), Value::Int(3)),
    ];
    a.set_extra("pinned", Value::Bool(true));
    a.set_extra("updated_at", Value::Str("2026-01-15T00:00:00Z".to_owned()));
    a.add_dependency(Dependency::new(id("gt-b"), DependencyType::blocks()));
    let b = made("gt-b", "2026-01-02");
    let mut closed = made("gt-c", "2026-01-01");
    closed.move_to(Status::Closed, &Time::parse("2026-01-05").unwrap());
    let mut wisp = made("gt-w", "2026-01-03");
    wisp.set_extra("ephemeral", Value::Bool(true));
    vec![a, b, closed, wisp]
}

fn listed(change: impl Fn(&mut Filter)) -> String {
    let beads = beads();
    let graph = Graph::new(&beads);
    let context = Context::new(&graph, "2026-01-20T00:00:00Z".parse().unwrap());
    let mut filter = Filter::default();
    change(&mut filter);
    let shown = beads.iter().filter(|bead| filter.matches(bead, &context));
    shown.map(|bead| &bead.id.as_str()[3..]).collect()
}

fn statuses(names: &[&str]) -> Vec<Status> {
    names
        .iter()
        .map(|name| Status::parse(name).unwrap())
        .collect()
}

fn span(after: &str, before: &str) -> Span {
    let at = |text: &str| Time::parse(text).ok().map(|time| time.timestamp());
    Span {
        after: at(after),
        before: at(before),
    }
}

#[test]
fn closed_and_ephemeral_show_only_when_asked_for() {
    assert_eq!(listed(|_| ()), "ab");
    assert_eq!(listed(|f| f.all = true), "abcw");
    assert_eq!(listed(|f| f.statuses = statuses(&["closed"])), "c");
    assert_eq!(listed(|f| f.ids = vec![id("gt-c"), id("gt-w")]), "cw");
    assert_eq!(listed(|f| f.closed = span("2026-01-05", "")), "c");
    assert_eq!(listed(|f| f.closed = span("", "2026-01-05")), "");
}

#[test]
fn computed_states() {
    assert_eq!(listed(|f| f.statuses = statuses(&["blocked"])), "a");
    assert_eq!(
        listed(|f| f.statuses = statuses(&["pinned", "closed"])),
        "ac"
    );
    assert_eq!(listed(|f| f.statuses = statuses(&["deferred"])), "");
    assert_eq!(listed(|f| f.deferred = true), "a");
    assert_eq!(listed(|f| f.overdue = true), "a");
    assert_eq!(listed(|f| f.pinned = true), "a");
    assert_eq!(listed(|f| f.ready = true), "b");
}

#[test]
fn rank_and_place() {
    let p = |text: &str| Priority::parse(text).unwrap();
    assert_eq!(listed(|f| f.kinds = vec![Kind::parse("bug").unwrap()]), "a");
    assert_eq!(listed(|f| f.priorities = vec![p("2")]), "b");
    assert_eq!(listed(|f| f.priority_min = Some(p("2"))), "b");
    assert_eq!(listed(|f| f.priority_max = Some(p("1"))), "a");
    assert_eq!(listed(|f| f.parent = Some(id("gt-b"))), "a");
    assert_eq!(listed(|f| f.no_parent = true), "b");
    assert_eq!(
        listed(|f| f.assignee = Some("gastown/toast".to_owned())),
        "a"
    );
    assert_eq!(listed(|f| f.assignee = Some("toast".to_owned())), "");
    assert_eq!(listed(|f| f.no_assignee = true), "b");
}

#[test]
fn text() {
    let text = |text: &str| Some(text.to_owned());
    let pair = |key: &str, value: &str| vec![(key.to_owned(), value.to_owned())];
    assert_eq!(listed(|f| f.title_contains = text("ärger WITH")), "a");
    assert_eq!(listed(|f| f.desc_contains = text("WRITERS")), "a");
    assert_eq!(listed(|f| f.desc_contains = text("readers")), "");
    assert_eq!(listed(|f| f.label_pattern = text("area:*")), "a");
    assert_eq!(listed(|f| f.label_pattern = text("area")), "");
    assert_eq!(listed(|f| f.labels = vec!["urgent".into(), "x".into()]), "");
    assert_eq!(
        listed(|f| f.labels_any = vec!["urgent".into(), "x".into()]),
        "a"
    );
    assert_eq!(listed(|f| f.metadata = pair("team", "blue")), "a");
    assert_eq!(listed(|f| f.metadata = pair("size", "3")), "a");
    assert_eq!(listed(|f| f.metadata = pair("size", "4")), "");
}

#[test]
fn times() {
    assert_eq!(
        listed(|f| f.created = span("2026-01-02", "2026-01-03")),
        "b"
    );
    assert_eq!(listed(|f| f.updated = span("2026-01-15", "")), "a");
    assert_eq!(listed(|f| f.due = span("", "2026-01-13")), "a");
    assert_eq!(listed(|f| f.defer = span("2026-01-29", "")), "a");
    assert_eq!(listed(|f| f.defer = span("2026-01-31", "")), "");
}

#[test]
fn a_comment_counts_as_a_change() {
    let beads = beads();
    let graph = Graph::new(&beads);
    let commented = std::collections::HashMap::from([(id("gt-b"), time("2026-01-19").unwrap())]);
    let context = Context {
        commented: Some(&commented),
        ..Context::new(&graph, "2026-01-20T00:00:00Z".parse().unwrap())
    };
    let mut shown: Vec<&Bead> = beads.iter().collect();
    crate::Sort::Updated.sort(&mut shown, &context);
    let order: String = shown.iter().map(|bead| &bead.id.as_str()[3..]).collect();
    assert_eq!(order, "bacw");
}
