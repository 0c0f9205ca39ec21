//! What a command leaves as it was.

use super::{bead, create, file, town};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use testkit::Town;

fn identity(path: &Path) -> (u64, i64, i64, i64) {
    let meta = path.metadata().unwrap();
    (
        meta.ino(),
        meta.mtime(),
        meta.mtime_nsec(),
        meta.ctime_nsec(),
    )
}

fn whole(town: &Town) -> String {
    create(
        town,
        &[
            "Title",
            "-t",
            "bug",
            "-p",
            "1",
            "-d",
            "text",
            "--design",
            "plan",
            "--acceptance",
            "done",
            "--notes",
            "note",
            "-a",
            "ann",
            "-l",
            "a,b",
            "--external-ref",
            "gh-1",
            "--estimate",
            "30",
            "--due",
            "2026-02-01",
            "--metadata",
            "k=v",
        ],
    )
}

#[test]
fn a_command_that_changes_nothing_writes_nothing() {
    let town = town();
    let other = create(&town, &["Other"]);
    let id = whole(&town);
    town.bd(&["dep", "add", &id, &other]).ok();
    let path = file(&town, &id);
    let before = identity(&path);
    for words in [
        vec!["update", &id, "--title", "Title", "-t", "bug", "-p", "1"],
        vec!["update", &id, "-d", "text", "--design", "plan"],
        vec!["update", &id, "--acceptance", "done", "--due", "2026-02-01"],
        vec!["update", &id, "-a", "ann", "--external-ref", "gh-1"],
        vec!["update", &id, "--estimate", "30", "--metadata", "k=v"],
        vec!["update", &id, "--add-label", "a", "--remove-label", "zz"],
        vec!["update", &id, "--set-labels", "b,a"],
        vec!["update", &id, "--status", "open", "--parent", ""],
        vec!["update", &id],
        vec!["label", "add", &id, "b"],
        vec!["label", "remove", &id, "zz"],
        vec!["dep", "add", &id, &other],
        vec!["show", &id],
        vec!["list"],
        vec!["ready"],
        vec!["comments", &id],
    ] {
        town.bd(&words).ok();
        assert_eq!(identity(&path), before, "{words:?}");
    }
    town.bd(&["update", &id, "--claim", "--actor", "ann"]).ok();
    let claimed = identity(&path);
    assert_ne!(claimed, before);
    town.bd(&["update", &id, "--claim", "--actor", "ann"]).ok();
    assert_eq!(identity(&path), claimed);
    town.bd(&["close", &id]).ok();
    let closed = identity(&path);
    town.bd(&["close", &id, "-r", "again"]).ok();
    assert_eq!(identity(&path), closed);
}

#[test]
fn reading_leaves_the_work_tree_and_the_git_folder_alone() {
    let town = town();
    let id = create(&town, &["A"]);
    town.commit_all("a store");
    for words in [
        vec!["show", &id],
        vec!["list"],
        vec!["ready", "--explain"],
        vec!["blocked"],
        vec!["stats"],
        vec!["where"],
        vec!["search", "A"],
        vec!["dep", "tree", &id],
        vec!["dep", "cycles"],
        vec!["label", "list-all"],
    ] {
        town.bd(&words).ok();
    }
    assert_eq!(town.git(&["status", "--porcelain"]).text(), "");
}

#[test]
fn what_is_not_ours_survives_every_edit() {
    let town = town();
    let id = create(&town, &["Title"]);
    let path = file(&town, &id);
    let text = fs::read_to_string(&path).unwrap();
    let foreign = text
        .replace("title:", "# by hand: keep this\ntitle:")
        .replace("priority: 2", "priority:   2   # odd spacing")
        .replace(
            "created_at:",
            "x_tool: {a: [1, two, \"3\"]}\n\nx_prose: >-\n  folded\n  text\n\ncreated_at:",
        );
    fs::write(&path, &foreign).unwrap();
    let edits: [&[&str]; 8] = [
        &["--status", "in_progress"],
        &["-a", "ann"],
        &["--add-label", "web"],
        &["-d", "a text\nof lines"],
        &["--notes", "noted"],
        &["--metadata", "k=v"],
        &["--due", "2026-02-01"],
        &["--external-ref", "gh-1"],
    ];
    for words in edits {
        let args = [&["update", &id], words].concat();
        town.bd(&args).ok();
        let now = fs::read_to_string(&path).unwrap();
        for kept in [
            "# by hand: keep this\ntitle:",
            "priority:   2   # odd spacing",
            "x_tool: {a: [1, two, \"3\"]}\n",
            "x_prose: >-\n  folded\n  text\n",
        ] {
            assert!(now.contains(kept), "{words:?} lost {kept:?}:\n{now}");
        }
    }
    assert_eq!(bead(&town, &id)["x_tool"]["a"][1], "two");
}

#[test]
fn an_edit_changes_only_the_lines_of_its_field() {
    let town = town();
    let id = whole(&town);
    let path = file(&town, &id);
    let before = fs::read_to_string(&path).unwrap();
    town.bd(&["update", &id, "-p", "3"]).ok();
    let after = fs::read_to_string(&path).unwrap();
    let changed: Vec<_> = before
        .lines()
        .zip(after.lines())
        .filter(|(a, b)| a != b)
        .collect();
    assert_eq!(changed, [("priority: 1", "priority: 3")]);
}
