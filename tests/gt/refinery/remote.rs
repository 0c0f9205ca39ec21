//! Landing on a remote's branch.

use super::queue::*;
use model::Status;
use std::path::Path;
use testkit::Town;

fn with_remote() -> (Town, std::path::PathBuf) {
    let town = town();
    let remote = town.clone_bare_remote();
    (town, remote)
}

fn at(town: &Town, repository: &Path, revision: &str) -> String {
    let found = town.run_in(
        repository,
        "git",
        &["rev-parse", "--verify", "--quiet", revision],
    );
    found.text().to_owned()
}

#[test]
fn the_remote_gets_it_and_the_local_branch_follows() {
    let (town, remote) = with_remote();
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.git(&["push", "--quiet", "origin", "polecat/toast/gt-abc12"]);
    town.write("b.txt", "mine\n");
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output
            .stdout
            .starts_with("Landed gt-abc12 on origin/main as "),
        "{output}"
    );
    let landed = at(&town, &remote, "main");
    assert_eq!(at(&town, &town.repo(), "main"), landed);
    assert_eq!(at(&town, &town.repo(), "origin/main"), landed);
    assert_eq!(town.read("new.txt"), "new\n");
    assert_eq!(town.read("b.txt"), "mine\n");
    assert_eq!(at(&town, &remote, "polecat/toast/gt-abc12"), "");
    assert_eq!(at(&town, &town.repo(), "polecat/toast/gt-abc12"), "");
    sound(&town);
}

#[test]
fn the_target_is_read_when_it_is_merged() {
    let (town, remote) = with_remote();
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let second = town.second_clone();
    std::fs::write(second.join("b.txt"), "theirs\n").unwrap();
    town.run_in(
        &second,
        "git",
        &["commit", "--quiet", "--all", "-m", "theirs"],
    )
    .ok();
    town.run_in(&second, "git", &["push", "--quiet"]).ok();
    let theirs = at(&town, &second, "HEAD");
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(at(&town, &remote, "main^1"), theirs);
    assert_eq!(town.read("b.txt"), "theirs\n");
    sound(&town);
}

#[test]
fn a_local_branch_with_edits_or_commits_stays_and_is_told_of() {
    let (town, remote) = with_remote();
    filed(&town, "gt-abc12", &[("a.txt", "two\n")]);
    town.write("a.txt", "mine\n");
    let before = at(&town, &town.repo(), "main");
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stdout.contains("local main stays behind"),
        "{output}"
    );
    assert_eq!(town.read("a.txt"), "mine\n");
    assert_eq!(at(&town, &town.repo(), "main"), before);
    assert_eq!(bead(&town, "gt-abc12").status, Status::Closed);

    filed(&town, "gt-def34", &[("new.txt", "new\n")]);
    town.git(&["commit", "--quiet", "--all", "-m", "mine"]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stdout.contains("local main has commits of its own"),
        "{output}"
    );
    let shown = town.run_in(&remote, "git", &["show", "main:new.txt"]);
    assert_eq!(shown.stdout, "new\n");
}

#[test]
fn a_remote_that_is_away_or_says_no_is_waited_for() {
    let (town, remote) = with_remote();
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let away = town.root().join("away.git");
    std::fs::rename(&remote, &away).unwrap();
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stdout.contains("origin/main cannot be reached"),
        "{output}"
    );
    std::fs::rename(&away, &remote).unwrap();

    let hook = remote.join("hooks/pre-receive");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\necho protected >&2\nexit 1\n").unwrap();
    town.run_in(&remote, "chmod", &["+x", "hooks/pre-receive"])
        .ok();
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Waiting"), "{output}");
    assert!(output.stdout.contains("protected"), "{output}");
    assert_eq!(bead(&town, "gt-abc12").status, Status::Completed);
    std::fs::remove_file(&hook).unwrap();
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
}

#[test]
fn a_push_that_arrived_without_an_answer_is_recognised() {
    let (town, remote) = with_remote();
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let (source, request) = (bead(&town, "gt-abc12"), bead(&town, mr.as_str()));
    town.gt(&["refinery", "run"]).ok();
    let landed = at(&town, &remote, "main");
    // Everything on our side is as before the push.
    let merge = bead(&town, mr.as_str()).merge_request.unwrap();
    town.git(&[
        "update-ref",
        "refs/heads/polecat/toast/gt-abc12",
        &merge.head,
    ]);
    save(&town, &source);
    save(&town, &request);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
    assert_eq!(at(&town, &remote, "main"), landed);
    assert_eq!(bead(&town, "gt-abc12").status, Status::Closed);
    assert_eq!(outcome(&town, &mr).as_deref(), Some("merged"));
}

#[test]
fn store_commits_that_were_never_pushed_do_not_land_with_the_code() {
    let (town, remote) = with_remote();
    town.write(".beads/trusted.yaml", "gates: []\n");
    town.git(&["add", ".beads/trusted.yaml"]);
    town.git(&["commit", "--quiet", "-m", "state, not pushed"]);
    let before = at(&town, &remote, "main");
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(at(&town, &remote, "main"), before);
    assert_eq!(outcome(&town, &mr).as_deref(), Some("rejected"));
}

#[test]
fn the_configured_host_fetches_the_work_and_lands_it() {
    let (town, remote) = with_remote();
    let second = town.second_clone();
    let branch = "polecat/toast/gt-abc12";
    town.run_in(&second, "git", &["switch", "--quiet", "-c", branch])
        .ok();
    std::fs::write(second.join("new.txt"), "new\n").unwrap();
    town.run_in(&second, "git", &["add", "new.txt"]).ok();
    town.run_in(&second, "git", &["commit", "--quiet", "-m", "work"])
        .ok();
    town.run_in(&second, "git", &["push", "--quiet", "origin", branch])
        .ok();
    let mr = file(&town, "gt-abc12", branch, &at(&town, &second, "HEAD"));
    let mut request = bead(&town, mr.as_str());
    request.merge_request.as_mut().unwrap().host = "h-second".to_owned();
    save(&town, &request);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stdout.contains("host h-second merges it"),
        "{output}"
    );

    let host = store(&town).host().unwrap().unwrap();
    let config = town.read(".beads/config.yaml");
    let config = config.replace(
        "\naudit:",
        &format!("\nrefinery:\n  host: {host}\n\naudit:"),
    );
    town.write(".beads/config.yaml", &config);
    town.gt(&["refinery", "run"]).ok();
    let shown = town.run_in(&remote, "git", &["show", "main:new.txt"]);
    assert_eq!(shown.stdout, "new\n");
    assert_eq!(outcome(&town, &mr).as_deref(), Some("merged"));
}
