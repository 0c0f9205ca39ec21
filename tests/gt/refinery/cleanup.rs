//! What landed work leaves behind.

use super::queue::*;
use model::Status;
use std::path::PathBuf;
use std::time::Duration;
use testkit::Town;

#[test]
fn branches_that_are_not_gts_stay() {
    let town = town();
    let head = work(&town, "mine/feature", "main", &[("new.txt", "new\n")]);
    file(&town, "gt-abc12", "mine/feature", &head);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(town.git(&["rev-parse", "mine/feature"]).text(), head);
}

#[test]
fn a_branch_that_a_person_has_checked_out_stays() {
    let town = town();
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let place = town.root().join("mine");
    let place = place.to_str().unwrap();
    town.git(&[
        "worktree",
        "add",
        "--quiet",
        place,
        "polecat/toast/gt-abc12",
    ]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stderr.contains("it is checked out in"), "{output}");
    town.git(&["rev-parse", "--verify", "refs/heads/polecat/toast/gt-abc12"]);
    town.git(&["worktree", "remove", place]);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(town.git(&["branch", "--list", "polecat/*"]).text(), "");
}

#[test]
fn branches_of_unfinished_and_of_dropped_work_stay() {
    let town = town();
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let mut source = bead(&town, "gt-abc12");
    source.attempt = 2;
    save(&town, &source);
    work(&town, "polecat/nux/gt-other", "main", &[("x.txt", "new\n")]);
    town.gt(&["refinery", "run"]).ok();
    let left = town.git(&["branch", "--list", "--format=%(refname:short)", "polecat/*"]);
    assert_eq!(left.text(), "polecat/nux/gt-other\npolecat/toast/gt-abc12");
}

/// Bead and merge request say that it has landed, as somebody's push may.
fn claims_to_have_landed(town: &Town, id: &str, commit: &str, target: &str) {
    let mut source = bead(town, id);
    source.move_to(
        Status::Closed,
        &model::Time::parse("2026-01-15T12:00:00Z").expect("a time"),
    );
    save(town, &source);
    let mut request = bead(town, &format!("{}.1", id.replace("gt-", "gt-mr-")));
    let merge = request.merge_request.as_mut().expect("it is one");
    merge.outcome = Some(model::Outcome::Merged);
    merge.merge_commit = Some(commit.to_owned());
    merge.target = target.to_owned();
    request.move_to(
        Status::Closed,
        &model::Time::parse("2026-01-15T12:00:00Z").expect("a time"),
    );
    save(town, &request);
}

#[test]
fn what_only_a_file_says_to_have_landed_stays() {
    let town = town();
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let branch = "polecat/toast/gt-abc12";
    let tip = |of: &str| town.git(&["rev-parse", of]).text().to_owned();
    let (head, main, nowhere) = (tip(branch), tip("main"), "a2345".repeat(8));
    for (commit, target) in [
        (&main, "main"),
        (&nowhere, "main"),
        (&head, branch),
        (&head, "no such"),
    ] {
        claims_to_have_landed(&town, "gt-abc12", commit, target);
        town.gt(&["refinery", "run"]);
        town.gt(&["doctor", "--fix"]);
        assert_eq!(tip(branch), head, "{commit} on {target}");
    }
}

#[test]
fn what_was_taken_off_the_target_again_stays() {
    let town = town();
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let branch = "polecat/toast/gt-abc12";
    let tip = |of: &str| town.git(&["rev-parse", of]).text().to_owned();
    let (head, before) = (tip(branch), tip("main"));
    town.gt(&["refinery", "run"]).ok();
    town.git(&["branch", branch, &head]);
    town.git(&["reset", "--quiet", "--hard", &before]);
    town.gt(&["refinery", "run"]);
    town.gt(&["doctor", "--fix"]);
    assert_eq!(tip(branch), head);
}

/// A worker that commits one file, says it is done, and lives on until it is
/// let go.
fn slung(town: &mut Town) -> (String, PathBuf) {
    let script = town.root().join("worker.sh");
    let go = town.root().join("go");
    let text = format!(
        "echo new > new.txt\ngit add new.txt\ngit commit --quiet -m work\n\
         gt done || exit 1\nwhile ! test -e {}; do sleep 0.05; done\n",
        go.display()
    );
    std::fs::write(&script, text).expect("written");
    let command = serde_json::json!(["sh", script, "{prompt}"]);
    town.config(&format!(
        "default_runtime: slow\nruntimes:\n  slow:\n    command: {command}\n"
    ));
    let made = town.bd(&["create", "Add a file", "--json"]).ok().json();
    let bead = made["id"].as_str().expect("an ID").to_owned();
    town.gt(&["sling", &bead, "app"]).ok();
    let status = |bead: &str| super::queue::bead(town, bead).status;
    town.wait_until(Duration::from_secs(30), || {
        status(&bead) == Status::Completed
    });
    (bead, go)
}

/// Where the worktree of the only branch of a polecat is.
fn worktree(town: &Town) -> PathBuf {
    let format = "--format=%(worktreepath)";
    let found = town.git(&["for-each-ref", format, "refs/heads/polecat"]);
    PathBuf::from(found.text())
}

#[test]
fn a_living_workers_worktree_stays_until_the_next_run() {
    let mut town = town();
    let (bead, go) = slung(&mut town);
    let worktree = worktree(&town);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stdout.starts_with(&format!("Landed {bead}")),
        "{output}"
    );
    assert!(output.stderr.contains("is still at work"), "{output}");
    assert!(worktree.join("new.txt").exists());

    std::fs::write(go, "").unwrap();
    town.wait_until(Duration::from_secs(10), || town.processes().is_empty());
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stderr.contains("removed polecat/"), "{output}");
    assert!(!worktree.exists());
    assert_eq!(town.git(&["branch", "--list", "polecat/*"]).text(), "");
    assert_eq!(town.read("new.txt"), "new\n");
    sound(&town);
}

#[test]
fn a_worktree_with_uncommitted_work_stays() {
    let mut town = town();
    let (_, go) = slung(&mut town);
    let worktree = worktree(&town);
    std::fs::write(worktree.join("late.txt"), "late\n").unwrap();
    std::fs::write(go, "").unwrap();
    town.wait_until(Duration::from_secs(10), || town.processes().is_empty());
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stderr.contains("late.txt"), "{output}");
    assert!(worktree.join("late.txt").exists());
    std::fs::remove_file(worktree.join("late.txt")).unwrap();
    town.gt(&["refinery", "run"]).ok();
    assert!(!worktree.exists());
}

#[test]
fn gits_locks_of_a_killed_run_go_and_those_of_others_stay() {
    let lock = "refs/heads/polecat/toast/gt-abc12.lock";
    for is_ours in [true, false] {
        let town = town();
        filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
        if is_ours {
            let marks = town.git_dir().join("plaintown/refinery");
            std::fs::create_dir_all(&marks).unwrap();
            std::fs::write(marks.join("running"), "").unwrap();
        }
        let lock = town.git_dir().join(lock);
        std::fs::write(&lock, "").unwrap();
        let output = town.gt(&["refinery", "run"]).ok();
        assert!(output.stdout.starts_with("Landed"), "{output}");
        let branch = town.git(&["branch", "--list", "polecat/*"]);
        assert_eq!(branch.text().is_empty(), is_ours, "{output}");
        assert_eq!(lock.exists(), !is_ours, "{output}");
    }
}
