//! One list of commands for the README, the justfile and CI.

use super::{read, root};
use std::os::unix::fs::PermissionsExt;

/// The whole test suite.
const TESTS: &str = "cargo test --workspace";

/// The cargo commands of a script, without redirections of their output.
fn cargo_commands(text: &str) -> Vec<&str> {
    text.lines()
        .map(|line| {
            line.trim_start()
                .trim_start_matches("RUSTDOCFLAGS=\"-D warnings\" ")
        })
        .filter(|line| line.starts_with("cargo "))
        .filter(|line| *line != "cargo --version")
        .collect()
}

#[test]
fn the_tests_of_the_readme_come_last_in_ci() {
    assert!(read("README.md").contains(&format!("```sh\n{TESTS}\n```")));
    let ci = read(".ci/run");
    assert_eq!(ci.lines().rfind(|line| !line.is_empty()), Some(TESTS));
    assert!(read("justfile").contains(&format!("\ntest:\n    {TESTS}\n")));
}

#[test]
fn ci_runs_what_the_justfile_runs() {
    let justfile = read("justfile");
    let recipes = cargo_commands(&justfile);
    let bare = |line: &str| line.replace(" --quiet", "");
    for command in cargo_commands(&read(".ci/run")) {
        let command = bare(command);
        let in_recipe = recipes.iter().any(|it| bare(it) == command);
        let example = command == "cargo run --example first_convoy";
        assert!(in_recipe || example, "`{command}` is in no recipe");
    }
}

#[test]
fn ci_can_be_run_and_is_sound() {
    let script = root().join(".ci/run");
    let mode = script.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111, "{mode:o}");
    let checked = std::process::Command::new("bash")
        .arg("-n")
        .arg(&script)
        .status();
    assert!(checked.unwrap().success());
}
