//! Real processes on real streams that close and fill up.

use std::fs::OpenOptions;
use std::io::Read;
use std::process::{Command, Output, Stdio};

fn probe(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cli-probe"));
    command.args(words).env_clear().stdin(Stdio::null());
    command
}

fn run(words: &[&str]) -> Output {
    probe(words).output().expect("the probe starts")
}

fn full() -> Stdio {
    let file = OpenOptions::new().write(true).open("/dev/full");
    file.expect("/dev/full is there").into()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is text")
}

/// Reads one byte of the output, closes the pipe and waits.
fn closed_early(words: &[&str]) -> (Option<i32>, String) {
    let mut child = probe(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the probe starts");
    let mut out = child.stdout.take().expect("it is piped");
    out.read_exact(&mut [0]).expect("there is output");
    drop(out);
    let output = child.wait_with_output().expect("it ends");
    (output.status.code(), text(&output.stderr))
}

#[test]
fn lines_arrive() {
    let output = run(&["lines", "20000"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout).lines().count(), 20_000);
    assert!(text(&output.stdout).ends_with("\n19999\n"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    assert_eq!(
        closed_early(&["lines", "1000000"]),
        (Some(0), String::new())
    );
    assert_eq!(closed_early(&["stream"]), (Some(0), String::new()));
}

#[test]
fn a_full_disk_is_an_error_even_for_one_line() {
    for count in ["1", "1000000"] {
        let output = probe(&["lines", count])
            .stdout(full())
            .output()
            .expect("it ends");
        assert_eq!(output.status.code(), Some(8), "{count}");
        let message = text(&output.stderr);
        assert!(message.starts_with("error: cannot write to standard output: No space left"));
    }
    let help = probe(&["--help"]).stdout(full()).output().expect("it ends");
    assert_eq!(help.status.code(), Some(8));
}

#[test]
fn errors_go_to_standard_error_after_the_data() {
    let output = run(&["fail"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(text(&output.stdout), "before\n");
    assert_eq!(
        text(&output.stderr),
        "error: no such thing\nhint: look elsewhere\n"
    );
    let json = run(&["--json", "fail"]);
    assert_eq!(
        text(&json.stderr),
        "{\"error\":\"no such thing\",\"code\":\"not_found\",\"hint\":\"look elsewhere\"}\n"
    );
}

#[test]
fn a_standard_error_that_fails_changes_no_status() {
    for (words, status) in [(["fail"], 3), (["panic"], 101), (["--bad-flag"], 2)] {
        let output = probe(&words).stderr(full()).output().expect("it ends");
        assert_eq!(output.status.code(), Some(status), "{words:?}");
    }
}

#[test]
fn a_panic_is_told_as_a_fault() {
    let output = run(&["panic"]);
    assert_eq!(output.status.code(), Some(101));
    let message = text(&output.stderr);
    assert!(
        message.starts_with("error: internal fault at "),
        "{message}"
    );
    assert!(message.contains("told \\u{1b}[2J so\nhint: "), "{message}");
    let json = run(&["panic", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stderr).expect("it is JSON");
    assert_eq!(value["code"], "internal_fault");
}

#[test]
fn the_command_line_is_part_of_the_contract() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(text(&help.stdout).contains("--actor <NAME>"));
    assert_eq!(run(&["--version"]).status.code(), Some(0));

    let typo = run(&["lins", "--json"]);
    assert_eq!(typo.status.code(), Some(2));
    let value: serde_json::Value = serde_json::from_slice(&typo.stderr).expect("it is JSON");
    assert_eq!(value["code"], "usage");
    assert!(
        value["hint"]
            .as_str()
            .is_some_and(|hint| hint.contains("'lines'"))
    );

    let nothing = run(&[]);
    assert_eq!(nothing.status.code(), Some(2));
    assert_eq!(text(&nothing.stdout), "");
    assert!(text(&nothing.stderr).contains("Usage:"));
    let nothing = run(&["--json"]);
    assert_eq!(nothing.status.code(), Some(2));
    serde_json::from_slice::<serde_json::Value>(&nothing.stderr).expect("it is JSON");
}
