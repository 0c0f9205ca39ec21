use std::time::Instant;

use super::*;
use crate::fixture::Repo;

#[test]
fn failures_name_the_command_and_what_git_said() {
    let repo = Repo::new();
    let error = repo
        .git()
        .run("look", ["cat-file", "-p", "nonsense"])
        .expect_err("no such object");
    let text = error.to_string();
    assert!(
        text.starts_with("look: `git cat-file -p nonsense` failed (exit 128): fatal:"),
        "{text}"
    );
}

#[test]
fn standard_input_larger_than_a_pipe_is_fed_whole() {
    let repo = Repo::new();
    let bytes = vec![b'x'; 1 << 20];
    let oid = repo
        .git()
        .stdin(bytes.clone())
        .run("hash", ["hash-object", "-w", "--stdin"])
        .expect("hashed");
    let back = repo
        .git()
        .run("read", ["cat-file", "blob", &parse_line(&oid)])
        .expect("read");
    assert_eq!(back, bytes);
}

fn parse_line(bytes: &[u8]) -> String {
    crate::parse::line(bytes)
}

#[test]
fn a_command_that_hangs_is_killed_with_its_children() {
    let repo = Repo::new();
    let started = Instant::now();
    let error = repo
        .git()
        .timeout(Duration::from_millis(200))
        .run("sleep", ["-c", "alias.doze=!sleep 31.75; true", "doze"])
        .expect_err("killed");
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    assert!(started.elapsed() < Duration::from_secs(20));
    let alive = || {
        let commands = crate::process::commands();
        commands.iter().any(|line| line.contains("sleep 31.75"))
    };
    while alive() {
        assert!(
            started.elapsed() < Duration::from_secs(28),
            "a child is left"
        );
    }
}

#[test]
fn a_repository_cannot_run_its_monitor_or_hooks() {
    let repo = Repo::new();
    let trap = repo.root().join("trap.sh");
    let proof = repo.root().join("proof");
    std::fs::write(&trap, format!("#!/bin/sh\ntouch {}\n", proof.display())).expect("written");
    repo.sh(&[
        "config",
        "core.fsmonitor",
        &format!("sh {}", trap.display()),
    ]);
    repo.write("a", "1\n");
    repo.git()
        .run("status", ["status", "--porcelain"])
        .expect("status");
    assert!(!proof.exists());
}

#[test]
fn a_missing_directory_is_gits_failure() {
    let error = Git::at("/nonexistent/place")
        .run("look", ["status"])
        .expect_err("no directory");
    assert!(matches!(error, Error::Failed { .. }), "{error}");
}
