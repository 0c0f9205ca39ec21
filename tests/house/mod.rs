//! The house itself: what ARCHITECTURE.md and CONTRIBUTING.md say of the code, held.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod commands;
mod edges;
mod reach;
mod shape;
mod words;

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files of the project: those that git tracks, and new ones that it does not ignore.
fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(listed.status.success(), "{listed:?}");
    let text = String::from_utf8(listed.stdout).unwrap();
    let exists = |path: &&str| !path.is_empty() && root().join(path).is_file();
    text.split('\0').filter(exists).map(str::to_owned).collect()
}

/// The Rust files among them, without those that are only tests.
fn modules() -> Vec<String> {
    let mut modules = files();
    modules.retain(|path| path.starts_with("crates/") && path.ends_with(".rs"));
    modules.retain(|path| !path.ends_with("/tests.rs") && !path.contains("/tests/"));
    assert!(
        modules.len() > 100,
        "only {} modules were found",
        modules.len()
    );
    modules
}

/// A module's text up to its tests, without comments.
fn code(text: &str) -> String {
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The source folder of a package.
fn source(name: &str) -> PathBuf {
    Path::new("crates").join(name).join("src")
}
