use std::fs;
use std::path::Path;
use std::time::Instant;

use super::*;
use crate::fixture::{Repo, branch, person, try_person};
use crate::layout::Layout;

fn with_files(count: usize, options: &[&str]) -> Repo {
    let repo = Repo::with(options);
    repo.write(".beads/config.yaml", "format: 1\n");
    for n in 0..count {
        repo.write(&format!("src/{}/{n}.txt", n % 7), &format!("{n}\n"));
    }
    repo.commit_all();
    repo
}

fn spec(repo: &Repo, name: &str) -> Spec {
    Spec {
        common_dir: repo.common(),
        path: repo.root().join("polecats").join(name),
        name: name.to_owned(),
        head: Head::Branch {
            branch: branch(&format!("polecat/{name}/gt-abc12")),
            tip: repo.oid("main"),
        },
        marker: format!("store: {name}\n"),
    }
}

/// What must hold for a worktree and its repository, whatever happened before.
fn assert_sound(repo: &Repo, spec: &Spec) {
    assert!(!spec.path.join(".beads").exists());
    assert_eq!(person(&spec.path, &["status", "--porcelain"]), "");
    assert_eq!(person(&spec.path, &["ls-files", "-d"]), "");
    repo.sh(&["fsck", "--strict"]);
    repo.sh(&["worktree", "prune", "--expire=now"]);
    repo.sh(&["gc", "--quiet", "--prune=now"]);
    let listed = repo.sh(&["worktree", "list", "--porcelain"]);
    assert!(
        listed.contains(&format!("worktree {}", spec.path.display())),
        "{listed}"
    );
}

#[test]
fn a_worktree_is_whole_and_its_commits_leave_beads_alone() {
    let repo = with_files(3, &[]);
    let spec = spec(&repo, "toast");
    assert_eq!(add(&spec).expect("added"), Added::Created);
    assert_sound(&repo, &spec);
    fs::write(spec.path.join("new"), "x\n").expect("written");
    person(&spec.path, &["add", "-A"]);
    person(&spec.path, &["commit", "-qm", "work"]);
    assert_eq!(
        person(&spec.path, &["diff", "--name-only", "main", "HEAD"]),
        "new"
    );
    assert_eq!(
        person(&spec.path, &["ls-tree", "HEAD", ".beads/config.yaml"])
            .split('\t')
            .next_back(),
        Some(".beads/config.yaml")
    );
    assert_eq!(add(&spec).expect("again"), Added::Existed);
    let config = repo.sh(&["config", "--list", "--local"]);
    assert!(
        !config.to_lowercase().contains("worktreeconfig"),
        "{config}"
    );
    assert_eq!(
        repo.sh(&["config", "--default", "false", "core.sparseCheckout"]),
        "false"
    );
}

#[test]
fn twenty_at_once_all_succeed() {
    let repo = with_files(20, &[]);
    let specs: Vec<_> = (0..20).map(|n| spec(&repo, &format!("p{n}"))).collect();
    std::thread::scope(|scope| {
        let handles: Vec<_> = specs.iter().map(|spec| scope.spawn(|| add(spec))).collect();
        for handle in handles {
            assert_eq!(
                handle.join().expect("no panic").expect("added"),
                Added::Created
            );
        }
    });
    for spec in &specs {
        assert!(!spec.path.join(".beads").exists());
        assert_eq!(person(&spec.path, &["status", "--porcelain"]), "");
    }
    assert_sound(&repo, &specs[0]);
    assert_eq!(list(&repo.common()).expect("listed").len(), 20);
    let includes = fs::read_to_string(repo.common().join("config")).expect("read");
    assert_eq!(includes.matches("includeIf").count(), 1);
}

fn cut_short(spec: &Spec, steps: usize) {
    let layout = Layout::new(&spec.common_dir).expect("exists");
    let site = add::Site::survey(spec, layout).expect("surveyed");
    for step in &add::STEPS[..steps] {
        step(&site).expect("step");
    }
}

#[test]
fn a_kill_after_any_step_is_completed() {
    for options in [&[][..], &["--ref-format=reftable"]] {
        for steps in 0..=add::STEPS.len() {
            let repo = with_files(3, options);
            let spec = spec(&repo, "toast");
            cut_short(&spec, steps);
            repo.sh(&["fsck"]);
            repo.sh(&["worktree", "prune", "--expire=now"]);
            repo.sh(&["log", "--oneline"]);
            add(&spec).expect("completed");
            assert_sound(&repo, &spec);
        }
    }
}

#[test]
fn a_torn_checkout_is_completed() {
    let repo = with_files(9, &[]);
    let spec = spec(&repo, "toast");
    cut_short(&spec, add::STEPS.len() - 1);
    let git_dir = Layout::new(&spec.common_dir)
        .expect("exists")
        .admin("toast");
    fs::create_dir_all(spec.path.join("src/1")).expect("made");
    fs::write(spec.path.join("src/1/1.txt"), "").expect("written");
    fs::write(git_dir.join("index.lock"), "half").expect("written");
    fs::write(git_dir.join("index"), "").expect("written");
    assert_eq!(add(&spec).expect("added"), Added::Completed);
    assert_sound(&repo, &spec);
}

#[test]
fn locks_of_a_killed_run_are_removed_and_others_kept() {
    let repo = with_files(2, &[]);
    let spec = spec(&repo, "toast");
    let private = repo.common().join("plaintown");
    fs::create_dir_all(private.join("branching")).expect("made");
    fs::write(private.join("config-proof"), "half").expect("written");
    fs::hard_link(
        private.join("config-proof"),
        repo.common().join("config.lock"),
    )
    .expect("linked");
    let note = format!("polecat/toast/gt-abc12 {}\n", repo.oid("main"));
    fs::write(private.join("branching/toast"), note).expect("written");
    let lock = repo.common().join("refs/heads/polecat/toast/gt-abc12.lock");
    fs::create_dir_all(lock.parent().expect("parent")).expect("made");
    fs::write(&lock, "").expect("written");
    add(&spec).expect("added");
    assert!(!lock.exists() && !repo.common().join("config.lock").exists());
    assert_sound(&repo, &spec);
    let foreign = repo.common().join("refs/heads/polecat/other/gt-abc12.lock");
    fs::create_dir_all(foreign.parent().expect("parent")).expect("made");
    fs::write(&foreign, "").expect("written");
    assert!(add(&self::spec(&repo, "other")).is_err());
    assert!(foreign.exists());
}

#[test]
fn reftable_clones_work_too() {
    let repo = with_files(3, &["--ref-format=reftable"]);
    let specs: Vec<_> = (0..8).map(|n| spec(&repo, &format!("p{n}"))).collect();
    std::thread::scope(|scope| {
        let handles: Vec<_> = specs.iter().map(|spec| scope.spawn(|| add(spec))).collect();
        for handle in handles {
            handle.join().expect("no panic").expect("added");
        }
    });
    assert_sound(&repo, &specs[0]);
    let listed = list(&repo.common()).expect("listed");
    assert_eq!(listed[3].branch, Some(branch("polecat/p3/gt-abc12")));
    remove(&repo.common(), "p3", false).expect("removed");
    assert!(!specs[3].path.exists());
}

#[test]
fn strangers_are_refused() {
    let repo = with_files(1, &[]);
    let spec = spec(&repo, "toast");
    fs::create_dir_all(&spec.path).expect("made");
    fs::write(spec.path.join("precious"), "x").expect("written");
    assert!(matches!(add(&spec), Err(Error::Occupied { .. })));
    fs::remove_file(spec.path.join("precious")).expect("removed");
    add(&spec).expect("added");
    let other = Spec {
        marker: "other".into(),
        ..spec.clone()
    };
    assert!(matches!(add(&other), Err(Error::Occupied { .. })));
    let elsewhere = Spec {
        path: repo.root().join("x"),
        ..spec
    };
    assert!(matches!(add(&elsewhere), Err(Error::Occupied { .. })));
    for name in ["", "../x", "a/b", "-x", "a b"] {
        assert!(matches!(
            remove(&repo.common(), name, true),
            Err(Error::Invalid { .. })
        ));
    }
}

#[test]
fn a_branch_elsewhere_is_refused_and_one_in_place_is_taken() {
    let repo = with_files(1, &[]);
    let spec = spec(&repo, "toast");
    repo.sh(&["branch", "polecat/toast/gt-abc12"]);
    add(&spec).expect("the branch is at the tip");
    let Head::Branch { branch, .. } = &spec.head else {
        panic!("a branch")
    };
    let late = Spec {
        name: "other".into(),
        path: repo.root().join("other"),
        head: Head::Branch {
            branch: branch.clone(),
            tip: repo.commit("x", "1\n"),
        },
        ..spec.clone()
    };
    assert!(matches!(add(&late), Err(Error::BranchExists { .. })));
}

#[test]
fn removal_keeps_work_and_is_complete() {
    let repo = with_files(1, &[]);
    let spec = spec(&repo, "toast");
    add(&spec).expect("added");
    fs::write(spec.path.join("new"), "x\n").expect("written");
    let error = remove(&repo.common(), "toast", false).expect_err("dirty");
    assert!(
        error.to_string().ends_with("has uncommitted work: new"),
        "{error}"
    );
    remove(&repo.common(), "toast", true).expect("removed");
    assert!(!spec.path.exists());
    assert_eq!(list(&repo.common()).expect("listed"), []);
    remove(&repo.common(), "toast", false).expect("absent is as good");
    assert_eq!(repo.sh(&["worktree", "list"]).lines().count(), 1);
    assert_eq!(
        fs::read_dir(repo.common().join("plaintown/tmp"))
            .expect("listed")
            .count(),
        0
    );
}

#[test]
fn a_directory_that_is_not_ours_survives_removal() {
    let repo = with_files(1, &[]);
    let spec = spec(&repo, "toast");
    add(&spec).expect("added");
    fs::remove_dir_all(&spec.path).expect("removed");
    fs::create_dir(&spec.path).expect("made");
    fs::write(spec.path.join("precious"), "x").expect("written");
    remove(&repo.common(), "toast", true).expect("removed");
    assert!(spec.path.join("precious").exists());
}

#[test]
fn a_moved_clone_finds_its_worktrees_again() {
    let repo = with_files(2, &[]);
    let spec = spec(&repo, "toast");
    add(&spec).expect("added");
    let moved = repo.root().join("moved");
    fs::rename(repo.work(), &moved).expect("moved");
    let report = repair(&moved.join(".git")).expect("repaired");
    assert_eq!(report.relinked, ["toast"]);
    assert_eq!(person(&spec.path, &["status", "--porcelain"]), "");
    assert!(!spec.path.join(".beads").exists());
    assert_eq!(
        repair(&moved.join(".git")).expect("again"),
        Repaired::default()
    );
}

#[test]
fn a_moved_town_finds_its_worktrees_again_and_a_copy_takes_none() {
    let repo = with_files(2, &[]);
    let spec = spec(&repo, "toast");
    add(&spec).expect("added");
    let town = repo.root().join("town");
    fs::create_dir(&town).expect("made");
    copy(repo.work(), &town.join("clone"));
    let report = repair(&town.join("clone/.git")).expect("ran");
    assert_eq!(
        (report.relinked.len(), report.missing.len()),
        (0, 1),
        "a copy"
    );
    fs::remove_dir_all(repo.work()).expect("removed");
    fs::rename(spec.path.parent().expect("parent"), town.join("polecats")).expect("moved");
    let report = repair(&town.join("clone/.git")).expect("ran");
    assert_eq!(report.relinked, ["toast"], "a move");
    assert_eq!(
        person(&town.join("polecats/toast"), &["status", "--porcelain"]),
        ""
    );
}

fn copy(from: &Path, to: &Path) {
    let status = std::process::Command::new("cp")
        .arg("-a")
        .args([from, to])
        .status();
    assert!(status.expect("cp runs").success());
}

#[test]
fn the_test_worktree_becomes_exactly_the_tree() {
    let repo = with_files(2, &[]);
    let first = repo.commit(".gitignore", "cache/\n");
    let second = repo.commit("b", "1\n");
    let refinery = Spec {
        head: Head::Detached(first.clone()),
        ..spec(&repo, "refinery")
    };
    add(&refinery).expect("added");
    let at = |name: &str| refinery.path.join(name);
    fs::create_dir(at("cache")).expect("made");
    fs::write(at("cache/object"), "x").expect("written");
    fs::write(at("b"), "in the way").expect("written");
    fs::write(at(".gitignore"), "changed").expect("written");
    fs::create_dir(at("left")).expect("made");
    fs::write(at("left/over"), "x").expect("written");
    switch_detached(&refinery.path, &second).expect("switched");
    assert_eq!(
        person(&refinery.path, &["rev-parse", "HEAD"]),
        second.as_str()
    );
    assert_eq!(person(&refinery.path, &["status", "--porcelain"]), "");
    assert_eq!(fs::read_to_string(at("b")).expect("read"), "1\n");
    assert!(at("cache/object").exists() && !at("left").exists() && !at(".beads").exists());
    switch_detached(&refinery.path, &first).expect("switched back");
    assert!(!at("b").exists());
    assert!(
        switch_detached(repo.work(), &first).is_err(),
        "a person's work tree"
    );
}

#[test]
fn rebase_and_stash_keep_beads_out() {
    let repo = with_files(2, &[]);
    let spec = spec(&repo, "toast");
    add(&spec).expect("added");
    fs::write(spec.path.join("new"), "x\n").expect("written");
    person(&spec.path, &["add", "-A"]);
    person(&spec.path, &["commit", "-qm", "work"]);
    repo.commit(".beads/config.yaml", "format: 2\n");
    let (ok, text) = try_person(&spec.path, &["rebase", "main"]);
    assert!(ok, "{text}");
    assert_sound(&repo, &spec);
}

#[test]
#[ignore = "a measurement: prints the time against `git worktree add`"]
#[allow(clippy::print_stdout)]
fn timing_at_300_files() {
    let repo = with_files(300, &[]);
    add(&spec(&repo, "warm")).expect("added");
    let started = Instant::now();
    for n in 0..20 {
        add(&spec(&repo, &format!("p{n}"))).expect("added");
    }
    let ours = started.elapsed() / 20;
    let started = Instant::now();
    for n in 0..20 {
        repo.sh(&[
            "worktree",
            "add",
            "-q",
            "-b",
            &format!("g{n}"),
            &format!("../g{n}"),
        ]);
    }
    println!(
        "ours {ours:?}, git worktree add {:?}",
        started.elapsed() / 20
    );
}

#[test]
fn files_that_are_gone_come_back_and_what_was_staged_with_them() {
    let repo = with_files(3, &[]);
    let spec = spec(&repo, "toast");
    add(&spec).expect("added");
    fs::write(spec.path.join("staged"), "x\n").expect("written");
    person(&spec.path, &["add", "staged"]);
    fs::remove_dir_all(&spec.path).expect("removed");
    assert_eq!(add(&spec).expect("filled again"), Added::Completed);
    assert_eq!(person(&spec.path, &["status", "--porcelain"]), "A  staged");
    assert!(!spec.path.join(".beads").exists());
    // Killed after it was linked, and before its files were there.
    fs::remove_dir_all(&spec.path).expect("removed");
    cut_short(&spec, add::STEPS.len() - 1);
    assert_eq!(add(&spec).expect("filled again"), Added::Completed);
    assert_eq!(person(&spec.path, &["status", "--porcelain"]), "A  staged");
}
