//! What is merged has its gates run on it, and lands: only what this clone filed.

use crate::gt::refinery::queue::*;
use crate::hostile::support::{canary, silent, sings};
use std::fs;
use testkit::Town;

const EVIL: &[(&str, &str)] = &[("evil.txt", "run me\n")];

/// A town whose gate is the canary, and its main.
fn gated() -> (Town, String) {
    let town = town();
    let gate = canary(&town, "exit 0");
    town.config(&format!(
        "gates:\n  app:\n    - name: test\n      command: [{gate}]\n"
    ));
    let tip = tip(&town);
    (town, tip)
}

fn tip(town: &Town) -> String {
    town.git(&["rev-parse", "main"]).text().to_owned()
}

/// That it waits for a person, whoever looks at it, and that nothing ran.
#[track_caller]
fn waits(town: &Town, main: &str, why: &str) {
    for _ in 0..2 {
        let run = town.gt(&["refinery", "run"]);
        assert!(run.stdout.contains(why), "{run}");
        town.gt(&["doctor", "--fix"]);
        town.gt(&["mq", "list"]).ok();
    }
    silent(town);
    assert_eq!(tip(town), main);
}

#[test]
fn a_forged_merge_request_waits_for_a_person() {
    let (town, main) = gated();
    let mr = forged(&town, "gt-abc12", EVIL);
    waits(&town, &main, "this clone did not file it");
    let status = town.gt(&["mq", "status", mr.as_str()]).ok();
    assert!(
        status.stdout.contains("gt mq accept gt-mr-abc12.1"),
        "{status}"
    );

    let unasked = town.gt(&["mq", "accept", mr.as_str()]).fails(4);
    assert!(unasked.stdout.contains("evil.txt"), "{unasked}");
    assert!(unasked.stderr.contains("--yes"), "{unasked}");
    waits(&town, &main, "this clone did not file it");

    let accepted = town.gt(&["mq", "accept", "gt-abc12", "--yes"]).ok();
    assert!(accepted.stdout.contains("1 commits, 1 files"), "{accepted}");
    silent(&town);
    let again = town.gt(&["mq", "accept", "gt-abc12"]).ok();
    assert!(again.stdout.contains("nothing to accept"), "{again}");
    town.gt(&["refinery", "run"]).ok();
    sings(&town);
    assert_eq!(outcome(&town, &mr).as_deref(), Some("merged"));
}

#[test]
fn one_that_git_changed_waits_for_a_person() {
    for (key, why) in [
        ("head", "filed it otherwise"),
        ("target", "filed it otherwise"),
    ] {
        let (town, main) = gated();
        let mr = filed(&town, "gt-abc12", &[("good.txt", "good\n")]);
        let evil = work(&town, "evil", "main", EVIL);
        town.git(&["branch", "production", "main"]);
        let mut request = bead(&town, mr.as_str());
        let merge = request.merge_request.as_mut().unwrap();
        match key {
            "head" => merge.head = evil,
            _ => merge.target = "production".to_owned(),
        }
        save(&town, &request);
        waits(&town, &main, why);
        let production = town.git(&["rev-parse", "production"]);
        assert_eq!(production.text(), main);
    }
}

#[test]
fn the_repository_does_not_make_this_clone_merge_for_others() {
    let (town, main) = gated();
    let mr = filed(&town, "gt-abc12", EVIL);
    let mut request = bead(&town, mr.as_str());
    let merge = request.merge_request.as_mut().unwrap();
    let host = std::mem::replace(&mut merge.host, "h-elsewhere".to_owned());
    save(&town, &request);
    fs::remove_dir_all(town.git_dir().join("plaintown/attempts")).unwrap();
    let config = town.read(".beads/config.yaml");
    town.write(
        ".beads/config.yaml",
        &format!("{config}\nrefinery:\n  host: {host}\n"),
    );
    waits(&town, &main, "this clone did not file it");
    let gate = canary(&town, "exit 0");
    town.config(&format!(
        "refinery:\n  accept_all: true\ngates:\n  app:\n    - name: test\n      command: [{gate}]\n"
    ));
    town.gt(&["refinery", "run"]).ok();
    sings(&town);
    assert_ne!(tip(&town), main);
}

#[test]
fn the_doctor_files_nothing_that_was_not_filed_here() {
    let (town, main) = gated();
    let mr = forged(&town, "gt-abc12", EVIL);
    fs::remove_file(town.repo().join(".beads/beads/a/gt-mr-abc12.1.yaml")).unwrap();
    town.gt(&["doctor", "--fix"]);
    town.gt(&["refinery", "run"]);
    assert!(store(&town).read::<model::Bead>(&mr).unwrap().is_none());
    silent(&town);
    assert_eq!(tip(&town), main);
    let own = filed(&town, "gt-def34", &[("good.txt", "good\n")]);
    fs::remove_file(town.repo().join(".beads/beads/d/gt-mr-def34.1.yaml")).unwrap();
    town.gt(&["doctor", "--fix"]);
    assert!(store(&town).read::<model::Bead>(&own).unwrap().is_some());
}

#[test]
fn a_worker_accepts_none() {
    let (town, main) = gated();
    let mr = forged(&town, "gt-abc12", EVIL);
    let worker = town
        .call("gt", &["mq", "accept", mr.as_str(), "--yes"])
        .env("GT_AGENT", "app/polecats/toast");
    let refused = worker.run().fails(4);
    assert!(refused.stderr.contains("is a worker"), "{refused}");
    waits(&town, &main, "this clone did not file it");
    let accepted = town.gt(&["mq", "accept", mr.as_str(), "--yes"]).ok();
    assert!(accepted.stdout.contains("Accepted"), "{accepted}");
}

#[test]
fn one_that_another_host_merges_says_which_and_how_to_take_it_over() {
    let (town, _) = gated();
    let mr = filed(&town, "gt-abc12", EVIL);
    let mut request = bead(&town, mr.as_str());
    let merge = request.merge_request.as_mut().unwrap();
    merge.host = "h-elsewhere".to_owned();
    save(&town, &request);
    for command in [
        &["status"][..],
        &["refinery", "status"],
        &["mq", "status", mr.as_str()],
    ] {
        let told = town.gt(command).ok().stdout;
        assert!(told.contains("h-elsewhere"), "{told}");
        assert!(!told.contains("has not looked at it"), "{told}");
    }
    let told = town.gt(&["mq", "accept", mr.as_str(), "--yes"]).fails(4);
    assert!(told.stderr.contains("host h-elsewhere merges"), "{told}");
    let own = told
        .stderr
        .split("`host: ")
        .nth(1)
        .and_then(|it| it.split('`').next());
    let config = town.read(".beads/config.yaml");
    let text = format!(
        "{config}\nrefinery:\n  host: {}\n",
        own.expect("it is named")
    );
    town.write(".beads/config.yaml", &text);
    town.gt(&["mq", "accept", mr.as_str(), "--yes"]).ok();
    silent(&town);
}
