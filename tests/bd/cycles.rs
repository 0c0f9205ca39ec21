//! Dependencies that would go round in a circle.

use super::{bead, create, json, town};
use testkit::Call;

#[test]
fn a_cycle_is_refused_and_named() {
    let town = town();
    let ids: Vec<String> = ["a", "b", "c"]
        .iter()
        .map(|name| create(&town, &[name, "--id", &format!("gt-{name}aaa")]))
        .collect();
    let [a, b, c] = &ids[..] else { unreachable!() };
    town.bd(&["dep", "add", a, b]).ok();
    town.bd(&["dep", "add", b, c]).ok();
    let answer = town.bd(&["dep", "add", c, a]).fails(4);
    assert!(
        answer
            .stderr
            .contains("gt-caaa -> gt-aaaa -> gt-baaa -> gt-caaa"),
        "{answer}"
    );
    town.bd(&["dep", "add", a, a]).fails(4);
    town.bd(&["dep", a, "--blocks", c]).fails(4);
    town.bd(&["update", a, "--parent", c]).ok();
    town.bd(&["update", c, "--parent", a]).fails(4);
    // What blocks nobody may go round.
    town.bd(&["dep", "add", c, a, "-t", "related"]).ok();
    assert_eq!(json(&town, &["dep", "cycles"]), serde_json::json!([]));
}

#[test]
fn an_epic_cannot_wait_for_its_child() {
    let town = town();
    let epic = create(&town, &["Epic", "-t", "epic"]);
    let child = create(&town, &["Child", "--parent", &epic]);
    assert!(child.starts_with(&format!("{epic}.")));
    assert_eq!(child.len(), epic.len() + 4);
    town.bd(&["dep", "add", &epic, &child]).fails(4);
    let waiter = create(&town, &["Waits", "--deps", &format!("waits-for:{epic}")]);
    town.bd(&[
        "create",
        "Circle",
        "--parent",
        &epic,
        "--depends-on",
        &waiter,
    ])
    .fails(4);
    assert_eq!(
        json(&town, &["children", &epic]).as_array().unwrap().len(),
        1
    );
    town.bd(&["create", "Free", "--parent", &epic, "--depends-on", &child])
        .ok();
}

#[test]
fn a_cycle_that_came_by_hand_is_found() {
    let town = town();
    let a = create(&town, &["A"]);
    let b = create(&town, &["B", "--depends-on", &a]);
    let path = super::file(&town, &a);
    let text = std::fs::read_to_string(&path).unwrap();
    let entry = format!("dependencies:\n  - id: {b}\n    type: blocks\n");
    std::fs::write(&path, text.replace("dependencies: []", &entry)).unwrap();
    let cycles = json(&town, &["dep", "cycles"]);
    assert_eq!(cycles.as_array().unwrap().len(), 1);
    assert_eq!(cycles[0].as_array().unwrap().len(), 3);
    town.bd(&["dep", "remove", &a, &b]).ok();
    assert_eq!(json(&town, &["dep", "cycles"]), serde_json::json!([]));
}

#[test]
fn the_two_halves_of_a_cycle_at_once() {
    let town = town();
    for _ in 0..30 {
        let a = create(&town, &["A"]);
        let b = create(&town, &["B"]);
        let halves = [
            town.call("bd", &["dep", "add", &a, &b]),
            town.call("bd", &["dep", "add", &b, &a]),
            town.call("bd", &["update", &a, "--parent", &b]),
            town.call("bd", &["update", &b, "--parent", &a]),
        ];
        let done = Call::race(&halves);
        assert!(done.iter().any(|it| it.status.success()));
        assert_eq!(
            json(&town, &["dep", "cycles"]),
            serde_json::json!([]),
            "{done:#?}"
        );
        town.bd(&["close", &a, &b]).ok();
    }
}

#[test]
fn an_edge_to_nothing_is_refused() {
    let town = town();
    let a = create(&town, &["A"]);
    town.bd(&["dep", "add", &a, "gt-zzzzz"]).fails(3);
    town.bd(&["create", "B", "--deps", "related:gt-zzzzz"])
        .fails(3);
    town.bd(&["create", "B", "--parent", "gt-zzzzz"]).fails(3);
    assert_eq!(bead(&town, &a)["dependencies"], serde_json::json!([]));
}

#[test]
fn one_parent_at_a_time() {
    let town = town();
    let [a, b, c] = ["A", "B", "C"].map(|title| create(&town, &[title]));
    town.bd(&["dep", "add", &c, &a, "-t", "parent-child"]).ok();
    assert_eq!(bead(&town, &c)["parent"], a.as_str());
    let answer = town
        .bd(&["dep", "add", &c, &b, "-t", "parent_child"])
        .fails(4);
    assert!(answer.stderr.contains("--parent"), "{answer}");
    town.bd(&["update", &c, "--parent", &b]).ok();
    assert_eq!(bead(&town, &c)["parent"], b.as_str());
    town.bd(&["dep", "remove", &c, &b]).ok();
    assert!(bead(&town, &c).get("parent").is_none());
}
