//! Records for the views' tests.

use super::{BeadView, Counts};
use jiff::Timestamp;
use model::{
    Bead, Dependency, DependencyType, GateResult, Id, Kind, MergeRequest, Outcome, Priority,
    Status, Time, Value,
};

pub(super) fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

pub(super) fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

pub(super) fn now() -> Timestamp {
    "2026-01-15T12:30:00Z".parse().unwrap()
}

pub(super) fn bead(name: &str, title: &str) -> Bead {
    Bead::new(id(name), title, time("2026-01-15T10:30:00Z"), "overseer")
}

pub(super) fn view_of(bead: &Bead) -> BeadView {
    BeadView::new(bead, Counts::default(), bead.newest_time())
}

pub(super) fn view(name: &str, title: &str) -> BeadView {
    view_of(&bead(name, title))
}

pub(super) fn child(name: &str, title: &str, parent: &str) -> BeadView {
    let mut bead = bead(name, title);
    bead.parent = Some(id(parent));
    view_of(&bead)
}

/// A bead with a value in every field.
pub(super) fn full() -> Bead {
    let mut bead = bead("gt-abc12", "Fix login redirect loop");
    bead.kind = Kind::parse("bug").unwrap();
    bead.priority = Priority::parse("1").unwrap();
    bead.assignee = Some("gastown/polecats/toast".into());
    bead.attempt = 2;
    bead.parent = Some(id("gt-epic1"));
    bead.labels = vec!["auth".into(), "web".into()];
    bead.add_dependency(Dependency::new(id("gt-def34"), DependencyType::blocks()));
    bead.branch = Some("polecat/toast/gt-abc12".into());
    bead.move_to(Status::InProgress, &time("2026-01-15T10:41:07Z"));
    bead.move_to(Status::Closed, &time("2026-01-15T11:00:00Z"));
    bead.close_reason = Some("landed".into());
    bead.defer_until = Some(time("2026-01-16"));
    bead.due_at = Some(time("2026-01-20T00:00:00Z"));
    bead.description = Some("The OAuth callback loses `next`.\n\nSteps: log in.".into());
    bead.design = Some("Keep it in the state.".into());
    bead.acceptance_criteria = Some("- the deep link survives".into());
    bead.notes = Some("Firefox only.\n".into());
    bead.external_ref = Some("gh-123".into());
    bead.metadata = vec![("team".into(), Value::Str("identity".into()))];
    bead.set_extra("owner", Value::Str("ann".into()));
    bead.set_extra("estimated_minutes", Value::Int(90));
    bead
}

/// A merge request with a red gate.
pub(super) fn merge_request() -> Bead {
    let mut bead = bead("gt-mr-abc12.2", "Fix login redirect loop");
    bead.kind = Kind::merge_request();
    bead.merge_request = Some(MergeRequest {
        source: id("gt-abc12"),
        head: "3f2a9c1d5e".into(),
        target: "main".into(),
        worker: "gastown/polecats/toast".into(),
        host: "h-3fk29c".into(),
        merge_commit: None,
        outcome: Some(Outcome::Red),
        gates: vec![GateResult {
            name: "test".into(),
            exit: Some(1),
            seconds: 12,
            log: Some("gates/test.log".into()),
        }],
    });
    bead
}
