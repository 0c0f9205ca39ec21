//! Every command that a guide shows is run, and answers what the guide says.

use super::{check, console, root};

#[track_caller]
fn guide(page: &str) {
    let text = std::fs::read_to_string(root().join(page)).unwrap();
    assert!(text.contains("```console"), "{page} shows no command");
    check(page, &console::run(&text));
}

#[test]
fn readme() {
    guide("README.md");
}

#[test]
fn getting_started() {
    guide("docs/getting-started.md");
}

#[test]
fn agents() {
    guide("docs/agents.md");
}

#[test]
fn by_hand() {
    guide("docs/by-hand.md");
}

#[test]
fn convoys() {
    guide("docs/convoys.md");
}

#[test]
fn merging() {
    guide("docs/merging.md");
}

#[test]
fn runtime_hooks() {
    guide("docs/runtime-hooks.md");
}

#[test]
fn trust() {
    guide("docs/trust.md");
}

#[test]
fn watching() {
    guide("docs/watching.md");
}
