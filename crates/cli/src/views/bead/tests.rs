use super::super::samples::{bead, full, id, merge_request, time, view_of};
use super::*;
use model::DependencyType;
use serde::Deserialize;

/// The names that consumers know, and no other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only the names and types count")]
struct Strict {
    id: String,
    title: String,
    description: Option<String>,
    design: Option<String>,
    acceptance_criteria: Option<String>,
    notes: Option<String>,
    status: String,
    priority: u8,
    issue_type: String,
    assignee: Option<String>,
    owner: Option<String>,
    estimated_minutes: Option<u32>,
    created_at: String,
    created_by: String,
    updated_at: String,
    started_at: Option<String>,
    closed_at: Option<String>,
    close_reason: Option<String>,
    due_at: Option<String>,
    defer_until: Option<String>,
    external_ref: Option<String>,
    metadata: Option<Json>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    dependencies: Vec<StrictDependency>,
    parent: Option<String>,
    branch: Option<String>,
    attempt: Option<u32>,
    dependency_count: usize,
    dependent_count: usize,
    comment_count: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only the names and types count")]
struct StrictDependency {
    issue_id: String,
    depends_on_id: String,
    r#type: String,
}

fn json(bead: &Bead) -> Json {
    serde_json::to_value(view_of(bead)).unwrap()
}

#[test]
fn the_names_are_the_contract() {
    let strict: Strict = serde_json::from_value(json(&full())).unwrap();
    assert_eq!(strict.owner.as_deref(), Some("ann"));
    assert_eq!(strict.parent.as_deref(), Some("gt-epic1"));
    let kinds: Vec<&str> = strict
        .dependencies
        .iter()
        .map(|d| d.r#type.as_str())
        .collect();
    assert_eq!(kinds, ["parent-child", "blocks"]);
    serde_json::from_value::<Strict>(json(&bead("gt-abc12", "x"))).unwrap();
}

#[test]
fn an_empty_bead_says_only_what_consumers_need() {
    let text = serde_json::to_string_pretty(&view_of(&bead("gt-abc12", "x"))).unwrap();
    insta::assert_snapshot!(text, @r#"
    {
      "id": "gt-abc12",
      "title": "x",
      "status": "open",
      "priority": 2,
      "issue_type": "task",
      "created_at": "2026-01-15T10:30:00Z",
      "created_by": "overseer",
      "updated_at": "2026-01-15T10:30:00Z",
      "dependency_count": 0,
      "dependent_count": 0,
      "comment_count": 0
    }
    "#);
}

#[test]
fn every_key_of_the_view_is_reserved() {
    let mut all = full();
    all.merge_request = merge_request().merge_request;
    all.extra.clear();
    for key in json(&all).as_object().unwrap().keys() {
        let key = key.as_str();
        assert!(
            OWN_KEYS.contains(&key) || MERGE_REQUEST_KEYS.contains(&key),
            "{key}"
        );
    }
}

#[test]
fn an_imported_key_never_appears_twice() {
    let mut bead = full();
    bead.merge_request = merge_request().merge_request;
    for key in OWN_KEYS.iter().chain(MERGE_REQUEST_KEYS) {
        bead.set_extra(key, Value::Str("imported".into()));
    }
    bead.set_extra("wisp_type", Value::Str("patrol".into()));
    let text = serde_json::to_string(&view_of(&bead)).unwrap();
    assert_eq!(text.matches("imported").count(), 0);
    assert_eq!(text.matches("\"updated_at\"").count(), 1);
    assert!(text.contains("\"wisp_type\":\"patrol\""));
}

#[test]
fn a_plain_bead_keeps_keys_that_only_merge_requests_have() {
    let mut bead = full();
    bead.set_extra("source", Value::Str("jira".into()));
    assert_eq!(json(&bead)["source"], "jira");
}

#[test]
fn a_parent_that_is_also_a_dependency_counts_once() {
    let mut bead = bead("gt-abc12", "x");
    bead.parent = Some(id("gt-epic1"));
    bead.add_dependency(Dependency::new(
        id("gt-epic1"),
        DependencyType::parent_child(),
    ));
    assert_eq!(view_of(&bead).dependencies.len(), 1);
}

#[test]
fn updated_at_is_what_the_caller_found() {
    let view = BeadView::new(&full(), Counts::default(), &time("2026-02-01T00:00:00Z"));
    assert_eq!(view.updated_at, "2026-02-01T00:00:00Z");
}

#[test]
fn json_keeps_control_characters() {
    let json = json(&bead("gt-abc12", "a\x1bb"));
    assert_eq!(json["title"], "a\u{1b}b");
}
