//! Opening, closing and adding, and what is refused.

use super::{FIRST, SECOND, bead, convoy, path, two_beads, written_status};
use testkit::invariants;

#[test]
fn closes_with_its_last_bead_and_opens_with_the_first() {
    let mut town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST, SECOND]);
    town.bd(&["close", FIRST]).ok();
    assert_eq!(written_status(&town, &id), "open");
    town.at("2026-01-16T09:00:00Z");
    town.bd(&["close", SECOND]).ok();
    assert_eq!(written_status(&town, &id), "closed");
    assert!(
        town.read(path(&id))
            .contains("\nclosed_at: 2026-01-16T09:00:00Z\n")
    );
    town.bd(&["reopen", FIRST]).ok();
    assert_eq!(written_status(&town, &id), "open");
    assert!(town.read(path(&id)).contains("\nclosed_at: null\n"));
    assert_eq!(invariants::check(&town), Vec::<String>::new());
}

#[test]
fn adding_opens_it_again() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST]);
    town.bd(&["close", FIRST]).ok();
    let said = town.gt(&["convoy", "add", &id, SECOND, FIRST]).ok().stdout;
    assert_eq!(
        said,
        format!("Added to {id}, which is open again: {SECOND}\n")
    );
    assert_eq!(written_status(&town, &id), "open");
    let said = town.gt(&["convoy", "add", &id, SECOND]).ok().stdout;
    assert_eq!(said, format!("Nothing to add: {id} names them already\n"));
    town.bd(&["close", SECOND]).ok();
    assert_eq!(written_status(&town, &id), "closed");
}

#[test]
fn a_bead_may_be_in_several() {
    let town = two_beads();
    let one = convoy(&town, "One", &[FIRST]);
    let two = convoy(&town, "Two", &[FIRST, SECOND]);
    town.bd(&["update", FIRST, "--title", "Another title"]).ok();
    town.bd(&["close", FIRST]).ok();
    assert_eq!(written_status(&town, &one), "closed");
    assert_eq!(written_status(&town, &two), "open");
    assert!(town.read(path(&two)).contains("\"Another title\""));
    assert_eq!(invariants::check(&town), Vec::<String>::new());
}

#[test]
fn closing_by_hand_takes_a_reason() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST, SECOND]);
    let refused = town.gt(&["convoy", "close", &id]).fails(4);
    assert!(
        refused.stderr.contains("open: gt-abc12, gt-def34"),
        "{refused}"
    );
    let closed = town
        .gt(&["convoy", "close", &id, "--reason", "given up"])
        .ok();
    assert_eq!(closed.stdout, format!("Closed {id}\n"));
    assert!(
        town.read(path(&id))
            .contains("\nclose_reason: \"given up\"\n")
    );
    let again = town.gt(&["convoy", "close", &id]).ok();
    assert_eq!(again.stdout, format!("{id} is closed already\n"));
    town.bd(&["close", FIRST]).ok();
    town.bd(&["reopen", FIRST]).ok();
    assert_eq!(written_status(&town, &id), "closed");
    let forced = convoy(&town, "Others", &[FIRST]);
    town.gt(&["convoy", "close", &forced, "--force"]).ok();
    town.gt(&["convoy", "check"]).ok();
    assert_eq!(written_status(&town, &forced), "closed");
    assert_eq!(invariants::check(&town), Vec::<String>::new());
}

#[test]
fn a_convoy_of_closed_beads_is_closed() {
    let town = two_beads();
    town.bd(&["close", FIRST]).ok();
    let id = convoy(&town, "Over", &[FIRST]);
    assert_eq!(written_status(&town, &id), "closed");
}

#[test]
fn what_does_not_change_is_not_written() {
    use std::os::unix::fs::MetadataExt;
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST]);
    let inode = || town.repo().join(path(&id)).metadata().unwrap().ino();
    let before = inode();
    for args in [
        &["check"][..],
        &["add", &id, FIRST],
        &["list", "--all"],
        &["status", &id],
        &["stranded"],
    ] {
        town.gt(&[&["convoy"], args].concat()).ok();
        assert_eq!(inode(), before, "{args:?}");
    }
}

#[test]
fn unknown_keys_and_comments_survive() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST]);
    let text = town.read(path(&id));
    let own = text
        .replace("title: \"Fixes\"", "# Ours until spring.\ntitle: \"Fixes\"")
        .replace("\n\n\ncreated_at", "\n\n\nteam: identity\n\ncreated_at")
        .replace("    status: open\n", "    status: open\n    size: 3\n");
    town.write(path(&id), &own);
    town.gt(&["convoy", "add", &id, SECOND]).ok();
    town.bd(&["close", FIRST]).ok();
    let after = town.read(path(&id));
    for kept in [
        "# Ours until spring.\ntitle",
        "\nteam: identity\n",
        "\n    size: 3\n",
    ] {
        assert!(after.contains(kept), "{kept:?} is gone from\n{after}");
    }
}

#[test]
fn what_is_named_wrongly_is_refused() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST]);
    let other = convoy(&town, "Others", &[FIRST]);
    let long = "x".repeat(501);
    for (code, said, args) in [
        (
            3,
            "no issue found matching \"gt-none0\"",
            &["create", "T", "gt-none0"][..],
        ),
        (
            3,
            "no issue found matching \"gt-abc1\"",
            &["create", "T", "gt-abc1"],
        ),
        (2, "title is required", &["create", "  "]),
        (2, "500 characters or less", &["create", &long]),
        (2, "one line", &["create", "two\nlines"]),
        (2, "is not a priority", &["create", "T", "-p", "9"]),
        (
            3,
            "no convoy found matching \"hq-cv-none0\"",
            &["add", "hq-cv-none0", FIRST],
        ),
        (3, "no issue found matching", &["add", &id, "gt-none0"]),
        (2, "required", &["add", &id]),
        (3, "no convoy found matching", &["status", "../config"]),
        (
            3,
            "no convoy found matching \"\\u{1b}\"",
            &["status", "\u{1b}"],
        ),
        (3, "no convoy found matching \"\"", &["status", ""]),
        (2, "is ambiguous", &["status", "hq-cv"]),
        (
            3,
            "no convoy found matching",
            &["close", &id[..9], "--force"],
        ),
        (3, "no convoy found matching", &["close", FIRST, "--force"]),
    ] {
        let refused = town.gt(&[&["convoy"], args].concat()).fails(code);
        assert!(refused.stderr.contains(said), "{refused}");
        assert_eq!(refused.stdout, "");
    }
    let convoys = town.gt(&["convoy", "list", "--json"]).ok().json();
    assert_eq!(convoys.as_array().unwrap().len(), 2, "{id} and {other}");
}

#[test]
fn errors_are_json_where_json_is_asked_for() {
    let town = two_beads();
    let failed = town.gt(&["convoy", "status", "nix", "--json"]).fails(3);
    let error: serde_json::Value = serde_json::from_str(&failed.stderr).unwrap();
    assert_eq!(
        error,
        serde_json::json!({
            "error": "no convoy found matching \"nix\"",
            "code": "not_found",
            "hint": "`gt convoy list --all` lists them",
        })
    );
}

#[test]
fn nothing_is_written_read_only() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST]);
    town.gt(&["--readonly", "convoy", "create", "T"]).fails(4);
    town.gt(&["--readonly", "convoy", "add", &id, SECOND])
        .fails(4);
    town.gt(&["--readonly", "convoy", "status", &id]).ok();
}

#[test]
fn branches_that_close_different_beads_merge() {
    let town = two_beads();
    bead(&town, "gt-ghi56", "Third");
    let id = convoy(&town, "Fixes", &[FIRST, SECOND, "gt-ghi56"]);
    town.bd(&["close", SECOND]).ok();
    town.commit_all("work state");
    for (branch, done) in [("left", FIRST), ("right", "gt-ghi56")] {
        town.git(&["switch", "--quiet", "--create", branch, "main"]);
        town.bd(&["close", done]).ok();
        town.commit_all(branch);
    }
    town.git(&["merge", "--quiet", "left"]);
    assert_eq!(
        town.gt(&["convoy", "list"]).ok().stdout,
        "No convoys found\n"
    );
    town.gt(&["convoy", "check"]).ok();
    assert_eq!(written_status(&town, &id), "closed");
    assert_eq!(invariants::check(&town), Vec::<String>::new());
}
