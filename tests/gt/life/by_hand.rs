//! Work without any agent: `gt hook`, edit, commit, `gt done`.

use std::path::PathBuf;

use testkit::Town;

use super::support::*;

fn linked_worktree(town: &Town) -> PathBuf {
    let tree = town.root().join("linked");
    town.git(&[
        "worktree",
        "add",
        "--quiet",
        "-b",
        "feature",
        tree.to_str().expect("a temporary folder has a plain name"),
    ]);
    tree
}

#[test]
fn on_a_branch_of_the_main_worktree() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.git(&["switch", "--quiet", "-c", "feature"]);
    town.gt(&["hook", "gt-one"]).ok();
    assert_eq!(
        on_hook(&town, "overseer", "branch").as_deref(),
        Some("feature")
    );
    assert_eq!(
        on_hook(&town, "overseer", "runtime").as_deref(),
        Some("null")
    );
    let commit = commit_in(&town, &town.repo(), "work.txt");
    town.gt(&["done"]).ok();
    assert_eq!(status(&town, "gt-one"), "completed");
    assert_eq!(field(&town, "gt-mr-one.1", "head"), commit);
    assert_eq!(field(&town, "gt-mr-one.1", "branch"), "feature");
    sound(&town);
}

#[test]
fn in_a_linked_worktree() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let tree = linked_worktree(&town);
    town.run_in(&tree, "gt", &["hook", "gt-one"]).ok();
    let commit = commit_in(&town, &tree, "work.txt");
    // Another worktree, also of the right person, is the wrong place.
    says(
        changes_nothing(&town, || town.gt(&["done"])),
        4,
        &["gt-one is worked on in", "linked", "cd "],
    );
    // A folder inside is in it.
    std::fs::create_dir(tree.join("deep")).unwrap();
    town.run_in(tree.join("deep"), "gt", &["done"]).ok();
    assert_eq!(field(&town, "gt-mr-one.1", "head"), commit);
    sound(&town);
}

#[test]
fn on_main_itself_there_is_nothing_to_merge() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.commit_all("the store");
    let hooked = town.gt(&["hook", "gt-one"]).ok();
    assert!(hooked.stderr.contains("you are on main"), "{hooked}");
    commit_in(&town, &town.repo(), "work.txt");
    says(
        changes_nothing(&town, || town.gt(&["done"])),
        4,
        &[
            "the work is on main itself",
            "gt done --no-mr",
            "git switch -c",
        ],
    );
    town.gt(&["done", "--no-mr"]).ok();
    assert_eq!(status(&town, "gt-one"), "closed");
    sound(&town);
}

#[test]
fn state_in_the_store_is_no_uncommitted_work() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.commit_all("the store");
    town.git(&["switch", "--quiet", "-c", "feature"]);
    town.gt(&["hook", "gt-one"]).ok();
    town.bd(&["comment", "gt-one", "half way"]).ok();
    commit_in(&town, &town.repo(), "work.txt");
    town.gt(&["done"]).ok();
    let shown = town.git(&["show", "--name-only", "--format=", "feature"]);
    assert_eq!(shown.stdout, "work.txt\n");
}

#[test]
fn a_hook_holds_one_bead() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    town.gt(&["hook", "gt-one"]).ok();
    says(
        changes_nothing(&town, || town.gt(&["hook", "gt-two"])),
        4,
        &["overseer", "gt-one", "gt unsling gt-one"],
    );
    says(
        changes_nothing(&town, || town.gt(&["hook", "gt-two", "--force"])),
        4,
        &["gt-one"],
    );
}

#[test]
fn showing_the_hook_is_for_everybody() {
    let town = rig("hang");
    let none = changes_nothing(&town, || town.gt(&["hook"])).ok();
    assert!(none.stdout.contains("overseer"), "{none}");
    bead(&town, "gt-one", "One");
    town.gt(&["hook", "gt-one", "--args", "slowly"]).ok();
    let shown = changes_nothing(&town, || town.gt(&["hook"])).ok();
    assert!(
        shown.stdout.contains("gt-one") && shown.stdout.contains("slowly"),
        "{shown}"
    );
    let other = town
        .gt(&["--actor", "mayor", "hook", "--of", "overseer", "--json"])
        .ok()
        .json();
    assert!(other.to_string().contains("gt-one"));
    says(
        town.gt(&["--actor", "Ann Smith", "hook"]),
        2,
        &["has no hook"],
    );
}

#[test]
fn a_person_escalates_and_goes_on() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.git(&["switch", "--quiet", "-c", "feature"]);
    town.gt(&["hook", "gt-one"]).ok();
    town.gt(&["done", "--escalate", "-m", "help"]).ok();
    town.gt(&["resume", "gt-one"]).ok();
    assert_eq!(status(&town, "gt-one"), "in_progress");
    commit_in(&town, &town.repo(), "work.txt");
    town.gt(&["done"]).ok();
    sound(&town);
}
