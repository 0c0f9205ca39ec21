//! Many processes at one convoy: nothing is lost, and it says what is so.

use super::{bead, convoy, written_status};
use crate::gt::store;
use testkit::{Call, Town, invariants};

const WRITERS: usize = 8;

fn beads(town: &Town, count: usize) -> Vec<String> {
    let ids: Vec<String> = (0..count).map(|i| format!("gt-race{i}")).collect();
    for id in &ids {
        bead(town, id, "One of many");
    }
    ids
}

#[test]
fn adds_lose_nothing() {
    let town = store();
    let ids = beads(&town, 2 * WRITERS);
    let convoy = convoy(&town, "Many", &[]);
    let adds: Vec<Call> = ids
        .chunks(2)
        .map(|pair| town.call("gt", &["convoy", "add", &convoy, &pair[0], &pair[1]]))
        .collect();
    for added in Call::race(&adds) {
        added.ok();
    }
    let shown = town
        .gt(&["convoy", "status", &convoy, "--json"])
        .ok()
        .json();
    let mut named: Vec<&str> = shown["beads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bead| bead["id"].as_str().unwrap())
        .collect();
    named.sort_unstable();
    let mut expected: Vec<&str> = ids.iter().map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!(named, expected);
    assert_eq!(invariants::check(&town), Vec::<String>::new());
}

#[test]
fn closing_while_adding_is_seen() {
    for _ in 0..5 {
        let town = store();
        let ids = beads(&town, WRITERS / 2);
        let convoy = convoy(&town, "Many", &[]);
        let calls: Vec<Call> = ids
            .iter()
            .flat_map(|id| {
                [
                    town.call("gt", &["convoy", "add", &convoy, id]),
                    town.call("bd", &["close", id]),
                ]
            })
            .collect();
        for done in Call::race(&calls) {
            done.ok();
        }
        assert_eq!(written_status(&town, &convoy), "closed");
        assert_eq!(invariants::check(&town), Vec::<String>::new());
    }
}

#[test]
fn making_while_closing_is_seen() {
    for _ in 0..5 {
        let town = store();
        let ids = beads(&town, WRITERS / 2);
        let mut calls: Vec<Call> = ids
            .iter()
            .map(|id| town.call("bd", &["close", id]))
            .collect();
        for _ in 0..WRITERS / 2 {
            let mut args = vec!["convoy", "create", "Many"];
            args.extend(ids.iter().map(String::as_str));
            calls.push(town.call("gt", &args));
        }
        for done in Call::race(&calls) {
            done.ok();
        }
        assert_eq!(
            town.gt(&["convoy", "check", "--json"]).ok().json()["changed"],
            serde_json::json!([])
        );
        assert_eq!(invariants::check(&town), Vec::<String>::new());
    }
}
