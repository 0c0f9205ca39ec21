//! `gt mq`, `gt ready`, `gt show` and `gt agents`: what is to be seen of work.

use super::store;
use serde_json::json;
use testkit::Town;

/// Does a bead's work by hand, on a branch of its own, and files it.
fn done(town: &Town, id: &str) -> String {
    town.bd(&["create", &format!("Work on {id}"), "--id", id])
        .ok();
    town.git(&["switch", "--quiet", "--create", id, "main"]);
    town.gt(&["hook", id]).ok();
    town.write(format!("{id}.txt"), "work\n");
    town.git(&["add", &format!("{id}.txt")]);
    town.git(&["commit", "--quiet", "--message", id]);
    town.gt(&["done"]).ok();
    town.git(&["switch", "--quiet", "main"]);
    town.git(&["rev-parse", id]).text().to_owned()
}

#[test]
fn the_queue_is_in_order() {
    let mut town = store();
    assert_eq!(
        town.gt(&["mq", "list"]).ok().stdout,
        "The merge queue is empty\n"
    );
    let late = done(&town, "gt-aaa");
    town.at("2026-01-15T10:00:00Z");
    let early = done(&town, "gt-zzz");
    town.at("2026-01-15T11:35:00Z");
    let line = |place, id: &str, head: &str, age| {
        format!(
            "#{place}  gt-mr-{id}.1  gt-{id} {} → main  overseer  {age}\n",
            &head[..7]
        )
    };
    assert_eq!(
        town.gt(&["mq", "list"]).ok().stdout,
        line(1, "zzz", &early, "1h") + &line(2, "aaa", &late, "1h")
    );
    let listed = town.gt(&["mq", "list", "--json"]).ok().json();
    assert_eq!(listed[0]["id"], json!("gt-mr-zzz.1"));
    assert_eq!(listed[0]["position"], json!(1));
    assert_eq!(listed[0]["head"], json!(early));
    assert_eq!(listed[0]["source"], json!("gt-zzz"));
    assert_eq!(listed[1]["position"], json!(2));
}

#[test]
fn status_says_what_it_waits_for() {
    let town = store();
    done(&town, "gt-aaa");
    done(&town, "gt-bbb");
    let first = town.gt(&["mq", "status", "gt-aaa"]).ok().stdout;
    assert!(
        first.contains("\nMerge request\n  Source: gt-aaa\n"),
        "{first}"
    );
    let end = "\nPlace in the queue: 1\nWaiting: it is next: the refinery has to run\n";
    assert!(first.ends_with(end), "{first}");
    let second = town
        .gt(&["mq", "status", "gt-mr-bbb.1", "--json"])
        .ok()
        .json();
    assert_eq!(second["position"], json!(2));
    assert_eq!(second["waiting"], json!("waits for gt-mr-aaa.1 before it"));
    for (code, said, id) in [
        (3, "no issue found", "gt-none0"),
        (3, "no issue found", "../x"),
    ] {
        let refused = town.gt(&["mq", "status", id]).fails(code);
        assert!(refused.stderr.contains(said), "{refused}");
    }
    town.bd(&["create", "Idle", "--id", "gt-idle0"]).ok();
    let refused = town.gt(&["mq", "status", "gt-idle0"]).fails(3);
    assert!(
        refused.stderr.contains("gt-idle0 has no merge request"),
        "{refused}"
    );
}

#[test]
fn a_merge_request_that_cannot_be_read_hides_no_other() {
    let town = store();
    done(&town, "gt-aaa");
    done(&town, "gt-bbb");
    let file = ".beads/beads/b/gt-mr-bbb.1.yaml";
    let text = town.read(file);
    town.write(file, &text.replacen("status:", "status", 1));
    let told = town.gt(&["mq", "list"]).fails(5);
    assert!(told.stdout.contains("gt-mr-aaa.1"), "{told}");
    assert!(told.stderr.contains(file), "{told}");
    town.gt(&["mq", "status", "gt-bbb"]).fails(5);
}

#[test]
fn show_has_hook_convoys_and_merge_requests() {
    let town = store();
    town.bd(&["create", "Next", "--id", "gt-next0"]).ok();
    let convoy = town
        .gt(&["convoy", "create", "Batch", "gt-next0", "--json"])
        .ok()
        .json();
    done(&town, "gt-aaa");
    town.gt(&["hook", "gt-next0"]).ok();
    let shown = town
        .gt(&["show", "gt-next0", "gt-aaa", "--json"])
        .ok()
        .json();
    assert_eq!(shown[0]["hook"]["agent"], json!("overseer"));
    assert_eq!(shown[0]["hook"]["hook"]["bead"], json!("gt-next0"));
    assert_eq!(shown[0]["convoys"][0]["id"], convoy["id"]);
    assert_eq!(shown[0]["merge_requests"], json!([]));
    assert_eq!(shown[1]["hook"], json!(null));
    assert_eq!(shown[1]["convoys"], json!([]));
    assert_eq!(shown[1]["merge_requests"][0]["id"], json!("gt-mr-aaa.1"));
    let text = town.gt(&["show", "gt-next0"]).ok().stdout;
    assert!(
        text.contains("\nHook\n  overseer\n  gt-next0  Next\n"),
        "{text}"
    );
    assert!(text.contains("\nConvoys\n  hq-cv-"), "{text}");
    town.gt(&["show", "gt-none0"]).fails(3);
}

#[test]
fn agents_are_those_with_work() {
    let town = store();
    assert_eq!(town.gt(&["agents"]).ok().stdout, "No agent has work\n");
    town.bd(&["create", "Next", "--id", "gt-next0"]).ok();
    town.gt(&["hook", "gt-next0", "--actor", "mayor"]).ok();
    assert_eq!(
        town.gt(&["agents"]).ok().stdout,
        "mayor  by_hand  gt-next0  Next  0s\n"
    );
    assert_eq!(
        town.gt(&["agents", "--json"]).ok().json(),
        json!([{
            "agent": "mayor",
            "role": "mayor",
            "state": "by_hand",
            "bead": "gt-next0",
            "title": "Next",
            "attempt": 1,
            "since": "2026-01-15T10:35:00Z",
        }])
    );
    town.write(".beads/hooks/overseer.yaml", "format: 1\nagent: [\n");
    let told = town.gt(&["agents"]).fails(5);
    assert!(
        told.stdout.contains("mayor") && told.stderr.contains("hooks/overseer.yaml"),
        "{told}"
    );
}

#[test]
fn ready_names_the_rig() {
    let town = store();
    assert_eq!(
        town.gt(&["ready"]).ok().stdout,
        "repo (0 ready)\nNothing is ready\n"
    );
    town.bd(&["create", "Urgent", "--id", "gt-urg00", "-p", "0"])
        .ok();
    town.bd(&[
        "create",
        "Later",
        "--id",
        "gt-lat00",
        "--deps",
        "blocks:gt-urg00",
    ])
    .ok();
    let text = town.gt(&["ready"]).ok().stdout;
    assert_eq!(text, "repo (1 ready)\ngt-urg00  P0  open  task  Urgent\n");
    let mut beads = town.bd(&["ready", "--json"]).ok().json();
    beads[0]["rig"] = json!("repo");
    assert_eq!(town.gt(&["ready", "--json"]).ok().json(), beads);
    let none = town
        .gt(&["ready", "--priority", "1,2", "--json"])
        .ok()
        .json();
    assert_eq!(none, json!([]));
}
