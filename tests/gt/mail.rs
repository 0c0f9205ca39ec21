//! `gt mail`: messages between agents and people.

use super::store;
use indoc::indoc;
use serde_json::json;
use std::fs;
use testkit::{Call, Town};

mod refused;

fn send(town: &Town, args: &[&str]) -> String {
    let all = [&["mail", "send"], args, &["--json"]].concat();
    let sent = town.gt(&all).ok().json();
    sent["id"].as_str().expect("mail has an ID").to_owned()
}

/// A command of the mayor's.
fn mayor(town: &Town, args: &[&str]) -> Call {
    town.call("gt", &[&["mail"], args].concat())
        .env("GT_AGENT", "mayor")
}

fn path(owner: &str, id: &str) -> String {
    format!(".beads/mail/{owner}/{id}.yaml")
}

#[test]
fn the_file_is_as_documented() {
    let town = store();
    let id = send(
        &town,
        &[
            "repo/toast",
            "-s",
            "Which database?",
            "-m",
            "Two lines,\nat least.",
            "-p",
            "1",
        ],
    );
    assert!(id.starts_with("20260115T103500Z-"), "{id}");
    assert_eq!(
        town.read(path("repo/polecats/toast", &id)),
        indoc! {r#"
            format: 1

            from: overseer

            to: repo/polecats/toast

            subject: "Which database?"

            priority: 1

            created_at: 2026-01-15T10:35:00Z

            thread: null

            body: |-
              Two lines,
              at least.
        "#}
    );
}

#[test]
fn what_is_read_is_no_longer_new() {
    let mut town = store();
    let first = send(&town, &["mayor", "-s", "First", "-m", "Hello."]);
    town.at("2026-01-15T10:40:00Z");
    let second = send(
        &town,
        &["mayor", "-s", "Second", "--actor", "gastown/toast"],
    );
    let line = |number: usize, id: &str, mark: &str, rest: &str| {
        format!("  {number}  {id}  {mark}  P2  {rest}\n")
    };
    let unread = mayor(&town, &["inbox"]).run().ok().stdout;
    assert_eq!(
        unread,
        line(1, &first, "new ", "overseer                First  5m")
            + &line(2, &second, "new ", "gastown/polecats/toast  Second  0s")
    );
    let shown = mayor(&town, &["read"]).run().ok().stdout;
    assert_eq!(
        shown,
        indoc! {"
            First
            From: overseer
            To: mayor
            Date: 2026-01-15T10:35:00Z
            Priority: P2

            Hello.
        "}
    );
    let unread = mayor(&town, &["inbox"]).run().ok().stdout;
    assert_eq!(
        unread,
        line(2, &second, "new ", "gastown/polecats/toast  Second  0s")
    );
    let all = mayor(&town, &["inbox", "--all"]).run().ok().stdout;
    assert!(
        all.starts_with(&line(
            1,
            &first,
            "read",
            "overseer                First  5m"
        )),
        "{all}"
    );
    mayor(&town, &["read", "2"]).run().ok();
    assert_eq!(mayor(&town, &["inbox"]).run().ok().stdout, "No mail\n");
    let none = mayor(&town, &["read"]).run().fails(3);
    assert!(none.stderr.contains("mayor has no unread mail"), "{none}");
    let again = mayor(&town, &["read", &first]).run().ok().stdout;
    assert_eq!(again, shown);
}

#[test]
fn json() {
    let town = store();
    let id = send(&town, &["mayor", "-s", "First", "-m", "Hello."]);
    let mail = |read: bool| {
        json!({
            "id": id,
            "from": "overseer",
            "to": "mayor",
            "subject": "First",
            "priority": 2,
            "created_at": "2026-01-15T10:35:00Z",
            "thread": null,
            "body": "Hello.",
            "read": read,
            "acknowledged": false,
        })
    };
    let mut listed = mail(false);
    listed["number"] = json!(1);
    let inbox = town.gt(&["mail", "inbox", "mayor", "--json"]).ok().json();
    assert_eq!(inbox, json!([listed]));
    let read = mayor(&town, &["read", &id, "--json"]).run().ok().json();
    assert_eq!(read, mail(true));
    let empty = mayor(&town, &["inbox", "--json"]).run().ok().json();
    assert_eq!(empty, json!([]));
}

#[test]
fn the_body_may_come_from_anywhere() {
    let town = store();
    fs::write(town.root().join("body.txt"), "From a file.\n").unwrap();
    let file = town.root().join("body.txt");
    for (args, body) in [
        (&["-m", "From a flag."][..], json!("From a flag.")),
        (&["-f", file.to_str().unwrap()], json!("From a file.\n")),
        (&["-f", "-"], json!("From a pipe.\n")),
        (&["-m", "-"], json!("From a pipe.\n")),
        (&["-"], json!("From a pipe.\n")),
        (&[], json!(null)),
        (&["-m", " \n"], json!(null)),
    ] {
        let all = [&["mail", "send", "mayor", "-s", "S", "--json"], args].concat();
        let sent = town
            .call("gt", &all)
            .stdin("From a pipe.\n")
            .run()
            .ok()
            .json();
        assert_eq!(sent["body"], body, "{args:?}");
    }
}

#[test]
fn answers_belong_to_one_conversation() {
    let town = store();
    let question = send(&town, &["mayor", "-s", "Which?"]);
    let answer = mayor(
        &town,
        &[
            "send",
            "overseer",
            "-s",
            "This.",
            "--reply-to",
            "1",
            "--json",
        ],
    );
    let answer = answer.run().ok().json();
    assert_eq!(answer["thread"], json!(question));
    let id = answer["id"].as_str().unwrap();
    let thanks = town.gt(&[
        "mail",
        "send",
        "mayor",
        "-s",
        "Thanks",
        "--reply-to",
        id,
        "--json",
    ]);
    assert_eq!(thanks.ok().json()["thread"], json!(question));
}

#[test]
fn control_characters_are_shown_and_kept() {
    let town = store();
    send(&town, &["mayor", "-s", "\u{1b}[2J", "-m", "\u{202e}over"]);
    let shown = mayor(&town, &["inbox"]).run().ok().stdout;
    assert!(
        shown.contains("\\u{1b}[2J") && !shown.contains('\u{1b}'),
        "{shown}"
    );
    let read = mayor(&town, &["read", "--json"]).run().ok().json();
    assert_eq!(read["subject"], json!("\u{1b}[2J"));
    assert_eq!(read["body"], json!("\u{202e}over"));
}

#[test]
fn senders_at_the_same_time_lose_nothing() {
    let town = store();
    let subjects: Vec<String> = (0..8).map(|i| format!("Number {i}")).collect();
    let calls: Vec<Call> = subjects
        .iter()
        .map(|subject| {
            town.call("gt", &["mail", "send", "mayor", "-s", subject])
                .env("PLAINTOWN_SEED", "7")
        })
        .collect();
    for sent in Call::race(&calls) {
        sent.ok();
    }
    let inbox = town.gt(&["mail", "inbox", "mayor", "--json"]).ok().json();
    let mut found: Vec<&str> = inbox
        .as_array()
        .unwrap()
        .iter()
        .map(|mail| mail["subject"].as_str().unwrap())
        .collect();
    found.sort_unstable();
    assert_eq!(found, subjects);
}

#[test]
fn a_message_that_cannot_be_read_hides_no_other() {
    let town = store();
    let good = send(&town, &["mayor", "-s", "Good"]);
    let bad = "20260115T103600Z-xxxx";
    town.write(path("mayor", bad), "<<<<<<< ours\n");
    let told = mayor(&town, &["inbox"]).run().fails(5);
    assert!(told.stdout.contains(&good), "{told}");
    let place = format!("{}:1: ", path("mayor", bad));
    assert!(told.stderr.contains(&place), "{told}");
    let told = mayor(&town, &["read", bad]).run().fails(5);
    assert!(told.stderr.contains(&place), "{told}");
    mayor(&town, &["read"]).run().ok();
    // Nothing else is unread, and yet it must not say so.
    let told = mayor(&town, &["read"]).run().fails(5);
    assert!(told.stderr.contains(&place), "{told}");
}
