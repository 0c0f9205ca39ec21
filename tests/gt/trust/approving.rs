//! Showing, approving, listing, taking back.

use super::gates::propose;
use crate::gt::refinery::queue::town;

#[test]
fn nothing_is_proposed_and_nothing_is_written() {
    let town = town();
    let output = town.gt(&["trust"]).ok();
    assert!(
        output.stdout.contains("main proposes no commands"),
        "{output}"
    );
    town.write(".beads/trusted.yaml", "format: 1\ngates: []\n");
    let output = town.gt(&["trust", "--yes"]).ok();
    assert!(
        output.stderr.contains("counts when it is on main"),
        "{output}"
    );
    assert!(!town.git_dir().join("plaintown/trust.yaml").exists());
}

#[test]
fn it_is_shown_whole_and_approved_only_by_a_yes() {
    let town = town();
    propose(&town, "printf '\u{202e}\u{200b}'; true");
    let refused = town.gt(&["trust"]).fails(4);
    assert!(refused.stdout.contains("name: mark"), "{refused}");
    assert!(refused.stdout.contains("\\u{202e}"), "{refused}");
    assert!(refused.stderr.contains("--yes"), "{refused}");
    town.gt(&["trust", "--json"]).fails(4);
    assert_eq!(town.gt(&["trust", "--list"]).ok().text(), "");
    let approved = town.gt(&["trust", "--yes"]).ok();
    assert!(approved.stdout.contains("Approved "), "{approved}");
    let again = town.gt(&["trust"]).ok();
    assert!(again.stdout.contains("Approved by overseer"), "{again}");
}

#[test]
fn approvals_are_listed_and_taken_back() {
    let town = town();
    propose(&town, "true");
    let one = town.gt(&["trust", "--yes", "--json"]).ok().json();
    assert_eq!(one["approved"], true);
    let hash = one["sha256"].as_str().unwrap();
    propose(&town, "false");
    town.gt(&["trust", "--yes"]).ok();
    let listed = town.gt(&["trust", "--list", "--json"]).ok().json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(listed[0]["sha256"], hash);
    assert_eq!(listed[0]["by"], "overseer");
    town.gt(&["trust", "--revoke", "abc"]).fails(2);
    town.gt(&["trust", "--revoke", "zzzz"]).fails(3);
    let gone = town.gt(&["trust", "--revoke", &hash[..8]]).ok();
    assert!(gone.stdout.contains(hash), "{gone}");
    let left = town.gt(&["trust", "--list"]).ok();
    assert_eq!(left.stdout.lines().count(), 1, "{left}");
    assert!(!left.stdout.contains(hash));
}

#[test]
fn a_worker_approves_nothing() {
    let town = town();
    propose(&town, "true");
    let call = town.call("gt", &["trust", "--yes"]);
    let refused = call.env("GT_AGENT", "app/polecats/toast").run().fails(4);
    assert!(refused.stderr.contains("is a worker"), "{refused}");
    assert_eq!(town.gt(&["trust", "--list"]).ok().text(), "");
}

#[test]
fn the_note_is_the_owners_alone_and_a_broken_one_approves_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let town = town();
    propose(&town, "true");
    town.gt(&["trust", "--yes"]).ok();
    let folder = town.git_dir().join("plaintown");
    let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    std::fs::write(folder.join("trust.yaml"), "rubbish: [\n").unwrap();
    let refused = town.gt(&["trust"]).fails(5);
    assert!(refused.stderr.contains("trust.yaml"), "{refused}");
}
