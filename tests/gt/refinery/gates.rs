//! Merge gates: green only if they ran and exited 0.

use super::queue::*;
use model::Status;
use testkit::Town;

/// Sent back as red; the comment holds all of `texts`.
#[track_caller]
fn red(town: &Town, texts: &[&str]) {
    let tip = town.git(&["rev-parse", "main"]).text().to_owned();
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(town.git(&["rev-parse", "main"]).text(), tip);
    assert_eq!(bead(town, "gt-abc12").status, Status::Open);
    assert_eq!(outcome(town, &id("gt-mr-abc12.1")).as_deref(), Some("red"));
    let comments = comments(town, "gt-abc12");
    for text in texts {
        assert!(
            comments[0].contains(text),
            "{text:?} is not in {}",
            comments[0]
        );
    }
    sound(town);
}

#[test]
fn green_gates_are_recorded_and_named_in_the_commit() {
    let town = town();
    let here = "echo out; echo err >&2; test -e new.txt && test -e b.txt && ! test -e .beads";
    gates(
        &town,
        &[("tree", &["sh", "-c", here], 20), ("lint", &["true"], 20)],
    );
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.write("c.txt", "uncommitted\n");
    town.gt(&["refinery", "run"]).ok();
    let message = town.git(&["show", "-s", "--format=%B", "main"]);
    assert!(
        message
            .text()
            .ends_with("Attempt: 1\nGate: tree\nGate: lint"),
        "{message}"
    );
    let results = bead(&town, mr.as_str()).merge_request.unwrap().gates;
    let names: Vec<_> = results
        .iter()
        .map(|it| (it.name.as_str(), it.exit))
        .collect();
    assert_eq!(names, [("tree", Some(0)), ("lint", Some(0))]);
    let log = town
        .git_dir()
        .join("plaintown/logs")
        .join(results[0].log.as_ref().unwrap());
    assert_eq!(std::fs::read_to_string(log).unwrap(), "out\nerr\n");
    sound(&town);
}

#[test]
fn a_red_gate_says_whether_the_work_broke_it() {
    let town = town();
    let script =
        "for n in $(seq 40); do echo line $n; done; printf '\\033[31mred\\n'; ! test -e new.txt";
    gates(&town, &[("test", &["sh", "-c", script], 20)]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    red(
        &town,
        &[
            "gate test was red (exit 1)",
            "the work breaks it",
            "line 40",
            "\\u{1b}[31mred",
        ],
    );
    assert!(!comments(&town, "gt-abc12")[0].contains("line 21\n"));
}

#[test]
fn a_target_that_was_red_before_is_told() {
    let town = town();
    gates(&town, &[("test", &["sh", "-c", "exit 3"], 20)]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    red(&town, &["exit 3", "it was broken before this work"]);
}

#[test]
fn a_gate_that_never_ran_is_red() {
    for (command, text) in [
        (&["sh", "-c", "exit 127"][..], "it could not run (exit 127)"),
        (&["sh", "-c", "exit 126"][..], "it could not run (exit 126)"),
        (&["no-such-program-anywhere"][..], "could not be started"),
        (&["./a.txt"][..], "not an executable file"),
        (&["sh", "-c", "kill -9 $$"][..], "a signal killed it"),
    ] {
        let town = town();
        gates(&town, &[("test", command, 20)]);
        filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
        red(&town, &[text]);
    }
}

#[test]
fn a_gate_that_takes_too_long_is_killed_with_its_children() {
    let town = town();
    let script = "trap '' TERM; sh -c 'trap \"\" TERM; echo child; sleep 60' & sleep 60";
    gates(&town, &[("slow", &["sh", "-c", script], 1)]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    red(&town, &["it was stopped after 1 s", "child"]);
    assert_eq!(town.processes(), Vec::<u32>::new());
}

#[test]
fn what_a_gate_leaves_running_is_ended() {
    let town = town();
    gates(&town, &[("leaky", &["sh", "-c", "sleep 60 & exit 0"], 20)]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
    assert_eq!(town.processes(), Vec::<u32>::new());
}

#[test]
fn a_gate_sees_nothing_of_the_callers_git_or_identity() {
    let mut town = town();
    town.env("GIT_DIR_OF_CALLER", "x")
        .env("GT_AGENT", "overseer")
        .env("SECRET", "x");
    let script = "env; ! env | grep -E '^(GIT_|GT_|BD_|SECRET)' && ! read -r line";
    gates(&town, &[("clean", &["sh", "-c", script], 20)]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
}

#[test]
fn untracked_files_of_one_gate_are_gone_for_the_next() {
    let town = town();
    let script = "test ! -e droppings && touch droppings && echo changed > a.txt";
    gates(&town, &[("messy", &["sh", "-c", script], 20)]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    filed(&town, "gt-def34", &[("other.txt", "new\n")]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert_eq!(output.stdout.matches("Landed").count(), 2, "{output}");
    assert_eq!(show(&town, "main:a.txt"), "one\n");
}

#[test]
fn a_required_gate_that_is_missing_is_waited_for() {
    let town = town();
    let config = town.read(".beads/config.yaml");
    town.write(
        ".beads/config.yaml",
        &config.replace("require_gate: false", "require_gate: true"),
    );
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.contains("require_gate"), "{output}");
    assert_eq!(outcome(&town, &mr), None);
    gates(&town, &[("test", &["true"], 20)]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
}

#[test]
fn gates_run_again_for_other_code_and_not_for_the_store_alone() {
    let town = town();
    let count = town.root().join("count");
    let script = format!("echo run >> {}", count.display());
    gates(&town, &[("test", &["sh", "-c", &script], 20)]);
    filed(&town, "gt-abc12", &[("a.txt", "two\n")]);
    let runs = || {
        std::fs::read_to_string(&count)
            .unwrap_or_default()
            .lines()
            .count()
    };
    // An edit in the way makes it wait, with its gates green.
    town.write("a.txt", "mine\n");
    town.gt(&["refinery", "run"]).ok();
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(runs(), 1);
    town.git(&["add", ".beads"]);
    town.git(&["commit", "--quiet", "-m", "state"]);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(runs(), 1);
    town.write("b.txt", "two\n");
    town.git(&["commit", "--quiet", "-m", "code", "b.txt"]);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(runs(), 2);
    town.git(&["checkout", "--quiet", "a.txt"]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
    assert_eq!(runs(), 2);
}

#[test]
fn a_target_that_moves_under_the_gates_is_merged_and_tested_anew() {
    let town = town();
    let count = town.root().join("count");
    let mover = town.root().join("move.sh");
    let script = format!(
        "echo run >> {count}\n[ $(wc -l < {count}) -gt 1 ] && exit 0\ncd {repo}\n\
         git -c user.name=B -c user.email=b@example.com commit --quiet --allow-empty-message -m moved --only b.txt\n",
        count = count.display(),
        repo = town.repo().display()
    );
    std::fs::write(&mover, script).unwrap();
    gates(&town, &[("test", &["sh", mover.to_str().unwrap()], 20)]);
    filed(&town, "gt-abc12", &[("a.txt", "two\n")]);
    town.write("b.txt", "moved\n");
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(
        output.stderr.contains("main has moved, merging anew"),
        "{output}"
    );
    assert!(output.stdout.starts_with("Landed"), "{output}");
    assert_eq!(std::fs::read_to_string(&count).unwrap().lines().count(), 2);
    assert_eq!(
        (town.read("a.txt"), town.read("b.txt")),
        ("two\n".into(), "moved\n".into())
    );
    sound(&town);
}
