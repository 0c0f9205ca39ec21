//! What a person is asked at a terminal: nothing changes unless the answer is yes.

use super::support::*;
use crate::gt::refinery::queue;
use crate::gt::trust::gates::propose;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use testkit::Town;

/// A command that asks, in a town where it has something to ask.
struct Asking {
    make: fn() -> Town,
    args: &'static [&'static str],
    /// What is said after a yes.
    done: &'static str,
}

const ASKING: &[Asking] = &[
    Asking {
        make: with_a_hook,
        args: &["hook", "accept", "app/toast"],
        done: "Accepted gt-one",
    },
    Asking {
        make: with_a_gate,
        args: &["trust"],
        done: "Approved ",
    },
    Asking {
        make: with_a_merge_request,
        args: &["mq", "accept", "gt-abc12"],
        done: "Accepted ",
    },
];

/// The keys, and whether they say yes. Ctrl-D ends the input, Ctrl-C interrupts.
const ANSWERS: &[(&str, bool)] = &[
    ("n\r", false),
    ("\r", false),
    ("\u{4}", false),
    ("\u{3}", false),
    ("yessir\r", false),
    ("no\ry\r", false),
    ("y\r", true),
    ("yes\r", true),
];

fn with_a_hook() -> Town {
    let town = rig();
    town.gt(&["sling", "gt-one", "app", "--no-spawn"]).ok();
    town.gt(&["unsling", "gt-one"]).ok();
    let text = hook("app/polecats/toast", "gt-one", 1, &host(&town));
    town.write(".beads/hooks/app/polecats/toast.yaml", &text);
    town
}

fn with_a_gate() -> Town {
    let town = queue::town();
    propose(&town, "true");
    town
}

fn with_a_merge_request() -> Town {
    let town = queue::town();
    queue::forged(&town, "gt-abc12", &[("evil.txt", "run me\n")]);
    town
}

/// All files of the store and of the clone's own folder, but for its locks.
fn files(town: &Town) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let private = town.git_dir().join("plaintown");
    for folder in [town.repo().join(".beads"), private.clone()] {
        read(&folder, &private.join("locks"), &mut found);
    }
    found
}

fn read(folder: &Path, but: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && path != but {
            read(&path, but, found);
        } else if path.is_file() {
            found.insert(path.clone(), fs::read(path).expect("can be read"));
        }
    }
}

#[test]
fn nothing_changes_unless_the_answer_is_yes() {
    for asking in ASKING {
        let mut town = (asking.make)();
        for (keys, is_yes) in ANSWERS {
            let before = files(&town);
            let shown = town.call("gt", asking.args).answer("[y/N]", keys);
            let what = format!("{:?} after {keys:?}: {}", asking.args, shown.text);
            assert_eq!(shown.text.contains(asking.done), *is_yes, "{what}");
            assert_eq!(files(&town) != before, *is_yes, "{what}");
            assert_eq!(town.processes(), Vec::<u32>::new(), "{what}");
            if *is_yes {
                town = (asking.make)();
            }
        }
    }
}

#[test]
fn whoever_interrupts_ends_it() {
    let town = with_a_gate();
    let shown = town.call("gt", &["trust"]).answer("[y/N]", "\u{3}");
    assert!(!shown.status.success(), "{shown:?}");
    assert!(!shown.text.contains("Not approved"), "{shown:?}");
}
