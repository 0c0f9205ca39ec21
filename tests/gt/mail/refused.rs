//! Mail that is not sent.

use crate::gt::store;
use std::fs;

#[test]
fn with_the_reason() {
    let town = store();
    let long = "x".repeat(501);
    fs::write(town.root().join("latin1"), b"caf\xe9").unwrap();
    let latin1 = town.root().join("latin1");
    let latin1 = latin1.to_str().unwrap();
    for (code, said, args) in [
        (2, "is not an agent's address", &["nobody", "-s", "S"][..]),
        (2, "is not an agent's address", &["../x", "-s", "S"]),
        (2, "is not an agent's address", &["mayor\u{1b}", "-s", "S"]),
        (3, "there is no rig other here", &["other/toast", "-s", "S"]),
        (2, "subject is required", &["mayor", "-s", " "]),
        (2, "--subject", &["mayor"]),
        (2, "one line", &["mayor", "-s", "two\nlines"]),
        (2, "500 characters", &["mayor", "-s", &long]),
        (
            2,
            "cannot be used with",
            &["mayor", "-s", "S", "-m", "a", "-f", "b"],
        ),
        (2, "is not UTF-8", &["mayor", "-s", "S", "-f", latin1]),
        (2, "cannot read", &["mayor", "-s", "S", "-f", "missing"]),
        (2, "is not a priority", &["mayor", "-s", "S", "-p", "7"]),
        (
            3,
            "no mail found matching \"9\"",
            &["mayor", "-s", "S", "--reply-to", "9"],
        ),
    ] {
        let refused = town.gt(&[&["mail", "send"], args].concat()).fails(code);
        assert!(refused.stderr.contains(said), "{refused}");
    }
    let folder = town.repo().join(".beads/mail");
    let filed = fs::read_dir(folder).map_or(0, Iterator::count);
    assert_eq!(filed, 0);
}

#[test]
fn too_large_to_be_read_again() {
    let town = store();
    let body = "\u{7}".repeat(200_000);
    let call = town.call("gt", &["mail", "send", "mayor", "-s", "S", "-"]);
    let refused = call.stdin(body).run().fails(2);
    assert!(refused.stderr.contains("too large"), "{refused}");
}

#[test]
fn read_by_somebody_without_an_inbox() {
    let town = store();
    let refused = town.gt(&["mail", "read", "--actor", "ann"]).fails(2);
    assert!(refused.stderr.contains("`ann` has no inbox"), "{refused}");
    town.gt(&["mail", "send", "overseer", "-s", "S", "--actor", "ann"])
        .ok();
    town.gt(&["--readonly", "mail", "read"]).fails(4);
    town.gt(&["--readonly", "mail", "inbox"]).ok();
}
