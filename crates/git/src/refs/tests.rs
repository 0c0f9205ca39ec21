use super::*;
use crate::fixture::{Repo, branch};

#[test]
fn a_repository_without_commits_has_a_branch_and_no_head() {
    let repo = Repo::new();
    assert_eq!(head_commit(&repo.git()).expect("ran"), None);
    assert_eq!(
        current_branch(&repo.git()).expect("ran"),
        Some(branch("main"))
    );
}

#[test]
fn revisions_resolve_to_commits_and_options_do_not() {
    let repo = Repo::new();
    let first = repo.commit("a", "1\n");
    repo.sh(&["tag", "-a", "-m", "x", "v1"]);
    assert_eq!(resolve(&repo.git(), "v1").expect("ran"), Some(first));
    assert_eq!(resolve(&repo.git(), "nowhere").expect("ran"), None);
    assert_eq!(resolve(&repo.git(), "--all").expect("ran"), None);
}

#[test]
fn creating_twice_reports_where_the_branch_is() {
    let repo = Repo::new();
    let (first, second) = (repo.commit("a", "1\n"), repo.commit("a", "2\n"));
    let create = |at| create_branch(&repo.git(), &branch("x/y"), at).expect("ran");
    assert_eq!(create(&first), Created::Created);
    assert_eq!(create(&second), Created::Existed(first.clone()));
    let listed = branches_matching(&repo.git(), "x").expect("ran");
    assert_eq!(listed, [(branch("x/y"), first)]);
}

#[test]
fn a_swap_that_comes_late_changes_nothing() {
    let repo = Repo::new();
    let (first, second) = (repo.commit("a", "1\n"), repo.commit("a", "2\n"));
    let git = repo.git();
    let swap = |new, old| update(&git, "refs/heads/main", new, old, "test").expect("ran");
    assert_eq!(
        swap(&first, Some(&first)),
        Updated::Moved(Some(second.clone()))
    );
    assert_eq!(swap(&first, None), Updated::Moved(Some(second.clone())));
    assert_eq!(swap(&first, Some(&second)), Updated::Done);
}

#[test]
fn a_held_lock_is_an_error_and_no_move() {
    let repo = Repo::new();
    let first = repo.commit("a", "1\n");
    std::fs::write(repo.common().join("refs/heads/main.lock"), "").expect("written");
    assert!(update(&repo.git(), "refs/heads/main", &first, Some(&first), "test").is_err());
}

#[test]
fn deleting_needs_the_right_commit() {
    let repo = Repo::new();
    let (first, second) = (repo.commit("a", "1\n"), repo.commit("a", "2\n"));
    create_branch(&repo.git(), &branch("x"), &first).expect("created");
    let delete = |at| delete_branch(&repo.git(), &branch("x"), at).expect("ran");
    assert_eq!(delete(&second), Updated::Moved(Some(first.clone())));
    assert_eq!(delete(&first), Updated::Done);
    assert_eq!(delete(&first), Updated::Moved(None));
}

#[test]
fn history_is_measured() {
    let repo = Repo::new();
    let (first, second) = (repo.commit("a", "1\n"), repo.commit("a", "2\n"));
    let git = repo.git();
    assert!(is_ancestor(&git, &first, &second).expect("ran"));
    assert!(!is_ancestor(&git, &second, &first).expect("ran"));
    assert_eq!(
        merge_base(&git, &first, &second).expect("ran"),
        Some(first.clone())
    );
    assert_eq!(count_commits(&git, &first, &second).expect("ran"), 1);
    assert_ne!(
        tree_of(&git, &first).expect("ran"),
        tree_of(&git, &second).expect("ran")
    );
}
