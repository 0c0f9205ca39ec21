//! What lists show, and in which order.

use super::{create, json, town};
use testkit::Town;

fn titles(town: &Town, words: &[&str]) -> String {
    let list = json(town, words);
    let titles = list.as_array().unwrap().iter();
    let titles: Vec<&str> = titles.map(|bead| bead["title"].as_str().unwrap()).collect();
    titles.join(" ")
}

fn sample() -> Town {
    let mut town = town();
    let times = ["2026-01-10", "2026-01-12", "2026-01-14"];
    let beads: [&[&str]; 3] = [
        &[
            "a",
            "-p",
            "3",
            "-l",
            "web",
            "--due",
            "2026-01-11",
            "--metadata",
            "k=v",
        ],
        &[
            "b",
            "-p",
            "0",
            "-t",
            "bug",
            "-a",
            "gastown/toast",
            "-l",
            "web,api",
            "-d",
            "Deep",
        ],
        &["c", "-p", "2", "-l", "apiary"],
    ];
    for (time, words) in times.iter().zip(beads) {
        town.at(&format!("{time}T10:00:00Z"));
        create(&town, words);
    }
    town.at("2026-01-15T10:00:00Z");
    town
}

#[test]
fn filters() {
    let town = sample();
    for (flags, expected) in [
        ("", "b c a"),
        ("--sort oldest", "a b c"),
        ("--sort created", "c b a"),
        ("--sort title --reverse", "c b a"),
        ("-n 2", "b c"),
        ("-n 0", "b c a"),
        ("-t bug", "b"),
        ("-t bug,task -p 2,3", "c a"),
        ("--priority-min 2", "c a"),
        ("--priority-max P2", "b c"),
        ("-a gastown/toast", "b"),
        ("-a gastown/polecats/toast", "b"),
        ("--no-assignee", "c a"),
        ("-l web", "b a"),
        ("-l web,api", "b"),
        ("--label-any api,apiary", "b c"),
        ("--label-pattern api*", "b c"),
        ("--title-contains B", "b"),
        ("--title b", "b"),
        ("--desc-contains deep", "b"),
        ("--created-after 4d", "b c"),
        ("--created-before 2026-01-13", "b a"),
        ("--overdue", "a"),
        ("--due-before 2026-02-01", "a"),
        ("--metadata-field k=v", "a"),
        ("--ready", "b c a"),
        ("--pinned", ""),
        ("--status closed", ""),
        ("--status all", "b c a"),
        ("--status open,closed", "b c a"),
    ] {
        let words = [&["list"][..], &flags.split_whitespace().collect::<Vec<_>>()].concat();
        assert_eq!(titles(&town, &words), expected, "{flags}");
    }
    let short = town.bd(&["list", "-n", "1"]).ok();
    assert!(short.stderr.contains("2 more are not shown"), "{short}");
}

#[test]
fn closed_ones_show_when_asked_for() {
    let town = town();
    let id = create(&town, &["a", "-d", "A zebra."]);
    create(&town, &["b"]);
    town.bd(&["close", &id]).ok();
    assert_eq!(titles(&town, &["list"]), "b");
    assert_eq!(titles(&town, &["list", "--all", "--sort", "title"]), "a b");
    assert_eq!(titles(&town, &["list", "--status", "closed"]), "a");
    assert_eq!(titles(&town, &["list", "--id", &id]), "a");
    assert_eq!(titles(&town, &["list", "--closed-after", "1d"]), "a");
    assert_eq!(titles(&town, &["search", "zebra"]), "");
    assert_eq!(titles(&town, &["search", "ZEBRA", "--all"]), "a");
}

#[test]
fn ready_is_what_can_be_begun() {
    let town = town();
    let epic = create(&town, &["epic", "-t", "epic"]);
    let first = create(&town, &["first", "--parent", &epic, "-p", "0"]);
    let second = create(&town, &["second", "--depends-on", &first, "-p", "1"]);
    create(&town, &["later", "-p", "3", "--defer", "+1d"]);
    create(&town, &["hidden", "--ephemeral"]);
    create(&town, &["gate", "-t", "gate"]);
    assert_eq!(titles(&town, &["ready"]), "first epic");
    assert_eq!(titles(&town, &["ready", "-t", "gate"]), "gate");
    assert_eq!(
        titles(&town, &["ready", "--include-deferred"]),
        "first epic later"
    );
    assert_eq!(titles(&town, &["ready", "--parent", &epic]), "first");
    town.bd(&["update", &first, "--claim", "--actor", "ann"])
        .ok();
    assert_eq!(titles(&town, &["ready"]), "epic");
    town.bd(&["close", &first]).ok();
    assert_eq!(titles(&town, &["ready"]), "second epic");
    assert_eq!(titles(&town, &["ready", "-n", "1"]), "second");
    town.bd(&["update", &second, "-a", "bob"]).ok();
    assert_eq!(titles(&town, &["ready", "--unassigned"]), "epic");
    assert_eq!(titles(&town, &["ready", "-a", "bob"]), "second");
    // Somebody else's bead is not taken.
    assert_eq!(
        titles(&town, &["ready", "--claim", "--actor", "ann"]),
        "epic"
    );
}

#[test]
fn the_life_of_a_bead() {
    let town = town();
    let id = create(&town, &["a"]);
    let status = || super::bead(&town, &id)["status"].clone();
    town.bd(&["update", &id, "--status", "in_progress"]).ok();
    assert!(super::bead(&town, &id)["started_at"].is_string());
    town.bd(&["defer", &id, "--until", "+3d"]).ok();
    assert_eq!(status(), "deferred");
    town.bd(&["update", &id, "--claim"]).fails(4);
    town.bd(&["undefer", &id]).ok();
    town.bd(&["update", &id, "--defer", "+3d"]).ok();
    assert_eq!(status(), "deferred");
    town.bd(&["update", &id, "--defer", ""]).ok();
    assert_eq!(status(), "open");
    town.bd(&["update", &id, "--status", "review"]).ok();
    assert_eq!(status(), "review");
    town.bd(&["close", &id]).ok();
    assert!(super::bead(&town, &id)["closed_at"].is_string());
    town.bd(&["reopen", &id, "-r", "not yet"]).ok();
    let bead = super::bead(&town, &id);
    assert!(bead.get("closed_at").is_none());
    let said = bead["comments"][0]["text"].as_str().unwrap();
    assert_eq!(said, "Reopened by overseer: not yet");
    town.bd(&["reopen", &id]).fails(4);
    town.bd(&["undefer", &id]).fails(4);
}

#[test]
fn a_refused_update_leaves_the_bead_as_it_was() {
    let town = town();
    let id = create(&town, &["a"]);
    town.bd(&["update", &id, "--claim", "--actor", "ann"]).ok();
    let before = super::bead(&town, &id);
    town.bd(&["update", &id, "--claim", "-p", "0", "--comment", "mine"])
        .fails(4);
    town.bd(&["update", &id, "--status", "hooked", "--title", "b"])
        .fails(4);
    town.bd(&["update", &id, "--title", "", "--claim", "--actor", "ann"])
        .fails(2);
    assert_eq!(super::bead(&town, &id), before);
}
