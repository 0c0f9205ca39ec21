//! The four ways for an agent to end.

use testkit::Town;

use super::support::*;

/// A rig with a polecat that has committed something.
fn at_work() -> (Town, Slung, String) {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    let commit = slung.commit(&town, "work.txt");
    (town, slung, commit)
}

fn is_unhooked(town: &Town, slung: &Slung) -> bool {
    !hook_file(town, &slung.agent).exists() && !ticket_file(town, &slung.agent).exists()
}

#[test]
fn completed_files_a_merge_request_with_its_head() {
    for args in [&["done"][..], &["done", "--status", "COMPLETED"]] {
        let (town, slung, commit) = at_work();
        let answer = slung.gt(&town, args).ok();
        assert!(answer.stdout.contains("gt-mr-one.1"), "{answer}");
        assert_eq!(status(&town, "gt-one"), "completed");
        assert!(is_unhooked(&town, &slung));
        for (key, value) in [
            ("type", "merge-request"),
            ("status", "open"),
            ("source", "gt-one"),
            ("head", commit.as_str()),
            ("target", "main"),
            ("worker", slung.agent.as_str()),
            ("branch", slung.branch.as_str()),
            ("outcome", "null"),
        ] {
            assert_eq!(field(&town, "gt-mr-one.1", key), value, "{key}");
        }
        sound(&town);
    }
}

#[test]
fn completed_pushes_the_branch_where_there_is_a_remote() {
    let (town, slung, commit) = at_work();
    let remote = town.clone_bare_remote();
    let answer = slung.gt(&town, &["done", "--json"]).ok().json();
    assert_eq!(answer["pushed_to"], "origin");
    assert_eq!(answer["exit"], "COMPLETED");
    assert_eq!(answer["merge_request"], "gt-mr-one.1");
    let there = town
        .run_in(&remote, "git", &["rev-parse", &slung.branch])
        .ok();
    assert_eq!(there.text(), commit);
    sound(&town);
}

#[test]
fn a_push_that_fails_records_nothing() {
    let (town, slung, _) = at_work();
    town.git(&["remote", "add", "origin", "/nowhere/at/all.git"]);
    let answer = changes_nothing(&town, || slung.gt(&town, &["done"]));
    says(answer, 8, &["cannot push", "origin", "repeat"]);
    assert_eq!(status(&town, "gt-one"), "in_progress");
    town.git(&["remote", "remove", "origin"]);
    slung.gt(&town, &["done"]).ok();
    sound(&town);
}

#[test]
fn completed_without_a_merge_request_closes() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    let answer = slung
        .gt(&town, &["done", "--no-mr", "-m", "it was there already"])
        .ok();
    assert!(answer.stdout.contains("nothing to merge"), "{answer}");
    assert_eq!(status(&town, "gt-one"), "closed");
    assert_eq!(
        field(&town, "gt-one", "close_reason"),
        "it was there already"
    );
    assert!(is_unhooked(&town, &slung));
    sound(&town);
}

#[test]
fn deferred_keeps_the_branch_and_names_it() {
    for args in [
        &["done", "--defer", "-m", "later"][..],
        &["done", "--status", "DEFERRED"],
    ] {
        let (town, slung, commit) = at_work();
        slung.gt(&town, args).ok();
        assert_eq!(status(&town, "gt-one"), "deferred");
        assert_eq!(field(&town, "gt-one", "branch"), slung.branch);
        assert_eq!(field(&town, "gt-one", "assignee"), "null");
        assert_eq!(town.git(&["rev-parse", &slung.branch]).text(), commit);
        assert!(is_unhooked(&town, &slung));
        sound(&town);
    }
}

#[test]
fn escalated_parks_the_hook_and_leaves_the_worktree_as_it_is() {
    for args in [
        &["done", "--escalate", "-m", "which one?"][..],
        &["done", "--status", "ESCALATED", "-m", "which one?"],
    ] {
        let (town, slung, _) = at_work();
        std::fs::write(slung.worktree.join("half.txt"), "half").unwrap();
        slung.gt(&town, args).ok();
        assert_eq!(status(&town, "gt-one"), "escalated");
        assert!(
            on_hook(&town, &slung.agent, "parked").is_none(),
            "it is a map"
        );
        assert!(ticket_file(&town, &slung.agent).exists());
        assert!(slung.worktree.join("half.txt").exists());
        for who in ["mayor", "overseer"] {
            let inbox = town.gt(&["--actor", who, "mail", "inbox"]).ok();
            assert!(inbox.stdout.contains("Escalated: One (gt-one)"), "{inbox}");
        }
        sound(&town);
    }
}

#[test]
fn a_phase_parks_the_hook_on_a_gate() {
    for args in [
        &["done", "--phase"][..],
        &["done", "--status", "PHASE_COMPLETE"],
    ] {
        let (town, slung, _) = at_work();
        let answer = slung.call(&town, "gt", args).run().ok();
        assert!(answer.stdout.contains("gt resume gt-one"), "{answer}");
        assert_eq!(status(&town, "gt-one"), "in_progress");
        assert!(hook_file(&town, &slung.agent).exists());
        let polecats = town.gt(&["polecat", "list"]).ok();
        assert!(polecats.stdout.contains("parked"), "{polecats}");
        sound(&town);
    }
}

#[test]
fn a_phase_can_wait_for_any_bead() {
    let (town, slung, _) = at_work();
    bead(&town, "gt-two", "Two");
    slung
        .gt(&town, &["done", "--phase", "--gate", "gt-two"])
        .ok();
    says(town.gt(&["resume", "gt-one"]), 4, &["gt-two", "open"]);
    town.bd(&["close", "gt-two"]).ok();
    town.gt(&["resume", "gt-one"]);
    assert_eq!(
        on_hook(&town, &slung.agent, "parked").as_deref(),
        Some("null")
    );
}

#[test]
fn what_the_agent_says_becomes_a_comment() {
    let (town, slung, _) = at_work();
    slung
        .gt(&town, &["done", "--defer", "-m", "needs the new API"])
        .ok();
    let comments = town.bd(&["comments", "gt-one"]).ok();
    assert!(
        comments.stdout.contains("DEFERRED: needs the new API"),
        "{comments}"
    );
}

#[test]
fn flags_that_do_not_go_together_change_nothing() {
    let (town, slung, _) = at_work();
    for (args, word) in [
        (&["done", "--escalate"][..], "needs a reason"),
        (&["done", "--escalate", "-m", " "], "needs a reason"),
        (&["done", "--escalate", "-a", "-m", "x"], "as it is"),
        (&["done", "--defer", "--no-mr"], "--no-mr"),
        (&["done", "--gate", "gt-one"], "--phase"),
        (&["done", "--defer", "--phase"], "cannot be used with"),
        (&["done", "--status", "DONE"], "DONE"),
    ] {
        let answer = changes_nothing(&town, || slung.gt(&town, args));
        says(answer, 2, &[word]);
    }
}

#[test]
fn everything_uncommitted_can_be_committed_on_the_way() {
    let town = rig("hang");
    bead(&town, "gt-one", "Fix the login");
    let slung = idle(&town, "gt-one");
    std::fs::write(slung.worktree.join("new.txt"), "new").unwrap();
    std::fs::write(slung.worktree.join("README.md"), "changed").unwrap();
    slung.gt(&town, &["done", "-a"]).ok();
    let shown = town.git(&["show", "--stat", "--format=%s%n%an", &slung.branch]);
    for text in [
        "Fix the login (gt-one)",
        "new.txt",
        "README.md",
        &slung.agent,
    ] {
        assert!(shown.stdout.contains(text), "{text} is not in {shown}");
    }
    sound(&town);
}

#[test]
fn done_from_hooked_picks_up_first() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.gt(&["hook", "gt-one"]).ok();
    assert_eq!(status(&town, "gt-one"), "hooked");
    town.gt(&["done", "--no-mr"]).ok();
    assert!(field(&town, "gt-one", "started_at").starts_with("20"));
}

#[test]
fn an_end_that_was_killed_after_filing_does_not_swallow_later_commits() {
    let (town, slung, _) = at_work();
    let done = slung.call(&town, "gt", &["done"]);
    let files = [
        hook_file(&town, &slung.agent),
        ticket_file(&town, &slung.agent),
        town.repo().join(".beads/beads/o/gt-one.yaml"),
    ];
    let before = files.clone().map(|it| std::fs::read_to_string(it).unwrap());
    let begun = "ends_as: completed";
    assert!(before[1].contains("ends_as: null"), "{}", before[1]);
    let as_killed = || {
        for (file, text) in files.iter().zip(&before) {
            std::fs::write(file, text.replace("ends_as: null", begun)).unwrap();
        }
    };
    done.run().ok();
    as_killed();
    let answer = done.run().ok();
    assert!(answer.stdout.contains("gt-mr-one.1"), "{answer}");
    as_killed();
    slung.commit(&town, "later.txt");
    let answer = says(
        done.run(),
        4,
        &["gt-mr-one.1 was filed", "gt sling gt-one app --force"],
    );
    assert!(!answer.stdout.contains("COMPLETED"), "{answer}");
    let again = sling(&town, "gt-one", &["--force", "--no-spawn"]);
    assert_eq!(field(&town, "gt-mr-one.1", "outcome"), "superseded");
    let ticket = std::fs::read_to_string(ticket_file(&town, &again.agent)).unwrap();
    assert_eq!(plain(&ticket, "tip").unwrap(), head(&town, &slung.worktree));
    sound(&town);
}
