//! Work that goes back, or is left alone.

use super::queue::*;
use model::Status;

/// A bead that is to be worked on again, with the reason.
#[track_caller]
fn went_back(town: &testkit::Town, mr: &model::Id, why: &str, text: &str) {
    let source = bead(town, "gt-abc12");
    assert_eq!(source.status, Status::Open);
    assert_eq!(source.assignee, None);
    assert_eq!(source.branch.as_deref(), Some("polecat/toast/gt-abc12"));
    assert_eq!(outcome(town, mr).as_deref(), Some(why));
    assert_eq!(bead(town, mr.as_str()).status, Status::Closed);
    let comments = comments(town, "gt-abc12");
    assert_eq!(comments.len(), 1, "{comments:?}");
    assert!(
        comments[0].starts_with("Sent back by the refinery: "),
        "{comments:?}"
    );
    assert!(comments[0].contains(text), "{comments:?}");
    assert!(
        comments[0].contains("branch polecat/toast/gt-abc12"),
        "{comments:?}"
    );
    town.git(&["rev-parse", "--verify", "polecat/toast/gt-abc12"]);
    sound(town);
}

#[test]
fn a_conflict_names_its_paths() {
    let town = town();
    let mr = filed(&town, "gt-abc12", &[("a.txt", "theirs\n")]);
    town.write("a.txt", "ours\n");
    town.git(&["commit", "--quiet", "--all", "-m", "meanwhile"]);
    let tip = town.git(&["rev-parse", "main"]).text().to_owned();
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stdout.starts_with("Sent back gt-abc12: "),
        "{output}"
    );
    assert_eq!(town.git(&["rev-parse", "main"]).text(), tip);
    went_back(&town, &mr, "conflict", "a.txt");
}

#[test]
fn a_branch_that_merged_the_target_and_resolved_lands() {
    let town = town();
    let branch = "polecat/toast/gt-abc12";
    work(&town, branch, "main", &[("a.txt", "theirs\n")]);
    town.write("a.txt", "ours\n");
    town.git(&["commit", "--quiet", "--all", "-m", "meanwhile"]);
    let ours = town.git(&["rev-parse", "main"]).text().to_owned();
    let tree = work(&town, "resolved", branch, &[("a.txt", "both\n")]);
    let tree = format!("{tree}^{{tree}}");
    let made = town.git(&[
        "commit-tree",
        &tree,
        "-p",
        branch,
        "-p",
        &ours,
        "-m",
        "resolved",
    ]);
    let head = made.text().to_owned();
    town.git(&["update-ref", &format!("refs/heads/{branch}"), &head]);
    file(&town, "gt-abc12", branch, &head);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
    assert_eq!(town.read("a.txt"), "both\n");
}

#[test]
fn a_change_to_the_store_is_rejected() {
    let town = town();
    let files = [("new.txt", "new\n"), (".beads/trusted.yaml", "gates: []\n")];
    let mr = filed(&town, "gt-abc12", &files);
    town.gt(&["refinery", "run"]).ok();
    assert!(!path(&town, "new.txt").exists());
    went_back(&town, &mr, "rejected", ".beads/trusted.yaml");
}

#[test]
fn a_head_that_is_gone_is_rejected() {
    let town = town();
    let branch = "polecat/toast/gt-abc12";
    work(&town, branch, "main", &[("new.txt", "new\n")]);
    let mr = file(&town, "gt-abc12", branch, &"1".repeat(40));
    town.gt(&["refinery", "run"]).ok();
    went_back(&town, &mr, "rejected", "not in this clone");
}

#[test]
fn a_target_that_is_no_branch_is_rejected() {
    let town = town();
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let mut request = bead(&town, mr.as_str());
    request.merge_request.as_mut().unwrap().target = "--force".to_owned();
    save(&town, &request);
    town.gt(&["refinery", "run"]).ok();
    went_back(&town, &mr, "rejected", "--force");
}

#[test]
fn a_newer_attempt_supersedes_the_merge_request() {
    let town = town();
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let mut source = bead(&town, "gt-abc12");
    source.attempt = 2;
    save(&town, &source);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stdout.starts_with("Dropped gt-mr-abc12.1: "),
        "{output}"
    );
    assert_eq!(outcome(&town, &mr).as_deref(), Some("superseded"));
    assert_eq!(bead(&town, "gt-abc12"), source);
    assert!(!path(&town, "new.txt").exists());
    assert!(comments(&town, "gt-abc12").is_empty());
    town.git(&["rev-parse", "--verify", "polecat/toast/gt-abc12"]);
}

#[test]
fn what_was_decided_is_completed_and_said_once() {
    let town = town();
    let mr = filed(&town, "gt-abc12", &[("a.txt", "theirs\n")]);
    let waiting = (bead(&town, "gt-abc12"), bead(&town, mr.as_str()));
    town.write("a.txt", "ours\n");
    town.git(&["commit", "--quiet", "--all", "-m", "meanwhile"]);
    town.gt(&["refinery", "run"]).ok();
    // As a run leaves it that was killed after the comment.
    let mut decided = waiting.1;
    decided.notes = bead(&town, mr.as_str()).notes;
    decided.merge_request.as_mut().unwrap().outcome = Some(model::Outcome::Conflict);
    save(&town, &decided);
    save(&town, &waiting.0);
    town.gt(&["refinery", "run"]).ok();
    went_back(&town, &mr, "conflict", "a.txt");
}

#[test]
fn another_hosts_work_and_unreadable_files_are_left_alone() {
    let town = town();
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    filed(&town, "gt-def34", &[("other.txt", "new\n")]);
    let mut request = bead(&town, mr.as_str());
    request.merge_request.as_mut().unwrap().host = "h-elsewhere".to_owned();
    save(&town, &request);
    town.write(".beads/beads/z/gt-mr-zzz99.1.yaml", "<<<<<<< ours\n");
    let output = town.gt(&["refinery", "run"]).fails(1);
    assert!(
        output.stdout.contains("host h-elsewhere merges it"),
        "{output}"
    );
    assert!(output.stdout.contains("Landed gt-def34"), "{output}");
    assert!(output.stderr.contains("gt-mr-zzz99.1.yaml"), "{output}");
    assert_eq!(outcome(&town, &mr), None);
    assert_eq!(
        town.read(".beads/beads/z/gt-mr-zzz99.1.yaml"),
        "<<<<<<< ours\n"
    );
}

#[test]
fn a_bead_that_changes_hands_while_its_gates_run_does_not_land() {
    let town = town();
    let file = path(&town, ".beads/beads/a/gt-abc12.yaml");
    let file = file.to_str().unwrap();
    let command = ["sed", "-i", "s/^attempt: 1$/attempt: 2/", file];
    gates(&town, &[("takeover", &command, 20)]);
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let tip = town.git(&["rev-parse", "main"]).text().to_owned();
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stdout.starts_with("Dropped gt-mr-abc12.1"),
        "{output}"
    );
    assert_eq!(town.git(&["rev-parse", "main"]).text(), tip);
    assert_eq!(outcome(&town, &mr).as_deref(), Some("superseded"));
    assert_eq!(bead(&town, "gt-abc12").attempt, 2);
}

#[test]
fn what_came_back_too_often_is_told_and_handed_out_only_by_force() {
    let town = town();
    let branch = "polecat/toast/gt-abc12";
    let head = work(&town, branch, "main", &[("a.txt", "theirs\n")]);
    town.write("a.txt", "ours\n");
    town.git(&["commit", "--quiet", "--all", "-m", "meanwhile"]);
    let subject = "Sent back 3 times: Work on gt-abc12 (gt-abc12)";
    let mail = |who: &str| {
        let args = ["mail", "inbox", "--all", "--json"];
        let inbox = town.call("gt", &args).env("GT_AGENT", who).run().ok();
        inbox.stdout.matches(subject).count()
    };
    let sling = |more: &[&str]| {
        let args = ["sling", "gt-abc12", "app", "--agent", "claude", "--dry-run"];
        town.gt(&[&args, more].concat())
    };
    for attempt in 1..=3 {
        if attempt > 1 {
            assert!(!sling(&[]).stderr.contains("was sent back"));
        }
        assert_eq!(mail("overseer"), 0);
        file_attempt(&town, "gt-abc12", branch, &head, attempt);
        town.gt(&["refinery", "run"]).ok();
    }
    assert_eq!((mail("overseer"), mail("mayor")), (1, 1));
    let refused = sling(&[]).fails(4);
    let why = "gt-abc12 was sent back 3 times: it conflicts";
    assert!(refused.stderr.contains(why), "{refused}");
    assert!(refused.stderr.contains("--force"), "{refused}");
    assert!(!sling(&["--force"]).stderr.contains("was sent back"));
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(mail("overseer"), 1, "told once");
}
