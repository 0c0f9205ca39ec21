//! The documentation is executed or generated: what it shows is what happens.
//!
//! `UPDATE_DOCS=1 cargo test --test main docs::` writes the pages anew; look at the
//! difference before you commit it.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]

mod configuration;
mod console;
mod faults;
mod file_format;
mod guides;
mod links;
mod mask;
pub(crate) mod reference;

use std::path::{Path, PathBuf};

/// The root of the source tree.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Holds a page to its text, or writes it when asked to.
#[track_caller]
fn check(page: &str, expected: &str) {
    let path = root().join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let folder = path.parent().expect("a page stands in a folder");
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(&path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some(difference) = first_difference(&found, expected) {
        panic!(
            "{page} is not what the commands say.\n{difference}\nWrite it anew with `just docs` \
             (UPDATE_DOCS=1 cargo test --test main docs::) and look at the difference."
        );
    }
}

fn first_difference(found: &str, expected: &str) -> Option<String> {
    if found == expected {
        return None;
    }
    let (mut old, mut new) = (found.lines(), expected.lines());
    let mut number = 1;
    loop {
        match (old.next(), new.next()) {
            (None, None) => return Some("the last line ends differently".to_owned()),
            (old, new) if old == new => number += 1,
            (old, new) => {
                let show = |line: Option<&str>| line.unwrap_or("(the end)").to_owned();
                let (old, new) = (show(old), show(new));
                return Some(format!(
                    "line {number}\n  the page: {old}\n  in truth: {new}"
                ));
            }
        }
    }
}

/// Every page, the README and its neighbours included.
fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut folders = vec![root().join("docs"), root().join("examples")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                pages.push(path);
            }
        }
    }
    pages.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|it| root().join(it)));
    pages.sort();
    pages
}

#[test]
fn a_difference_is_found_and_shown() {
    assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    let shown = first_difference("a\nb\n", "a\nc\n").unwrap();
    assert!(
        shown.contains("line 2") && shown.contains("truth: c"),
        "{shown}"
    );
    assert!(
        first_difference("a\n", "a\nb\n")
            .unwrap()
            .contains("(the end)")
    );
    assert!(first_difference("a", "a\n").unwrap().contains("ends"));
}
