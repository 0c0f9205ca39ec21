//! The JSON of each command, key by key: what consumers rely on.

use super::{create, error, json, town};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use testkit::Town;

/// A bead in a list: strict, so that a new or lost key is noticed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only the shape is looked at")]
struct Listed {
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
    created_at: String,
    created_by: String,
    updated_at: String,
    started_at: Option<String>,
    closed_at: Option<String>,
    close_reason: Option<String>,
    due_at: Option<String>,
    defer_until: Option<String>,
    external_ref: Option<String>,
    estimated_minutes: Option<i64>,
    metadata: Option<Map<String, Value>>,
    labels: Option<Vec<String>>,
    dependencies: Option<Vec<Edge>>,
    parent: Option<String>,
    attempt: Option<u32>,
    dependency_count: usize,
    dependent_count: usize,
    comment_count: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only the shape is looked at")]
struct Edge {
    issue_id: String,
    depends_on_id: String,
    #[serde(rename = "type")]
    kind: String,
}

/// What writing commands answer, and `show` besides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only the shape is looked at")]
struct Comment {
    id: String,
    issue_id: String,
    author: String,
    text: String,
    created_at: String,
}

#[track_caller]
fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value:#}"))
}

/// The value without some keys, each of which has to be there.
#[track_caller]
fn without(value: &Value, keys: &[&str]) -> Value {
    let mut map = value.as_object().expect("an object").clone();
    for key in keys {
        assert!(map.remove(*key).is_some(), "{key} is missing: {value:#}");
    }
    map.into()
}

/// An answer has no counts: fill them in to read it as a bead.
#[track_caller]
fn answer(value: &Value) -> Listed {
    let mut map = value.as_object().expect("an object").clone();
    for key in ["dependency_count", "dependent_count", "comment_count"] {
        assert!(map.insert(key.to_owned(), 0.into()).is_none(), "{value:#}");
    }
    assert!(!map.contains_key("dependencies"), "{value:#}");
    read(map.into())
}

fn full(town: &Town) -> (String, String) {
    let other = create(town, &["Other"]);
    let id = create(
        town,
        &[
            "Full",
            "-t",
            "bug",
            "-p",
            "P1",
            "-d",
            "text",
            "--design",
            "x",
            "--acceptance",
            "x",
            "--notes",
            "x",
            "-a",
            "ann",
            "-l",
            "a,b",
            "--parent",
            &other,
            "--deps",
            &format!("blocks:{other},related:{other}"),
            "--external-ref",
            "gh-1",
            "--estimate",
            "30",
            "--due",
            "+3d",
            "--metadata",
            "{\"k\": [1]}",
        ],
    );
    town.bd(&["comment", &id, "said"]).ok();
    (id, other)
}

#[test]
fn lists() {
    let town = town();
    let (id, _) = full(&town);
    for words in [
        vec!["list"],
        vec!["ready"],
        vec!["search", "t"],
        vec!["list", "--all", "--id", &id],
    ] {
        let beads: Vec<Listed> = read(json(&town, &words));
        assert!(!beads.is_empty());
    }
    let listed: Vec<Listed> = read(json(&town, &["list", "--id", &id]));
    let bead = &listed[0];
    assert_eq!((bead.dependency_count, bead.comment_count), (3, 1));
    assert_eq!(bead.estimated_minutes, Some(30));
    let blocked = json(&town, &["blocked"]);
    let bead = &blocked[0];
    assert_eq!(bead["blocked_by_count"], 1);
    assert!(bead["blocked_by"][0].is_string());
    read::<Listed>(without(bead, &["blocked_by", "blocked_by_count"]));
}

#[test]
fn show() {
    let town = town();
    let (id, other) = full(&town);
    let shown = json(&town, &["show", &id, &other]);
    assert_eq!(shown.as_array().unwrap().len(), 2);
    for bead in shown.as_array().unwrap() {
        read::<Listed>(without(bead, &["dependencies", "dependents", "comments"]));
        for key in ["dependencies", "dependents"] {
            for linked in bead[key].as_array().unwrap() {
                assert!(linked["dependency_type"].is_string());
                read::<Listed>(without(linked, &["dependency_type"]));
            }
        }
        read::<Vec<Comment>>(bead["comments"].clone());
    }
    assert_eq!(shown[0]["dependencies"].as_array().unwrap().len(), 3);
    assert_eq!(shown[1]["dependents"].as_array().unwrap().len(), 3);
    assert_eq!(shown[1]["dependent_count"], 3);
}

#[test]
fn answers_of_writing_commands() {
    let town = town();
    let created = json(&town, &["create", "A", "-l", "x"]);
    let id = answer(&created).id;
    let preview = json(&town, &["create", "B", "--dry-run"]);
    answer(&without(&preview, &["dry_run"]));
    for words in [
        vec!["update", &id, "--claim"],
        vec!["update", &id, "-d", "text", "--comment", "said"],
        vec!["close", &id, "-r", "done"],
        vec!["reopen", &id],
        vec!["defer", &id, "--until", "+1d"],
        vec!["undefer", &id],
        vec!["ready", "--claim"],
    ] {
        let answers = json(&town, &words);
        assert_eq!(answers.as_array().unwrap().len(), 1, "{words:?}");
        assert_eq!(answer(&answers[0]).id, id);
    }
    assert_eq!(json(&town, &["ready", "--claim"]), serde_json::json!([]));
    assert_eq!(json(&town, &["list"]).as_array().unwrap().len(), 1);
    let comment: Comment = read(json(&town, &["comment", &id, "again"]));
    assert_eq!(
        (comment.issue_id, comment.text.as_str()),
        (id.clone(), "again")
    );
    read::<Comment>(json(&town, &["comments", "add", &id, "more"]));
    let comments: Vec<Comment> = read(json(&town, &["comments", &id]));
    assert_eq!(comments.len(), 4);
}

#[test]
fn edges() {
    let town = town();
    let [a, b] = ["A", "B"].map(|title| create(&town, &[title]));
    let edge = |status: &str| {
        serde_json::json!({
            "status": status, "issue_id": a, "depends_on_id": b, "type": "blocks"
        })
    };
    assert_eq!(json(&town, &["dep", "add", &a, &b]), edge("added"));
    assert_eq!(json(&town, &["dep", "add", &a, &b]), edge("unchanged"));
    let list = json(&town, &["dep", "list", &a]);
    assert_eq!(list[0]["dependency_type"], "blocks");
    read::<Listed>(without(&list[0], &["dependency_type"]));
    let tree = json(&town, &["dep", "tree", &a]);
    assert_eq!(tree[1]["id"], b.as_str());
    assert_eq!(tree[1]["depth"], 1);
    let next = json(&town, &["close", &b, "--suggest-next"]);
    assert_eq!(next["closed"][0]["id"], b.as_str());
    assert_eq!(next["unblocked"][0]["id"], a.as_str());
    assert_eq!(json(&town, &["dep", "remove", &a, &b]), edge("removed"));
    town.bd(&["dep", "remove", &a, &b]).fails(3);
    let added = json(&town, &["dep", &b, "--blocks", &a]);
    assert_eq!(added, edge("added"));
}

#[test]
fn numbers_and_labels() {
    let town = town();
    let id = create(&town, &["A", "-l", "web,api"]);
    create(&town, &["B", "-l", "web"]);
    let stats = json(&town, &["stats"]);
    let summary = &stats["summary"];
    for key in [
        "total_issues",
        "open_issues",
        "in_progress_issues",
        "closed_issues",
        "blocked_issues",
        "deferred_issues",
        "ready_issues",
        "average_lead_time_hours",
    ] {
        assert!(summary[key].is_number(), "{key}: {stats:#}");
    }
    assert_eq!(summary["ready_issues"], 2);
    assert_eq!(json(&town, &["count"]), serde_json::json!({ "count": 2 }));
    assert_eq!(
        json(&town, &["count", "--by", "label"]),
        serde_json::json!({ "total": 2, "groups": [
            { "group": "api", "count": 1 }, { "group": "web", "count": 2 }
        ]})
    );
    assert_eq!(
        json(&town, &["label", "list", &id]),
        serde_json::json!(["api", "web"])
    );
    assert_eq!(
        json(&town, &["label", "list-all"]),
        serde_json::json!([{ "label": "api", "count": 1 }, { "label": "web", "count": 2 }])
    );
    assert_eq!(
        json(&town, &["label", "add", &id, "new"]),
        serde_json::json!([{ "status": "added", "issue_id": id, "label": "new" }])
    );
}

#[test]
fn epics() {
    let town = town();
    let epic = create(&town, &["Epic", "-t", "epic"]);
    let child = create(&town, &["Child", "--parent", &epic]);
    let status = json(&town, &["epic", "status"]);
    assert_eq!(status[0]["epic"]["id"], epic.as_str());
    assert_eq!(
        (&status[0]["total_children"], &status[0]["closed_children"]),
        (&1.into(), &0.into())
    );
    assert_eq!(status[0]["eligible_for_close"], false);
    assert_eq!(
        json(&town, &["epic", "close-eligible"]),
        serde_json::json!([])
    );
    town.bd(&["close", &child]).ok();
    let eligible = json(&town, &["epic", "close-eligible", "--dry-run"]);
    assert_eq!(eligible[0]["eligible_for_close"], true);
    assert_eq!(
        json(&town, &["epic", "close-eligible"])[0]["status"],
        "closed"
    );
}

#[test]
fn about_the_store() {
    let town = town();
    let place = json(&town, &["where"]);
    for key in [
        "path",
        "why",
        "prefix",
        "name",
        "repository",
        "git_dir",
        "worktree",
        "actor",
    ] {
        assert!(place[key].is_string(), "{key}: {place:#}");
    }
    let info = json(&town, &["info"]);
    assert_eq!(
        (&info["issue_prefix"], &info["issue_count"]),
        (&"gt".into(), &0.into())
    );
    let version = town.bd(&["version"]).ok();
    // Programs that drive `bd` take the first version and want 0.9.0 or newer.
    assert!(version.stdout.starts_with("bd version 1."), "{version}");
    assert!(json(&town, &["version"])["plaintown"].is_string());
}

#[test]
fn errors() {
    let town = town();
    for (words, code) in [
        (vec!["show", "gt-zzzzz"], "not_found"),
        (vec!["create", ""], "usage"),
        (vec!["nosuch"], "usage"),
        (vec!["--readonly", "create", "x"], "refused"),
    ] {
        let args = [&words[..], &["--json"]].concat();
        let answer = town.bd(&args);
        let found = error(&answer);
        assert_eq!(found["code"], code, "{answer}");
        let keys: Vec<&String> = found.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["error", "code", "hint"]);
    }
}
