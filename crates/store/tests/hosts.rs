//! Which clone this is: a copied one is another host, a moved one the same.

use crate::child;
use crate::support::{Rig, open};
use std::path::Path;
use std::process::Command;

fn make(root: &Path, word: &str) -> String {
    open(root).make_host(word).unwrap()
}

fn run(program: &str, args: &[&str], paths: [&Path; 2]) {
    let status = Command::new(program).args(args).args(paths).status();
    assert!(status.unwrap().success());
}

#[test]
fn a_host_is_drawn_once() {
    let rig = Rig::new();
    assert_eq!(rig.open().host().unwrap(), None);
    assert_eq!(make(&rig.root(), "aaa"), "h-aaa");
    assert_eq!(make(&rig.root(), "bbb"), "h-aaa");
    assert_eq!(rig.open().host().unwrap().as_deref(), Some("h-aaa"));
}

#[test]
fn many_processes_draw_one() {
    let rig = Rig::new();
    let answers: Vec<_> = (0..8)
        .map(|at| rig.home().join(format!("answer-{at}")))
        .collect();
    let children: Vec<_> = answers
        .iter()
        .enumerate()
        .map(|(at, answer)| {
            let word = format!("w{at}");
            child::command("host", &rig.root(), &[&word, answer.to_str().unwrap()])
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let mut ids: Vec<String> = answers
        .iter()
        .map(|answer| std::fs::read_to_string(answer).unwrap())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[test]
fn a_copy_is_another_host() {
    let rig = Rig::new();
    make(&rig.root(), "aaa");
    let copy = rig.home().join("copy");
    run("cp", &["-a"], [&rig.root(), &copy]);
    assert_eq!(open(&copy).host().unwrap(), None);
    assert_eq!(make(&copy, "bbb"), "h-bbb");
    assert_eq!(make(&rig.root(), "ccc"), "h-aaa", "the first is unmoved");
}

#[test]
fn a_moved_clone_is_the_same_host() {
    let rig = Rig::new();
    make(&rig.root(), "aaa");
    let moved = rig.home().join("moved");
    run("mv", &[], [&rig.root(), &moved]);
    assert_eq!(make(&moved, "bbb"), "h-aaa");
}

#[test]
fn a_linked_worktree_is_on_the_same_host() {
    let rig = Rig::new();
    rig.commit_all("store");
    make(&rig.root(), "aaa");
    let linked = rig.home().join("linked");
    rig.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    assert_eq!(make(&linked, "bbb"), "h-aaa");
}
