//! Many processes at once.

use super::{bead, create, json, town};
use std::collections::BTreeMap;
use testkit::{Call, Town};

fn as_agent(town: &Town, n: usize, words: &[&str]) -> Call {
    town.call("bd", words).env("BD_ACTOR", format!("agent-{n}"))
}

fn shell_of_agent(town: &Town, n: usize, script: &str) -> Call {
    town.call("sh", &["-c", script])
        .env("BD_ACTOR", format!("agent-{n}"))
}

/// 16 processes claim one bead, so many times: exactly one wins each.
fn claims(rounds: usize) {
    let town = town();
    for round in 0..rounds {
        let id = create(&town, &["Wanted"]);
        let calls: Vec<Call> = (0..16)
            .map(|n| as_agent(&town, n, &["update", &id, "--claim"]))
            .collect();
        let answers = Call::race(&calls);
        let winners: Vec<usize> = (0..16).filter(|&n| answers[n].status.success()).collect();
        assert_eq!(winners.len(), 1, "round {round}: {answers:#?}");
        for loser in answers.iter().filter(|it| !it.status.success()) {
            assert_eq!(loser.status.code(), Some(4), "{loser}");
            assert!(loser.stderr.contains("already claimed by"), "{loser}");
        }
        let bead = bead(&town, &id);
        assert_eq!(bead["assignee"], format!("agent-{}", winners[0]));
        assert_eq!(
            (&bead["attempt"], &bead["status"]),
            (&1.into(), &"in_progress".into())
        );
        // Repeating one's own claim succeeds and is no new attempt.
        as_agent(&town, winners[0], &["update", &id, "--claim"])
            .run()
            .ok();
        assert_eq!(super::bead(&town, &id)["attempt"], 1);
        town.bd(&["close", &id]).ok();
    }
}

#[test]
fn one_of_sixteen_claims_wins() {
    claims(25);
}

#[test]
#[ignore = "takes minutes: `just torture` runs it"]
fn torture_one_of_sixteen_claims_wins_every_time() {
    claims(200);
}

/// 8 processes change one bead in turn, so many times each: nothing is lost.
fn changes(each: usize) {
    let town = town();
    let id = create(&town, &["Busy"]);
    let script = |n: usize| {
        format!(
            "for i in $(seq {each}); do case $((i % 3)) in \
             0) bd update {id} --add-label l{n}-$i;; \
             1) bd comment {id} c{n}-$i;; \
             2) bd update {id} --append-notes n{n}-$i;; esac || exit 1; done"
        )
    };
    let scripts: Vec<Call> = (0..8)
        .map(|n| shell_of_agent(&town, n, &script(n)))
        .collect();
    for answer in Call::race(&scripts) {
        answer.ok();
    }
    let bead = bead(&town, &id);
    let labels = bead["labels"].as_array().unwrap();
    let notes: Vec<&str> = bead["notes"].as_str().unwrap().lines().collect();
    let comments = bead["comments"].as_array().unwrap();
    for n in 0..8 {
        for i in 1..=each {
            let found = match i % 3 {
                0 => labels.iter().any(|it| *it == format!("l{n}-{i}")),
                1 => comments.iter().any(|it| it["text"] == format!("c{n}-{i}")),
                _ => notes.contains(&format!("n{n}-{i}").as_str()),
            };
            assert!(found, "change {i} of process {n} is lost");
        }
    }
    assert_eq!(labels.len() + notes.len() + comments.len(), 8 * each);
}

#[test]
fn no_change_to_a_busy_bead_is_lost() {
    changes(63);
}

#[test]
fn eight_take_twenty_beads_without_a_quarrel() {
    let town = town();
    let ids: Vec<String> = (0..20).map(|n| create(&town, &[&n.to_string()])).collect();
    let script = "while bd ready --claim --json | grep -q '\"id\"'; do \
                  bd list --json --assignee \"$BD_ACTOR\" --status in_progress \
                  | sed -n 's/^    \"id\": \"\\(.*\\)\",$/\\1/p' \
                  | while read -r id; do echo \"$id\"; bd close \"$id\" > /dev/null; done; done";
    let agents: Vec<Call> = (0..8).map(|n| shell_of_agent(&town, n, script)).collect();
    let mut winners: BTreeMap<String, usize> = BTreeMap::new();
    for answer in Call::race(&agents) {
        let answer = answer.ok();
        for id in answer.stdout.lines() {
            *winners.entry(id.to_owned()).or_default() += 1;
        }
    }
    for id in &ids {
        assert_eq!(winners.get(id), Some(&1), "{id}: {winners:?}");
        assert_eq!(bead(&town, id)["attempt"], 1);
    }
}

#[test]
fn beads_created_at_once_have_ids_of_their_own() {
    let mut town = town();
    // The same randomness in each process: they all draw the same IDs.
    town.seed(7);
    let parent = create(&town, &["Parent"]);
    let calls: Vec<Call> = (0..16)
        .map(|n| match n % 2 {
            0 => as_agent(&town, n, &["create", "x", "--silent"]),
            _ => as_agent(&town, n, &["create", "x", "--silent", "--parent", &parent]),
        })
        .collect();
    let mut ids: Vec<String> = Call::race(&calls)
        .into_iter()
        .map(|answer| answer.ok().text().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 16);
    assert_eq!(json(&town, &["list"]).as_array().unwrap().len(), 17);
}
