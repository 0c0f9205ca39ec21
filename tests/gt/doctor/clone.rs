//! Worktrees, branches and locks: moved, copied, half made, left behind.

use super::{repaired, reported, said, with_hook, with_request};
use crate::gt::life::support::*;
use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};
use testkit::Town;

fn age(file: &std::path::Path, minutes: u64) {
    let time = SystemTime::now() - Duration::from_secs(60 * minutes);
    let file = fs::File::options()
        .write(true)
        .open(file)
        .expect("the lock is there");
    file.set_modified(time).expect("its time can be set");
}

#[test]
fn locks_that_a_killed_git_left_where_only_workers_are() {
    let (town, slung) = with_hook();
    let git = town.git_dir();
    let name = slung
        .worktree
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    let admin = git.join(format!("worktrees/plaintown-{name}"));
    assert!(admin.is_dir());
    for lock in [
        admin.join("index.lock"),
        git.join(format!("refs/heads/{}.lock", slung.branch)),
    ] {
        fs::write(lock, "").unwrap();
    }
    repaired(
        &town,
        &[
            "index.lock: remove this lock",
            "gt-one.lock: remove this lock",
        ],
    );
}

#[test]
fn locks_where_people_work_are_given_time() {
    let (town, _) = with_hook();
    let lock = town.git_dir().join("packed-refs.lock");
    fs::write(&lock, "").unwrap();
    reported(&town, "a lock of git's, 0 minutes old");
    age(&lock, 20);
    repaired(&town, &["packed-refs.lock: remove this lock"]);
}

#[test]
fn a_lock_whose_git_may_be_alive_stays() {
    let (town, _) = with_hook();
    let lock = town.git_dir().join("index.lock");
    fs::write(&lock, "").unwrap();
    age(&lock, 20);
    let mut git = Command::new("git")
        .args(["cat-file", "--batch"])
        .current_dir(town.repo())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    reported(&town, "a lock of git's, 20 minutes old");
    drop(git.stdin.take());
    git.wait().unwrap();
    repaired(&town, &["index.lock: remove this lock"]);
}

#[test]
fn a_clone_that_was_moved() {
    let (town, slung) = with_hook();
    let commit = slung.commit(&town, "work.txt");
    let moved = town.root().join("moved");
    fs::rename(town.repo(), &moved).unwrap();
    let doctor = |args: &[&str]| {
        let args = [&["doctor"], args].concat();
        town.run_in(&moved, "gt", &args)
    };
    let found = doctor(&["--dry-run"]).fails(5);
    assert!(
        found.stdout.contains("link it to this clone again"),
        "{found}"
    );
    doctor(&["--fix"]).ok();
    doctor(&[]).ok();
    assert_eq!(head(&town, &slung.worktree), commit);
    fs::rename(&moved, town.repo()).unwrap();
    town.gt(&["doctor", "--fix"]).ok();
    sound(&town);
}

#[test]
fn a_clone_that_was_copied() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || !town.agents_at_work().is_empty());
    let copy = town.root().join("copy");
    let from = town.repo();
    let args = [std::path::Path::new("-a"), &from, &copy];
    town.call("cp", &args).run().ok();
    let fixed = town.run_in(&copy, "gt", &["doctor", "--fix"]).ok();
    assert!(
        fixed.stdout.contains("that this one is a copy of"),
        "{fixed}"
    );
    town.run_in(&copy, "gt", &["doctor"]).ok();
    assert!(
        !copy
            .join(format!(".git/plaintown/tickets/{}.yaml", slung.agent))
            .exists()
    );
    assert!(!copy.join(".git/worktrees").exists());
    // The original and its worker do not notice.
    assert_eq!(town.agents_at_work().len(), 1);
    sound(&town);
    assert!(slung.worktree.join(".git").exists());
}

#[test]
fn a_worktree_whose_files_are_gone() {
    let (town, slung) = with_hook();
    let commit = slung.commit(&town, "work.txt");
    fs::remove_dir_all(&slung.worktree).unwrap();
    reported(&town, "its files at");
    town.gt(&["release", "gt-one"]).ok();
    repaired(&town, &["take it off git's list, its files are gone"]);
    assert_eq!(town.git(&["rev-parse", &slung.branch]).text(), commit);
}

#[test]
fn a_worktree_that_is_half_made() {
    let (town, slung) = with_hook();
    town.gt(&["release", "gt-one"]).ok();
    let name = slung
        .worktree
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    fs::remove_file(
        town.git_dir()
            .join(format!("worktrees/plaintown-{name}/index")),
    )
    .unwrap();
    fs::remove_dir_all(&slung.worktree).unwrap();
    repaired(&town, &["a killed command left it half made"]);
}

#[test]
fn a_worktree_without_index_keeps_what_no_commit_holds() {
    let (town, slung) = with_hook();
    slung.commit(&town, "work.txt");
    town.gt(&["release", "gt-one"]).ok();
    let link = fs::read_to_string(slung.worktree.join(".git")).unwrap();
    let index = format!("{}/index", link.trim().strip_prefix("gitdir: ").unwrap());
    fs::remove_file(&index).unwrap();
    for (file, text) in [("mine.txt", "mine"), ("work.txt", "changed")] {
        let file = slung.worktree.join(file);
        let before = fs::read(&file).ok();
        fs::write(&file, text).unwrap();
        reported(&town, "has no index, and files that no commit holds");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        match before {
            Some(before) => fs::write(&file, before).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
    }
    // The beginning of what git was checking out, and what it had not yet.
    fs::write(slung.worktree.join("work.txt"), "").unwrap();
    repaired(&town, &["a killed command left it half made"]);
    assert!(!slung.worktree.exists());
}

#[test]
fn a_worktree_that_is_half_made_for_work_on_a_hook() {
    let (town, slung) = with_hook();
    let commit = slung.commit(&town, "work.txt");
    fs::write(slung.worktree.join("unsaved.txt"), "mine").unwrap();
    let git_file = slung.worktree.join(".git");
    let link = fs::read_to_string(&git_file).unwrap();
    let admin = link.trim().strip_prefix("gitdir: ").unwrap();
    fs::remove_file(format!("{admin}/index")).unwrap();
    repaired(&town, &["complete its worktree"]);
    assert_eq!(head(&town, &slung.worktree), commit);
    let unsaved = fs::read_to_string(slung.worktree.join("unsaved.txt"));
    assert_eq!(unsaved.unwrap(), "mine");
    // Without its link nobody can say whose files they are.
    fs::remove_file(&git_file).unwrap();
    let left = town.gt(&["doctor", "--fix"]);
    assert!(slung.worktree.join("unsaved.txt").exists(), "{left}");
}

#[test]
fn a_worktrees_empty_link_breaks_no_other_command() {
    let (town, slung) = with_hook();
    let link = fs::read_to_string(slung.worktree.join(".git")).unwrap();
    let admin = std::path::PathBuf::from(link.trim().strip_prefix("gitdir: ").unwrap());
    let common = admin.join("commondir");
    fs::write(&common, "").unwrap();
    repaired(&town, &["commondir: write where the repository is"]);
    assert_eq!(fs::read_to_string(&common).unwrap(), "../..\n");
    let head = admin.join("HEAD");
    let before = fs::read_to_string(&head).unwrap();
    fs::write(&head, "").unwrap();
    let told = town.gt(&["doctor"]);
    assert!(told.text().contains("HEAD: it is empty"), "{told}");
    fs::write(&head, before).unwrap();
}

#[test]
fn a_convoy_that_names_what_is_not_there() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    town.gt(&["convoy", "create", "Both", "gt-one", "gt-two"])
        .ok();
    fs::remove_file(town.repo().join(".beads/beads/t/gt-two.yaml")).unwrap();
    reported(&town, "names gt-two, which is not there");
}

#[test]
fn what_a_killed_command_began_to_make() {
    let (town, _) = with_hook();
    let scrap = town.git_dir().join("plaintown/tmp/plaintown-x1y2");
    fs::create_dir_all(&scrap).unwrap();
    sound(&town);
    let old = ["-d", "2 hours ago", scrap.to_str().unwrap()];
    town.call("touch", &old).run().ok();
    repaired(&town, &["remove what a killed command left"]);
    assert!(!scrap.exists());
}

/// The refinery has landed it and was killed before it could tidy up.
fn landed(more: impl FnOnce(&Town, &Slung)) -> (Town, Slung, String) {
    let (town, slung) = with_request();
    more(&town, &slung);
    let head = head(&town, &slung.worktree);
    town.gt(&["refinery", "run"]).ok();
    (town, slung, head)
}

#[test]
fn a_branch_that_landed_work_left() {
    let (town, slung, head) = landed(|_, _| {});
    sound(&town);
    let branch = format!("refs/heads/{}", slung.branch);
    town.git(&["update-ref", &branch, &head]);
    repaired(&town, &["gt-one has landed"]);
    assert!(
        town.git(&["branch", "--list", "polecat/*"])
            .text()
            .is_empty()
    );
}

#[test]
fn a_branch_with_more_than_what_landed_stays() {
    let (town, slung, head) = landed(|_, _| {});
    let tree = format!("{head}^{{tree}}");
    let more = town.git(&["commit-tree", "-m", "more", "-p", &head, &tree]);
    let branch = format!("refs/heads/{}", slung.branch);
    town.git(&["update-ref", &branch, more.text()]);
    assert!(said(&town, &["--fix"], "fixed").is_empty());
    assert_eq!(town.git(&["rev-parse", &branch]).text(), more.text());
}
