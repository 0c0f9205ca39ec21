//! Gates that the repository proposes: run only as approved.

use crate::gt::refinery::queue::*;
use std::path::{Path, PathBuf};
use testkit::Town;

/// Proposes a gate that leaves a mark, on main.
pub(crate) fn propose(town: &Town, more: &str) -> PathBuf {
    let mark = town.root().join("gate-ran");
    let command = format!("touch {}; {more}", mark.display());
    let command = serde_json::to_string(&["sh", "-c", &command]).expect("strings");
    town.write(
        ".beads/trusted.yaml",
        &format!("format: 1\n\ngates:\n  - name: mark\n    command: {command}\n    timeout: 60s\n"),
    );
    town.git(&["add", "--force", ".beads/trusted.yaml"]);
    town.git(&[
        "commit",
        "--quiet",
        "-m",
        "gates",
        "--",
        ".beads/trusted.yaml",
    ]);
    mark
}

/// The queue waits for `gt trust`, and nothing ran.
#[track_caller]
pub(super) fn waits(town: &Town, mark: &Path) {
    let output = town.gt(&["refinery", "run"]);
    assert!(output.stdout.contains("gt trust"), "{output}");
    assert!(!mark.exists(), "it has run");
    sound(town);
}

#[test]
fn a_proposed_gate_waits_for_approval_and_then_counts() {
    let town = town();
    let mark = propose(&town, "true");
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    waits(&town, &mark);
    let status = town.gt(&["refinery", "status"]).ok();
    assert!(status.stdout.contains("gt trust"), "{status}");
    town.gt(&["trust", "--yes"]).ok();
    assert!(!mark.exists(), "approving runs nothing");
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
    assert!(mark.exists(), "the mark of a gate that ran is noticed");
    let message = town.git(&["show", "-s", "--format=%B", "main"]);
    assert!(message.text().ends_with("Gate: mark"), "{message}");
    assert_eq!(outcome(&town, &mr).as_deref(), Some("merged"));
    sound(&town);
}

#[test]
fn one_byte_more_has_to_be_approved_again() {
    let town = town();
    let mark = propose(&town, "true");
    town.gt(&["trust", "--yes"]).ok();
    let text = town.read(".beads/trusted.yaml");
    town.write(".beads/trusted.yaml", &format!("{text}# harmless\n"));
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.git(&[
        "commit",
        "--quiet",
        "-m",
        "a comment",
        "--",
        ".beads/trusted.yaml",
    ]);
    waits(&town, &mark);
    town.write(".beads/trusted.yaml", &text);
    town.git(&[
        "commit",
        "--quiet",
        "-m",
        "as it was",
        "--",
        ".beads/trusted.yaml",
    ]);
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
    assert!(mark.exists());
}

#[test]
fn approval_taken_back_is_missing() {
    let town = town();
    let mark = propose(&town, "true");
    town.gt(&["trust", "--yes"]).ok();
    town.gt(&["trust", "--revoke"]).ok();
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    waits(&town, &mark);
}

#[test]
fn neither_the_branch_nor_the_work_tree_is_asked() {
    let town = town();
    let mark = town.root().join("gate-ran");
    let evil = format!(
        "format: 1\ngates:\n  - name: x\n    command: [touch, {}]\n",
        mark.display()
    );
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.write(".beads/trusted.yaml", &evil);
    town.gt(&["trust", "--yes"]).ok();
    let output = town.gt(&["refinery", "run"]).ok();
    assert!(output.stdout.starts_with("Landed"), "{output}");
    let message = town.git(&["show", "-s", "--format=%B", "main"]);
    assert!(message.text().ends_with("Gate: none"), "{message}");
    let back = filed(&town, "gt-def34", &[(".beads/trusted.yaml", &evil)]);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(outcome(&town, &back).as_deref(), Some("rejected"));
    assert!(!mark.exists());
}

#[test]
fn the_users_gates_come_first() {
    let town = town();
    let mark = propose(&town, "true");
    gates(&town, &[("mine", &["true"], 20), ("mark", &["true"], 20)]);
    filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    waits(&town, &mark);
    town.gt(&["trust", "--yes"]).ok();
    town.gt(&["refinery", "run"]).ok();
    let message = town.git(&["show", "-s", "--format=%B", "main"]);
    assert!(
        message.text().ends_with("Gate: mine\nGate: mark"),
        "{message}"
    );
    assert!(!mark.exists(), "of two of one name the user's is run");
}

#[test]
fn a_red_one_sends_the_work_back() {
    let town = town();
    propose(&town, "test ! -e new.txt");
    town.gt(&["trust", "--yes"]).ok();
    let mr = filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
    town.gt(&["refinery", "run"]).ok();
    assert_eq!(outcome(&town, &mr).as_deref(), Some("red"));
    sound(&town);
}

#[test]
fn a_file_that_cannot_be_used_is_waited_for() {
    for text in [
        "format: 1\nhooks: [x]\n",
        "<<<<<<< HEAD\n",
        "format: 1\ngates: &a [*a]\n",
    ] {
        let town = town();
        filed(&town, "gt-abc12", &[("new.txt", "new\n")]);
        town.write(".beads/trusted.yaml", text);
        town.git(&["add", "--force", ".beads/trusted.yaml"]);
        town.git(&[
            "commit",
            "--quiet",
            "-m",
            "gates",
            "--",
            ".beads/trusted.yaml",
        ]);
        let output = town.gt(&["refinery", "run"]);
        assert!(output.stdout.contains(".beads/trusted.yaml"), "{output}");
        let refused = town.gt(&["trust", "--yes"]).fails(5);
        assert!(refused.stderr.contains(".beads/trusted.yaml"), "{refused}");
    }
}
