//! Streams that are closed, full or not read: no panic, no half answer taken
//! for a whole one.

use super::{create, town};
use testkit::{Output, Town};

#[track_caller]
fn sh(town: &Town, script: &str) -> Output {
    let output = town.call("bash", &["-c", script]).run();
    assert!(!output.stderr.contains("panic"), "{output}");
    assert!(!output.stderr.contains("internal fault"), "{output}");
    output
}

fn crowded() -> Town {
    let town = town();
    for n in 0..40 {
        let title = format!("{n} {}", "long title ".repeat(40));
        create(&town, &[&title]);
    }
    town
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let town = crowded();
    for command in [
        "list --long",
        "list --json",
        "ready",
        "show $(bd list --json | sed -n 's/.*\"id\": \"\\(.*\\)\",/\\1/p')",
    ] {
        let script = format!("bd {command} | head -1; echo \"status ${{PIPESTATUS[0]}}\"");
        let output = sh(&town, &script).ok();
        assert!(output.stdout.ends_with("status 0\n"), "{output}");
        assert_eq!(output.stderr, "", "{output}");
    }
}

#[test]
fn a_full_device_is_a_failure() {
    let town = crowded();
    for command in ["list", "list --json", "where"] {
        let output = sh(&town, &format!("bd {command} > /dev/full")).fails(8);
        assert!(output.stderr.contains("standard output"), "{output}");
    }
    sh(&town, "bd show gt-nosuch 2> /dev/full").fails(3);
}

#[test]
fn closed_streams() {
    let town = crowded();
    for streams in [">&-", "2>&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-"] {
        for command in [
            "list",
            "list --json",
            "show gt-nosuch",
            "--nosuch",
            "create x",
        ] {
            let output = sh(&town, &format!("bd {command} {streams}"));
            let code = output.status.code().expect("ends by itself");
            assert!([0, 2, 3, 8].contains(&code), "{output}");
        }
    }
    // Nothing that was opened meanwhile became a stream.
    let files = town.git(&["status", "--porcelain"]);
    assert!(!files.stdout.contains("?? 1"), "{files}");
    town.bd(&["list"]).ok();
}

#[test]
fn json_is_all_that_stands_on_standard_output() {
    let town = town();
    let answer = town.bd(&["list", "--json"]).ok();
    assert_eq!(answer.json(), serde_json::json!([]));
    assert_eq!(answer.stderr, "");
    let failed = town.bd(&["show", "nope", "--json"]).fails(3);
    assert_eq!(failed.stdout, "");
    assert_eq!(failed.stderr.lines().count(), 1);
}
