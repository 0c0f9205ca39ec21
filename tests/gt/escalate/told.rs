//! Whom an escalation reaches: mail by severity, and the user's own command.

use super::super::life::support::*;
use std::fs;
use std::time::Instant;
use testkit::Town;

fn inbox(town: &Town, owner: &str) -> usize {
    let answer = town.gt(&["mail", "inbox", owner, "--json"]).ok().json();
    let list = answer.as_array().or_else(|| answer["messages"].as_array());
    list.map_or(0, Vec::len)
}

/// A town with one hooked bead, whose user is told by this command.
fn notified(command: &str) -> Town {
    let town = rig("ignore");
    let config = fs::read_to_string(town.root().join("config.yaml")).expect("is there");
    town.config(&format!("{config}notify:\n  command: {command}\n"));
    bead(&town, "gt-one", "One; $(touch canary)");
    idle(&town, "gt-one");
    town
}

fn told(town: &Town) -> String {
    fs::read_to_string(town.root().join("told")).unwrap_or_default()
}

fn writer(town_root: &str) -> String {
    format!(
        "[\"sh\", \"-c\", \"printf '%s|' \\\"$@\\\" >> {town_root}/told\", \"x\", \"{{title}}\", \"{{body}}\"]"
    )
}

#[test]
fn the_route_of_every_severity() {
    for (severity, mayor, overseer, notified_too) in [
        ("critical", 1, 1, true),
        ("high", 1, 1, true),
        ("medium", 1, 1, false),
        ("low", 1, 0, false),
    ] {
        let town = notified("[\"true\"]");
        let config = fs::read_to_string(town.root().join("config.yaml")).unwrap();
        let writer = writer(&town.root().display().to_string());
        town.config(&config.replace("[\"true\"]", &writer));
        let args = [
            "escalate",
            "gt-one",
            "-m",
            "why; exit",
            "--severity",
            severity,
        ];
        town.gt(&args).ok();
        assert_eq!(inbox(&town, "mayor"), mayor, "{severity}");
        assert_eq!(inbox(&town, "overseer"), overseer, "{severity}");
        let told = told(&town);
        assert_eq!(!told.is_empty(), notified_too, "{severity}: {told}");
        if notified_too {
            assert!(told.starts_with("Escalated: One; $(touch canary) (gt-one)|why; exit"));
            assert_eq!(told.matches('|').count(), 2, "two arguments: {told}");
        }
        // Nobody is told twice.
        town.gt(&args).ok();
        assert_eq!(inbox(&town, "mayor"), mayor, "{severity}");
    }
}

#[test]
fn a_notification_that_fails_is_reported_and_fails_nothing() {
    for (command, said) in [
        ("[\"false\"]", "`false` ended with"),
        ("[\"/no/such/program\"]", "cannot be started"),
        ("[\"sleep\", \"60\"]", "was stopped after 10 seconds"),
    ] {
        let town = notified(command);
        let before = Instant::now();
        let done = town.gt(&["escalate", "gt-one", "-m", "why"]).ok();
        assert!(done.stderr.contains(said), "{done}");
        assert!(before.elapsed().as_secs() < 20);
        assert_eq!(status(&town, "gt-one"), "escalated");
        assert!(town.processes().is_empty());
    }
}

#[test]
fn another_title_is_no_other_escalation() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one");
    town.gt(&["escalate", "gt-one", "-m", "why"]).ok();
    town.bd(&["update", "gt-one", "--title", "Another"]).ok();
    sound(&town);
    assert_eq!((inbox(&town, "mayor"), inbox(&town, "overseer")), (1, 1));
}

#[test]
fn mail_that_a_killed_command_did_not_send_is_sent_by_the_doctor() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one");
    town.gt(&["escalate", "gt-one", "-m", "why"]).ok();
    fs::remove_dir_all(town.repo().join(".beads/mail/mayor")).unwrap();
    let fixed = town.gt(&["doctor", "--fix"]).ok();
    assert!(
        fixed.stdout.contains("send the mail about its escalation"),
        "{fixed}"
    );
    assert_eq!((inbox(&town, "mayor"), inbox(&town, "overseer")), (1, 1));
    sound(&town);
}

#[test]
fn a_letter_that_cannot_be_read_keeps_nobody_from_being_told() {
    let town = notified("[\"true\"]");
    let config = fs::read_to_string(town.root().join("config.yaml")).unwrap();
    let writer = writer(&town.root().display().to_string());
    town.config(&config.replace("[\"true\"]", &writer));
    for owner in ["mayor", "overseer"] {
        let broken = format!(".beads/mail/{owner}/20260115T110000Z-p2qa.yaml");
        town.write(&broken, "format: [\n");
    }
    let done = town.gt(&["escalate", "gt-one", "-m", "why"]).ok();
    assert!(done.stdout.contains("mail to mayor and overseer"), "{done}");
    assert!(told(&town).starts_with("Escalated: One"));
    for owner in ["mayor", "overseer"] {
        let folder = town.repo().join(format!(".beads/mail/{owner}"));
        assert_eq!(fs::read_dir(folder).unwrap().count(), 2, "{owner}");
    }
}
