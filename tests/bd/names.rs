//! IDs, titles and other words as people and programs get them wrong.

use super::{bead, create, error, fixed_town, json, town};

#[test]
fn ids_that_name_nothing() {
    let town = town();
    create(&town, &["A"]);
    for id in [
        "gt-zzzzz",
        "zzzzz",
        "..",
        "../gt-a",
        "gt-../../etc/passwd",
        "gt-a/b",
        "a/b",
        "/etc/passwd",
        "gt-a\u{1b}[31m",
        "gt-a\nb",
        "gt-ä",
        "",
        " ",
        ".",
        "gt-",
        "gt-a..b",
    ] {
        for command in ["show", "update", "close", "reopen", "comments"] {
            let answer = town.bd(&[command, "--json", "--", id]).fails(3);
            let error = error(&answer);
            assert_eq!(error["code"], "not_found", "{answer}");
            let message = error["error"].as_str().unwrap();
            assert!(message.starts_with("no issue found matching"), "{message}");
            assert!(!answer.stderr.contains('\u{1b}'), "{answer}");
        }
    }
    assert_eq!(json(&town, &["list"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_leading_dash_is_a_flag_unless_said_otherwise() {
    let town = town();
    let answer = town.bd(&["show", "-x"]).fails(2);
    assert!(answer.stderr.contains("--"), "{answer}");
    town.bd(&["show", "--", "-x"]).fails(3);
    let id = create(&town, &["--", "-x marks the spot"]);
    assert_eq!(bead(&town, &id)["title"], "-x marks the spot");
    let id = create(&town, &["List", "-d", "- one\n- two"]);
    assert_eq!(bead(&town, &id)["description"], "- one\n- two");
    town.bd(&["comment", &id, "--", "-1"]).ok();
}

#[test]
fn a_mistyped_id_is_answered_with_the_one_meant() {
    let town = town();
    let id = create(&town, &["A", "--id", "gt-abcde"]);
    let answer = town.bd(&["show", "gt-abcdf"]).fails(3);
    assert!(answer.stderr.contains(&id), "{answer}");
}

#[test]
fn reading_takes_part_of_an_id_and_writing_does_not() {
    let town = town();
    create(&town, &["One", "--id", "gt-abc12"]);
    create(&town, &["Two", "--id", "gt-abd34"]);
    for part in ["gt-abc", "abc", "abc12"] {
        assert_eq!(json(&town, &["show", part])[0]["id"], "gt-abc12");
    }
    let answer = town.bd(&["show", "ab", "--json"]).fails(2);
    let message = error(&answer)["error"].as_str().unwrap().to_owned();
    assert!(
        message.contains("gt-abc12") && message.contains("gt-abd34"),
        "{message}"
    );
    town.bd(&["close", "gt-abc"]).fails(3);
    town.bd(&["update", "abc", "-p", "0"]).fails(3);
    assert_eq!(bead(&town, "gt-abc12")["status"], "open");
    // The whole suffix is no guess.
    town.bd(&["close", "abc12"]).ok();
    assert_eq!(bead(&town, "gt-abc12")["status"], "closed");
}

#[test]
fn ids_of_ones_own() {
    let town = town();
    assert_eq!(create(&town, &["A", "--id", "gt-mine"]), "gt-mine");
    town.bd(&["create", "B", "--id", "gt-mine"]).fails(4);
    town.bd(&["create", "B", "--id", "other-mine"]).fails(2);
    for id in ["../x", "gt-", "gt-a/b", "gt-a.1.2.3.4"] {
        town.bd(&["create", "B", "--id", id]).fails(2);
    }
    assert_eq!(bead(&town, "gt-mine")["title"], "A");
}

#[test]
fn titles() {
    let town = town();
    for title in ["", "  ", "\t"] {
        let answer = town.bd(&["create", title]).fails(2);
        assert!(answer.stderr.contains("title is required"), "{answer}");
    }
    town.bd(&["create", &"x".repeat(500)]).ok();
    let answer = town.bd(&["create", &"x".repeat(501)]).fails(2);
    assert!(answer.stderr.contains("500 characters or less"), "{answer}");
    town.bd(&["create", "two\nlines"]).fails(2);
    let id = create(&town, &["ü".repeat(500).as_str()]);
    town.bd(&["update", &id, "--title", ""]).fails(2);
    town.bd(&["create"]).fails(2);
}

#[test]
fn escapes_are_shown_and_kept() {
    let town = fixed_town();
    let title = "\u{1b}[31mred\u{1b}]0;t\u{7} \u{202e}txet \"quoted\" \\ # : - {}\u{7f}";
    let text = "a\u{1b}[2J\r\nb\u{2028}c\u{85}\u{feff}\ttab\n\n";
    let id = create(&town, &[title, "-d", text, "-l", "a b:c#"]);
    let shown = town.bd(&["show", &id]).ok();
    let listed = town.bd(&["list", "--long"]).ok();
    for answer in [&shown, &listed] {
        assert!(
            !answer
                .stdout
                .chars()
                .any(|c| c.is_control() && c != '\n' && c != '\t'),
            "{answer}"
        );
        assert!(answer.stdout.contains(r"\u{1b}[31mred"), "{answer}");
        assert!(!answer.stdout.contains('\u{202e}'), "{answer}");
    }
    let json = bead(&town, &id);
    assert_eq!(json["title"], title);
    assert_eq!(json["description"], text);
    assert_eq!(json["labels"][0], "a b:c#");
}

#[test]
fn words_that_yaml_would_misread() {
    let town = town();
    for word in [
        "off",
        "yes",
        "null",
        "~",
        "1",
        "1.5",
        "2026-01-15",
        "0x1",
        "=",
        "!x",
        "&a",
        "*a",
        "- a",
        "a: b",
        "'",
        "\"",
        "---",
        "...",
        "%x",
        "@x",
        "`x`",
        "[",
        "{",
        "|",
        ">",
        "\\",
    ] {
        let id = create(
            &town,
            &[
                &format!("--title={word}"),
                &format!("--design={word}"),
                &format!("--assignee={word}"),
                &format!("--external-ref={word}"),
                &format!("--metadata=k={word}"),
                &format!("--label={word}"),
            ],
        );
        let json = bead(&town, &id);
        for key in ["title", "design", "assignee", "external_ref"] {
            assert_eq!(json[key], word, "{key}");
        }
        assert_eq!(json["metadata"]["k"], word);
        assert_eq!(json["labels"][0], word);
    }
}

#[test]
fn values_that_are_none() {
    let town = town();
    let id = create(&town, &["A"]);
    for words in [
        vec!["-t", "no type"],
        vec!["-p", "5"],
        vec!["-p", "-1"],
        vec!["--due", "someday"],
        vec!["--estimate", "-5"],
        vec!["--metadata", "nothing"],
        vec!["--metadata", "{\"a\":"],
        vec!["--metadata", "=x"],
        vec!["--status", "No Status"],
        vec!["--add-label", "a\nb"],
    ] {
        let args = [&["update", &id], &words[..]].concat();
        town.bd(&args).fails(2);
    }
    for status in ["hooked", "escalated", "completed"] {
        town.bd(&["update", &id, "--status", status]).fails(4);
    }
    town.bd(&["update", &id, "--parent", "gt-zzzzz"]).fails(3);
    town.bd(&["create", "B", "--depends-on", "gt-zzzzz"])
        .fails(3);
    town.bd(&["list", "--sort", "mood"]).fails(2);
    town.bd(&["frobnicate"]).fails(2);
    let json = bead(&town, &id);
    assert_eq!(json["priority"], 2);
    assert_eq!(json["status"], "open");
}

#[test]
fn more_than_a_file_may_hold() {
    let town = town();
    let body = town.root().join("body.md");
    std::fs::write(&body, "line\n".repeat(50_000)).unwrap();
    let body = body.to_str().unwrap();
    town.bd(&["create", "A", "--body-file", body]).fails(2);
    std::fs::write(body, "x".repeat(10 << 20)).unwrap();
    town.bd(&["create", "A", "--body-file", body]).fails(2);
    std::fs::write(body, [0xff, 0xfe]).unwrap();
    town.bd(&["create", "A", "--body-file", body]).fails(2);
    std::fs::write(body, "x".repeat(200_000)).unwrap();
    let id = create(&town, &["A", "--body-file", body]);
    town.bd(&["update", &id, "--notes", &"y".repeat(70_000)])
        .fails(2);
    assert_eq!(
        bead(&town, &id)["description"].as_str().unwrap().len(),
        200_000
    );
    assert_eq!(json(&town, &["list"]).as_array().unwrap().len(), 1);
}
