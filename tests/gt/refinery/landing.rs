//! Landing on a branch of the clone itself.

use super::queue::*;
use model::Status;

#[test]
fn completed_work_lands_as_one_commit_and_closes_everything() {
    let town = town();
    let tip = town.git(&["rev-parse", "main"]).text().to_owned();
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let head = town
        .git(&["rev-parse", "polecat/toast/gt-abc12"])
        .text()
        .to_owned();
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stdout.starts_with("Landed gt-abc12 on main as "),
        "{output}"
    );

    let format = "--format=%P%n%an <%ae>%n%cn <%ce>%n%at %ct%n%B";
    let shown = town.git(&["show", "-s", format, "main"]);
    let expected = format!(
        "{tip} {head}\napp/polecats/toast <toast@app.plaintown.invalid>\n\
         Ann Tester <ann@example.com>\n1769947200 1769947200\n\
         Work on gt-abc12 (gt-abc12)\n\nBead: gt-abc12\nAttempt: 1\nGate: none"
    );
    assert_eq!(shown.text(), expected);
    let trailers = town.git(&["show", "-s", "--format=%B", "main"]).stdout;
    let parsed = town
        .call("git", &["interpret-trailers", "--parse"])
        .stdin(trailers)
        .run()
        .ok();
    assert_eq!(parsed.stdout, "Bead: gt-abc12\nAttempt: 1\nGate: none\n");

    let commit = town.git(&["rev-parse", "main"]).text().to_owned();
    let bead = bead(&town, "gt-abc12");
    assert_eq!(bead.status, Status::Closed);
    assert_eq!(
        bead.close_reason,
        Some(format!("merged as {}", &commit[..10]))
    );
    let merge = super::queue::bead(&town, mr.as_str());
    assert_eq!(merge.status, Status::Closed);
    assert_eq!(merge.merge_request.unwrap().merge_commit, Some(commit));
    assert_eq!(outcome(&town, &mr).as_deref(), Some("merged"));
    assert_eq!(town.read("new.txt"), "new\n");
    let branches = town.git(&["branch", "--list", "polecat/*"]);
    assert_eq!(branches.text(), "");
    sound(&town);
}

#[test]
fn a_target_that_is_not_checked_out_moves_alone() {
    let town = town();
    town.git(&["switch", "--quiet", "-c", "elsewhere"]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.gt(&["refinery", "run"]).ok();
    assert!(!path(&town, "new.txt").exists());
    assert_eq!(show(&town, "main:new.txt"), "new\n");
    sound(&town);
}

#[test]
fn unrelated_edits_stay_and_overlapping_ones_are_waited_for() {
    let town = town();
    let mr = filed(
        &town,
        "gt-abc12",
        &[("a.txt", "two\n"), ("new.txt", "new\n")],
    );
    let before = town.git(&["rev-parse", "main"]).text().to_owned();
    town.write("b.txt", "mine\n");
    for (file, text) in [("a.txt", "mine\n"), ("new.txt", "mine, untracked\n")] {
        let old = std::fs::read_to_string(path(&town, file)).ok();
        town.write(file, text);
        let output = town.gt(&["refinery", "run"]).ok();
        assert!(
            output.stdout.starts_with("Waiting gt-mr-abc12.1: "),
            "{output}"
        );
        assert!(output.stdout.contains(file), "{output}");
        assert_eq!(town.read(file), text);
        match old {
            Some(old) => town.write(file, &old),
            None => std::fs::remove_file(path(&town, file)).unwrap(),
        }
    }
    assert_eq!(town.git(&["rev-parse", "main"]).text(), before);
    assert_eq!(bead(&town, "gt-abc12").status, Status::Completed);
    assert_eq!(outcome(&town, &mr), None);

    town.gt(&["refinery", "run"]).ok();
    assert_eq!(town.read("a.txt"), "two\n");
    assert_eq!(town.read("b.txt"), "mine\n");
    let edits = town.git(&[
        "status",
        "--porcelain",
        "--untracked-files=no",
        "--",
        ".",
        ":!.beads",
    ]);
    assert_eq!(edits.stdout, " M b.txt\n");
    sound(&town);
}

#[test]
fn an_operation_under_way_is_waited_for() {
    let town = town();
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.git(&["bisect", "start"]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.contains("bisect"), "{output}");
    town.git(&["bisect", "reset"]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
}

#[test]
fn exactly_the_head_that_was_filed_is_merged() {
    let town = town();
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let branch = "polecat/toast/gt-abc12";
    work(&town, branch, branch, &[("later.txt", "later\n")]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(!path(&town, "later.txt").exists());
    assert_eq!(outcome(&town, &mr).as_deref(), Some("merged"));
    // The later commit is nowhere else.
    assert!(
        output.stderr.contains("kept polecat/toast/gt-abc12"),
        "{output}"
    );
    assert_eq!(show(&town, &format!("{branch}:later.txt")), "later\n");
}

#[test]
fn the_queue_is_worked_through_in_order_on_top_of_each_other() {
    let town = town();
    for n in 0..4 {
        let bead = format!("gt-work{n}");
        filed(&town, &bead, &[(&format!("{n}.txt"), "new\n")]);
    }
    let once = town.gt(&["refinery", "run", "--once"]).ok();
    assert_eq!(once.stdout.lines().count(), 1, "{once}");
    assert!(once.stdout.starts_with("Landed gt-work0"), "{once}");
    let rest = town.gt(&["refinery", "run", "--json"]).ok();
    let results = rest.json();
    let landed: Vec<_> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["bead"].clone())
        .collect();
    assert_eq!(landed, ["gt-work1", "gt-work2", "gt-work3"]);
    assert_eq!(first_parents(&town, "main").len(), 2 + 4);
    for n in 0..4 {
        assert_eq!(town.read(format!("{n}.txt")), "new\n");
    }
    sound(&town);
}

#[test]
fn a_squash_has_one_parent_and_is_recognised() {
    let town = town();
    let config = town
        .read(".beads/config.yaml")
        .replace("strategy: merge", "strategy: squash");
    town.write(".beads/config.yaml", &config);
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.gt(&["refinery", "run"]).ok();
    let parents = town.git(&["show", "-s", "--format=%P", "main"]);
    assert_eq!(parents.text().split(' ').count(), 1);
    let landed = town.git(&["rev-parse", "main"]).text().to_owned();
    // As a run leaves it that was killed right after it had moved the target.
    let mut request = bead(&town, mr.as_str());
    request.status = Status::Open;
    request.closed_at = None;
    request.close_reason = None;
    let merge = request.merge_request.as_mut().unwrap();
    merge.outcome = None;
    merge.merge_commit = None;
    save(&town, &request);
    let mut source = bead(&town, "gt-abc12");
    source.status = Status::Completed;
    source.closed_at = None;
    save(&town, &source);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(town.git(&["rev-parse", "main"]).text(), landed);
    assert_eq!(bead(&town, "gt-abc12").status, Status::Closed);
    assert_eq!(outcome(&town, &mr).as_deref(), Some("merged"));
}

#[test]
fn without_an_identity_the_refinery_commits() {
    let town = town();
    town.git(&["config", "--unset", "user.name"]);
    filed_by(&town);
    town.gt(&["refinery", "run"]).ok();
    let shown = town.git(&["show", "-s", "--format=%cn <%ce>", "main"]);
    assert_eq!(
        shown.text(),
        "app/refinery <refinery@app.plaintown.invalid>"
    );
}

/// Work committed before the identity was taken away.
fn filed_by(town: &testkit::Town) {
    town.git(&["config", "user.name", "Ann Tester"]);
    filed(town, "gt-abc12", &[("new.txt", "new\n")]);
    town.git(&["config", "--unset", "user.name"]);
}

#[test]
fn work_merged_by_hand_is_closed() {
    let town = town();
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.git(&[
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "by hand",
        "polecat/toast/gt-abc12",
    ]);
    let merged = town.git(&["rev-parse", "main"]).text().to_owned();
    town.write("c.txt", "more\n");
    town.git(&["add", "c.txt"]);
    town.git(&["commit", "--quiet", "-m", "more"]);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(bead(&town, "gt-abc12").status, Status::Closed);
    let merge = bead(&town, mr.as_str()).merge_request.unwrap();
    assert_eq!(merge.merge_commit, Some(merged));
    sound(&town);
}

#[test]
fn a_red_first_commit_is_not_on_the_first_parent_history() {
    let town = town();
    gates(&town, &[("whole", &["test", "-e", "second.txt"], 20)]);
    let branch = "polecat/toast/gt-abc12";
    work(&town, branch, "main", &[("first.txt", "1\n")]);
    let head = work(&town, branch, branch, &[("second.txt", "2\n")]);
    file(&town, "gt-abc12", branch, &head);
    let before = first_parents(&town, "main").len();
    town.gt(&["refinery", "run"]).ok();
    let history = first_parents(&town, "main");
    assert_eq!(history.len(), before + 1);
    town.git(&["cat-file", "-e", &format!("{}:second.txt", history[0])]);
    let message = town.git(&["show", "-s", "--format=%B", "main"]);
    assert!(message.stdout.contains("\nGate: whole\n"), "{message}");
}
