//! What the commands print, and the bytes of the file.

use super::{FIRST, SECOND, bead, convoy, path, two_beads};
use indoc::{formatdoc, indoc};
use serde_json::json;

#[test]
fn the_file_is_as_documented() {
    let town = two_beads();
    town.bd(&["close", SECOND]).ok();
    let id = convoy(&town, "Auth system fixes", &[FIRST, SECOND]);
    let expected = formatdoc! {r#"
        format: 1

        id: {id}

        title: "Auth system fixes"

        status: open

        priority: 2

        owner: overseer

        closed_at: null

        close_reason: null

        description: null

        beads:
          - title: "Fix login redirect loop"
            id: gt-abc12
            status: open

          - title: "Add email validation"
            id: gt-def34
            status: closed


        created_at: 2026-01-15T10:35:00Z
    "#};
    assert_eq!(town.read(path(&id)), expected);
}

#[test]
fn making_one_says_its_id() {
    let town = two_beads();
    let made = town.gt(&["convoy", "create", "Fixes", SECOND, FIRST, SECOND]);
    let text = made.ok().stdout;
    let id = text.strip_prefix("Created convoy: ").unwrap();
    assert!(
        id.starts_with("hq-cv-") && id.ends_with(" (0/2 closed)\n"),
        "{text}"
    );
    let beads = town.gt(&["convoy", "list", "--json"]).ok().json()[0]["beads"].clone();
    assert_eq!(
        beads,
        json!([
            {"id": SECOND, "title": "Add email validation", "status": "open"},
            {"id": FIRST, "title": "Fix login redirect loop", "status": "open"},
        ])
    );
}

#[test]
fn lists() {
    let mut town = two_beads();
    let none = town.gt(&["convoy", "list"]).ok();
    assert_eq!(none.stdout, "No convoys found\n");
    let id = convoy(&town, "Fixes", &[FIRST, SECOND]);
    town.bd(&["close", FIRST]).ok();
    town.at("2026-01-15T11:35:00Z");
    let line = format!("{id}  P2  open    [####----]  1/2 closed  Fixes  1h\n");
    assert_eq!(town.gt(&["convoy", "list"]).ok().stdout, line);
    town.bd(&["close", SECOND]).ok();
    assert_eq!(
        town.gt(&["convoy", "list"]).ok().stdout,
        "No convoys found\n"
    );
    let line = format!("{id}  P2  closed  [########]  2/2 closed  Fixes  1h\n");
    assert_eq!(town.gt(&["convoy", "list", "--all"]).ok().stdout, line);
    assert_eq!(
        town.gt(&["convoy", "list", "--all", "--json"]).ok().json(),
        json!([{
            "id": id,
            "title": "Fixes",
            "status": "closed",
            "priority": 2,
            "owner": "overseer",
            "closed_at": "2026-01-15T11:35:00Z",
            "close_reason": null,
            "description": null,
            "progress": {"closed": 2, "total": 2},
            "beads": [
                {"id": FIRST, "title": "Fix login redirect loop", "status": "closed"},
                {"id": SECOND, "title": "Add email validation", "status": "closed"},
            ],
            "created_at": "2026-01-15T10:35:00Z",
        }])
    );
}

#[test]
fn status_says_why_each_bead_waits() {
    let town = two_beads();
    bead(&town, "gt-ghi56", "Put off");
    bead(&town, "gt-jkl78", "Taken");
    bead(&town, "gt-mno90", "Over");
    town.bd(&["dep", "add", SECOND, FIRST]).ok();
    town.bd(&["defer", "gt-ghi56"]).ok();
    town.bd(&["update", "gt-jkl78", "--claim", "--actor", "ann"])
        .ok();
    town.bd(&["close", "gt-mno90"]).ok();
    let beads = [FIRST, SECOND, "gt-ghi56", "gt-jkl78", "gt-mno90"];
    let id = convoy(&town, "Fixes", &beads);
    let shown = town.gt(&["convoy", "status", &id]).ok().stdout;
    let expected = indoc! {"
        Status: open  Priority: P2
        Progress: [#-------] 1/5 closed
        Owner: overseer
        Created: 2026-01-15T10:35:00Z

        Beads (5)
          gt-abc12  open         Fix login redirect loop
              it is ready, and nobody works on it
          gt-def34  open         Add email validation
              it is blocked by gt-abc12
          gt-ghi56  deferred     Put off
              it is deferred
          gt-jkl78  in_progress  Taken   @ann
          gt-mno90  closed       Over
    "};
    assert_eq!(shown, format!("{id}  Fixes\n{expected}"));
    assert_eq!(town.gt(&["convoy", "show", &id[..8]]).ok().stdout, shown);
    let json = town.gt(&["convoy", "status", &id, "--json"]).ok().json();
    assert_eq!(
        json["beads"],
        json!([
            {"id": FIRST, "title": "Fix login redirect loop", "status": "open",
             "why": ["is ready, and nobody works on it"]},
            {"id": SECOND, "title": "Add email validation", "status": "open",
             "why": ["is blocked by gt-abc12"]},
            {"id": "gt-ghi56", "title": "Put off", "status": "deferred", "why": ["is deferred"]},
            {"id": "gt-jkl78", "title": "Taken", "status": "in_progress", "assignee": "ann"},
            {"id": "gt-mno90", "title": "Over", "status": "closed"},
        ])
    );
}

#[test]
fn stranded_are_those_that_nobody_moves() {
    let town = two_beads();
    bead(&town, "gt-ghi56", "Taken");
    town.bd(&["dep", "add", SECOND, "gt-ghi56"]).ok();
    town.bd(&["update", "gt-ghi56", "--claim"]).ok();
    convoy(&town, "Moves", &["gt-ghi56", SECOND]);
    let none = town.gt(&["convoy", "stranded"]).ok();
    assert_eq!(none.stdout, "No stranded convoys\n");
    let idle = convoy(&town, "Idle", &[FIRST, "gt-ghi56"]);
    let blocked = convoy(&town, "Blocked", &[SECOND]);
    let empty = convoy(&town, "Empty", &[]);
    let found = town.gt(&["convoy", "stranded", "--json"]).ok().json();
    let ids: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    let mut expected = [idle.as_str(), &blocked, &empty];
    expected.sort_unstable();
    assert_eq!(ids, expected);
    let text = town.gt(&["convoy", "stranded"]).ok().stdout;
    assert!(
        text.contains("      it is ready, and nobody works on it\n"),
        "{text}"
    );
    assert!(text.contains("      it is blocked by gt-ghi56\n"), "{text}");
}

#[test]
fn check_says_what_it_changed() {
    let town = two_beads();
    let id = convoy(&town, "Fixes", &[FIRST]);
    town.bd(&["close", FIRST]).ok();
    let done = town.read(path(&id));
    let stale = done.replace("status: closed", "status: open");
    town.write(
        path(&id),
        &stale.replace("closed_at: 2026-01-15T10:35:00Z", "closed_at: null"),
    );
    assert_eq!(
        town.gt(&["convoy", "list"]).ok().stdout,
        "No convoys found\n"
    );
    assert_ne!(town.read(path(&id)), done, "listing writes nothing");
    let said = town.gt(&["convoy", "check"]).ok().stdout;
    assert_eq!(
        said,
        format!("{id}: closed (1/1 closed)\nChecked 1 convoy, 1 changed\n")
    );
    assert_eq!(town.read(path(&id)), done);
    let again = town.gt(&["convoy", "check", "--json"]).ok().json();
    assert_eq!(again, json!({"checked": 1, "changed": []}));
}
