//! What the machine does to a sling: no space, no right to write, a place that
//! is taken, Ctrl-C. It says so, and nothing is half done.

use std::fs;
use std::io::Read;
use std::thread;
use std::time::Duration;

use testkit::{Output, Town, invariants};

use super::support::*;

/// Runs a command of `gt` in a mount namespace of its own, after `prepare`.
fn mounted(town: &Town, prepare: &str, gt: &str) -> Output {
    let script = format!("{prepare} && exec gt {gt}");
    let args = ["--map-root-user", "--mount", "sh", "-c", &script];
    town.call("unshare", &args).run()
}

fn is_as_before(town: &Town) {
    assert_eq!(status(town, "gt-one"), "open");
    assert_eq!(field(town, "gt-one", "assignee"), "null");
    assert!(!hook_file(town, "app/polecats/toast").exists());
    assert!(!ticket_file(town, "app/polecats/toast").exists());
    assert!(town.processes().is_empty());
    sound(town);
}

#[test]
fn a_store_that_is_read_only() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let prepare = "mount --bind .beads .beads && mount -o remount,bind,ro .beads";
    for command in ["sling gt-one app", "hook gt-one", "sling gt-one mayor"] {
        says(mounted(&town, prepare, command), 8, &[".beads", "ead-only"]);
        is_as_before(&town);
    }
    let shown = mounted(&town, prepare, "hook");
    assert!(
        shown.status.success(),
        "looking needs no right to write: {shown}"
    );
}

#[test]
fn no_space_for_the_hook() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let full = "mount -t tmpfs -o size=4k,nr_inodes=1 none .beads/hooks";
    let answer = mounted(&town, full, "sling gt-one app");
    says(answer, 8, &["hooks", "o space left"]);
    is_as_before(&town);
}

#[test]
fn no_space_for_the_bead() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let full = "mkdir ../copy && cp -r .beads/. ../copy && \
         mount -t tmpfs -o size=64k,nr_inodes=60 none .beads && cp -r ../copy/. .beads && \
         (cat /dev/zero > .beads/filler 2>/dev/null || true)";
    let answer = mounted(&town, full, "sling gt-one app");
    says(answer, 8, &["o space left"]);
    is_as_before(&town);
}

#[test]
fn a_worktree_place_that_is_taken() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let place = town
        .gt(&["sling", "gt-one", "app", "-n", "--json"])
        .ok()
        .json();
    let worktree = place["plan"][0]["worktree"].as_str().unwrap().to_owned();
    fs::create_dir_all(&worktree).unwrap();
    fs::write(format!("{worktree}/precious.txt"), "mine").unwrap();
    let agent = place["plan"][0]["agent"].as_str().unwrap();
    let answer = changes_nothing(&town, || town.gt(&["sling", "gt-one", agent]));
    says(answer, 4, &[&worktree, "not empty", "gt sling gt-one app"]);
    is_as_before(&town);
    // Another name finds another place.
    let slung = sling(&town, "gt-one", &[]);
    assert_ne!(slung.agent, agent);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    assert_eq!(
        fs::read_to_string(format!("{worktree}/precious.txt")).unwrap(),
        "mine"
    );
}

#[test]
fn a_branch_that_is_in_the_way() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let git = |args: &[&str]| town.call("git", args).run().ok();
    git(&["branch", "polecat/rusty"]);
    let named = changes_nothing(&town, || town.gt(&["sling", "gt-one", "app/rusty"]));
    says(
        named,
        4,
        &["`polecat/rusty`", "gt sling gt-one app", "git branch -m"],
    );
    git(&["branch", "-m", "polecat/rusty", "polecat"]);
    let any = changes_nothing(&town, || town.gt(&["sling", "gt-one", "app"]));
    says(any, 4, &["`polecat`", "git branch -m polecat NAME"]);
    git(&["branch", "-m", "polecat", "polecat/toast"]);
    // The first of the pool is passed over.
    let slung = sling(&town, "gt-one", &[]);
    assert_ne!(slung.agent, "app/polecats/toast");
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
}

#[test]
fn a_store_asked_not_to_write_is_not_written_to() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    for command in [
        &["--readonly", "sling", "gt-one", "app"][..],
        &["--readonly", "hook", "gt-one"],
    ] {
        let answer = changes_nothing(&town, || town.gt(command));
        assert!(
            !answer.status.success() && !answer.stderr.is_empty(),
            "{answer}"
        );
    }
}

#[test]
fn control_c_leaves_nothing_half_done() {
    for wait in [1, 5, 10, 20, 30, 45, 60, 90] {
        let town = rig("hang");
        bead(&town, "gt-one", "One");
        let mut child = town.call("gt", &["sling", "gt-one", "app"]).start();
        thread::sleep(Duration::from_millis(wait));
        let pid = child.id().to_string();
        // It may be done already.
        town.run_in(
            town.repo(),
            "sh",
            &["-c", &format!("kill -INT {pid} || true")],
        )
        .ok();
        let mut told = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut told)
            .unwrap();
        child.wait().unwrap();
        assert!(!told.contains("panicked"), "{told}");
        town.wait_until(LONG, || {
            town.agents_at_work().is_empty() || status(&town, "gt-one") == "in_progress"
        });
        invariants::settle(&town).unwrap();
        invariants::hold(&town).unwrap();
        // Whatever it came to, the same command brings it to its end.
        town.gt(&["sling", "gt-one", "app/toast"]).ok();
        town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
        assert_eq!(town.agents_at_work()["gt-one"].len(), 1);
    }
}
