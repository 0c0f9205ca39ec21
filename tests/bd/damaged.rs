//! Files that cannot be read: named, never skipped in silence, never
//! overwritten; the others go on working.

use super::{create, error, file, json, town};
use std::fs;
use std::os::unix::fs::symlink;
use testkit::Town;

/// Damages a bead and checks everything that commands owe to it.
#[track_caller]
fn check(town: &Town, damage: &str, place: &str) {
    let good = create(town, &["Good"]);
    let bad = create(town, &["Bad"]);
    let path = file(town, &bad);
    fs::write(&path, damage.replace("ID", &bad)).unwrap();
    let before = fs::read(&path).unwrap();
    let named = format!("{bad}.yaml{place}");

    let answer = town.bd(&["show", &bad]).fails(5);
    assert!(answer.stderr.contains(&named), "{answer}");
    assert!(answer.stderr.contains("hint: "), "{answer}");
    for words in [vec!["list"], vec!["ready"], vec!["show", &good]] {
        let answer = town.bd(&words).fails(5);
        assert!(answer.stdout.contains("Good"), "{answer}");
        assert!(!answer.stdout.contains("Bad"), "{answer}");
        assert!(answer.stderr.contains(&named), "{answer}");
    }
    for words in [
        vec!["update", &bad, "-p", "0"],
        vec!["update", &bad, "--claim"],
        vec!["close", &bad],
        vec!["label", "add", &bad, "x"],
        vec!["dep", "add", &bad, &good],
    ] {
        let args = [&words[..], &["--json"]].concat();
        let answer = town.bd(&args).fails(5);
        assert_eq!(error(&answer)["code"], "damaged", "{answer}");
    }
    town.bd(&["update", &good, "-p", "0"]).ok();
    town.bd(&["show", &good, "--no-dependents"]).ok();
    assert_eq!(fs::read(&path).unwrap(), before);
}

const REST: &str = "status: open\n\ncreated_at: 2026-01-15T10:30:00Z\n";

#[test]
fn conflict_markers() {
    let text = format!(
        "format: 1\n\nid: ID\n\n<<<<<<< HEAD\ntitle: \"a\"\n=======\ntitle: \"b\"\n>>>>>>> x\n\n{REST}"
    );
    check(&town(), &text, ":5");
}

#[test]
fn broken_yaml() {
    check(
        &town(),
        &format!("format: 1\n\nid: ID\n\ntitle: \"a\n\n{REST}"),
        ":",
    );
}

#[test]
fn an_empty_file() {
    check(&town(), "", "");
}

#[test]
fn a_duplicate_key() {
    let text = format!("format: 1\n\nid: ID\n\ntitle: \"a\"\n\ntitle: \"b\"\n\n{REST}");
    check(&town(), &text, ":7");
}

#[test]
fn another_id_than_its_name() {
    check(
        &town(),
        &format!("format: 1\n\nid: gt-other\n\ntitle: \"a\"\n\n{REST}"),
        "",
    );
}

#[test]
fn a_newer_format() {
    let town = town();
    check(
        &town,
        &format!("format: 2\n\nid: ID\n\ntitle: \"a\"\n\n{REST}"),
        "",
    );
    let answer = town.bd(&["list"]).fails(5);
    assert!(answer.stderr.contains("newer"), "{answer}");
}

#[test]
fn a_file_of_ten_megabytes() {
    check(&town(), &"x".repeat(10 << 20), "");
}

#[test]
fn not_text() {
    let town = town();
    let id = create(&town, &["A"]);
    fs::write(file(&town, &id), [b'i', b'd', b':', 0xff, b'\n']).unwrap();
    let answer = town.bd(&["show", &id]).fails(5);
    assert!(answer.stderr.contains("UTF-8"), "{answer}");
}

#[test]
fn a_newer_configuration() {
    let town = town();
    let config = town.read(".beads/config.yaml");
    town.write(
        ".beads/config.yaml",
        &config.replace("format: 1", "format: 2"),
    );
    for words in [vec!["list"], vec!["create", "A"]] {
        let answer = town.bd(&words).fails(5);
        assert!(answer.stderr.contains("config.yaml"), "{answer}");
    }
}

#[test]
fn a_link_in_place_of_a_bead() {
    let town = town();
    let good = create(&town, &["Good"]);
    let bad = create(&town, &["Bad"]);
    let outside = town.root().join("secret");
    fs::rename(file(&town, &bad), &outside).unwrap();
    symlink(&outside, file(&town, &bad)).unwrap();
    let answer = town.bd(&["show", &bad]).fails(5);
    assert!(answer.stderr.contains("symbolic link"), "{answer}");
    town.bd(&["update", &bad, "-p", "0"]).fails(5);
    let listed = town.bd(&["list"]).fails(5);
    assert!(listed.stdout.contains("Good") && !listed.stdout.contains("Bad"));
    assert!(
        fs::read_to_string(&outside)
            .unwrap()
            .contains("priority: 2")
    );
    town.bd(&["close", &good]).ok();
}

#[test]
fn a_link_in_place_of_a_folder() {
    let town = town();
    let id = create(&town, &["A"]);
    let shard = file(&town, &id).parent().unwrap().to_owned();
    let outside = town.root().join("outside");
    fs::rename(&shard, &outside).unwrap();
    symlink(&outside, &shard).unwrap();
    for words in [
        vec!["show", &id],
        vec!["update", &id, "-p", "0"],
        vec!["list"],
    ] {
        town.bd(&words).fails(5);
    }
    let comments = town.repo().join(".beads/comments");
    fs::remove_dir_all(&comments).unwrap();
    let elsewhere = town.root().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, &comments).unwrap();
    fs::remove_file(&shard).unwrap();
    fs::rename(&outside, &shard).unwrap();
    town.bd(&["comment", &id, "text"]).fails(5);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn a_link_in_place_of_the_store() {
    let town = town();
    let outside = town.root().join("store");
    fs::rename(town.repo().join(".beads"), &outside).unwrap();
    symlink(&outside, town.repo().join(".beads")).unwrap();
    let answer = town.bd(&["list"]);
    assert!(!answer.status.success(), "{answer}");
    assert!(answer.stderr.contains(".beads"), "{answer}");
}

#[test]
fn a_damaged_comment_is_named() {
    let town = town();
    let id = create(&town, &["A"]);
    town.bd(&["comment", &id, "good"]).ok();
    let shard = &id[3..4];
    let folder = format!(".beads/comments/{shard}");
    town.write(
        format!("{folder}/{id}.20260101T000000Z-aaaa.yaml"),
        "<<<<<<< HEAD\n",
    );
    for words in [["comments", &id], ["show", &id]] {
        let answer = town.bd(&words).fails(5);
        assert!(answer.stdout.contains("good"), "{answer}");
        assert!(
            answer.stderr.contains("20260101T000000Z-aaaa.yaml"),
            "{answer}"
        );
    }
}

#[test]
fn a_stray_file_is_named() {
    let town = town();
    create(&town, &["A"]);
    town.write(".beads/beads/a/notes.txt", "hello");
    let answer = town.bd(&["list"]).fails(5);
    assert!(answer.stderr.contains("notes.txt"), "{answer}");
    assert_eq!(answer.stdout.lines().count(), 1);
    let closed = town.bd(&["list", "--status", "closed", "--json"]).fails(5);
    assert_eq!(closed.json(), serde_json::json!([]));
    assert!(json(&town, &["where"])["path"].is_string());
}
