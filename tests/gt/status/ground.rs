//! What the work stands on: worktree, branch, runtime.

use super::*;

/// Its worktree is there with a commit, and its worker has ended.
fn worked(town: &Town) -> (Slung, String) {
    bead(town, "gt-one", "One");
    let slung = idle(town, "gt-one");
    ended(town, TOAST);
    let commit = slung.commit(town, "work");
    (slung, commit)
}

#[test]
fn a_worktree_that_is_gone_is_filled_again() {
    let town = rig("ignore");
    let (slung, commit) = worked(&town);
    fs::remove_dir_all(&slung.worktree).unwrap();
    let shown = shows(&town, TOAST, "backing_off", "its worktree");
    heed(&town, &shown);
    ended(&town, TOAST);
    assert_eq!(head(&town, &slung.worktree), commit);
    let status = town.run_in(&slung.worktree, "git", &["status", "--porcelain"]);
    assert_eq!(status.ok().text(), "");
    let why = of(&town, TOAST)["why"].as_str().unwrap().to_owned();
    assert!(!why.contains("its worktree"), "{why}");
    sound(&town);
}

#[test]
fn a_worktree_that_is_gone_under_its_worker_is_left_for_a_new_one() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    fs::remove_dir_all(&slung.worktree).unwrap();
    let shown = shows(&town, TOAST, "working", "its worktree");
    heed(&town, &shown).ok();
    let agent = field(&town, "gt-one", "assignee");
    assert_ne!(agent, TOAST);
    town.wait_until(LONG, || town.agents_at_work()["gt-one"].len() == 1);
    assert_eq!(of(&town, &agent)["why"], Value::Null);
}

#[test]
fn a_branch_that_was_deleted_is_brought_back_with_its_commits() {
    let town = rig("ignore");
    let (slung, commit) = worked(&town);
    let full = format!("refs/heads/{}", slung.branch);
    let at = || {
        town.git(&["rev-parse", "--verify", &full])
            .ok()
            .text()
            .to_owned()
    };
    let delete = || town.git(&["update-ref", "-d", &full]).ok();
    // As it says.
    delete();
    let shown = shows(&town, TOAST, "backing_off", &format!("it was at {commit}"));
    heed(&town, &shown).ok();
    assert_eq!(at(), commit);
    let why = of(&town, TOAST)["why"].as_str().unwrap().to_owned();
    assert!(!why.contains("its branch"), "{why}");
    // By the doctor, and by whoever starts the worker again.
    for args in [&["doctor", "--fix"][..], &["sling", "gt-one", "app/toast"]] {
        delete();
        town.gt(args);
        assert_eq!(at(), commit, "{args:?}");
    }
    slung.gt(&town, &["done"]).ok();
    sound(&town);
}

#[test]
fn a_runtime_that_is_not_installed_can_be_replaced() {
    let town = rig("hang");
    slung(&town);
    let path = town.root().join("config.yaml");
    let config = fs::read_to_string(&path).unwrap();
    let config = config.replace("default_runtime: hang", "default_runtime: ignore");
    fs::write(&path, config.replace("  hang:", "  other:")).unwrap();
    let shown = shows(
        &town,
        TOAST,
        "waiting",
        "its runtime hang cannot be started",
    );
    // The new worker ends at once, as it does.
    heed(&town, &shown);
    assert_eq!(on_hook(&town, TOAST, "runtime").as_deref(), Some("ignore"));
    ended(&town, TOAST);
    let why = of(&town, TOAST)["why"].as_str().unwrap().to_owned();
    assert!(!why.contains("runtime"), "{why}");
}

#[test]
fn a_runtime_without_a_substitute_is_installed() {
    let town = rig("hang");
    slung(&town);
    let path = town.root().join("config.yaml");
    let config = fs::read_to_string(&path).unwrap();
    fs::write(&path, config.replace("  hang:", "  other:")).unwrap();
    let shown = shows(
        &town,
        TOAST,
        "waiting",
        "its runtime hang cannot be started",
    );
    fs::write(&path, config).unwrap();
    heed(&town, &shown).ok();
    assert_eq!(of(&town, TOAST)["state"], "working");
}

#[test]
fn a_worktree_of_work_by_hand_that_is_gone_gives_the_bead_back() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let tree = town.root().join("tree");
    let path = tree.to_str().unwrap();
    town.git(&["worktree", "add", "--quiet", "-b", "mine", path])
        .ok();
    let hook = town.call("gt", &["hook", "gt-one"]).dir(&tree);
    hook.env("BEADS_DIR", town.repo().join(".beads")).run().ok();
    fs::remove_dir_all(&tree).unwrap();
    let shown = shows(&town, "overseer", "by_hand", "its worktree");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, "overseer"), Value::Null);
    assert_eq!(status(&town, "gt-one"), "open");
}

#[test]
fn a_branch_that_is_gone_with_its_worktree_is_made_anew() {
    let town = rig("ignore");
    let (slung, _) = worked(&town);
    fs::remove_dir_all(&slung.worktree).unwrap();
    let full = format!("refs/heads/{}", slung.branch);
    town.git(&["update-ref", "-d", &full]).ok();
    let shown = shows(&town, TOAST, "backing_off", "its branch");
    heed(&town, &shown);
    town.git(&["rev-parse", "--verify", &full]).ok();
}

#[test]
fn a_release_says_that_work_is_kept_only_where_it_is() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    town.git(&["switch", "--quiet", "--create", "mine"]).ok();
    town.gt(&["hook", "gt-one"]).ok();
    let told = town.gt(&["release", "gt-one"]).ok().stderr;
    assert!(told.contains("is kept on mine"), "{told}");
    town.gt(&["hook", "gt-one"]).ok();
    town.git(&["switch", "--quiet", "main"]).ok();
    town.git(&["branch", "-D", "mine"]).ok();
    let told = town.gt(&["release", "gt-one"]).ok().stderr;
    assert!(!told.contains("mine"), "{told}");
}
