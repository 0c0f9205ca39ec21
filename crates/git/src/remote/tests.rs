use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::fixture::{Repo, branch, person};
use crate::{BranchName, Oid};

/// A clone whose `origin` is a bare repository beside it.
fn with_origin() -> (Repo, Oid, Oid) {
    let repo = Repo::new();
    let bare = repo.root().join("origin.git");
    person(
        &repo.root(),
        &["init", "-q", "--bare", "-b", "trunk", "origin.git"],
    );
    repo.sh(&["remote", "add", "origin", &bare.display().to_string()]);
    let (first, second) = (repo.commit("a", "1\n"), repo.commit("a", "2\n"));
    (repo, first, second)
}

fn push(repo: &Repo, oid: &Oid, expected: &Expect) -> Result<Pushed, PushError> {
    push_branch(&repo.git(), "origin", oid, &topic(), expected)
}

fn topic() -> BranchName {
    branch("topic/x")
}

fn tip(repo: &Repo) -> Option<Oid> {
    remote_tip(&repo.git(), "origin", &topic()).expect("asked")
}

#[test]
fn pushes_are_compare_and_swap() {
    let (repo, first, second) = with_origin();
    assert_eq!(
        push(&repo, &first, &Expect::Absent).expect("new"),
        Pushed::Done
    );
    assert_eq!(
        push(&repo, &first, &Expect::Absent).expect("again"),
        Pushed::UpToDate
    );
    assert!(matches!(
        push(&repo, &second, &Expect::Absent),
        Err(PushError::Moved(_))
    ));
    assert!(matches!(
        push(&repo, &second, &Expect::At(second.clone())),
        Err(PushError::Moved(_))
    ));
    assert_eq!(
        push(&repo, &second, &Expect::At(first.clone())).expect("moved"),
        Pushed::Done
    );
    assert!(matches!(
        push(&repo, &first, &Expect::Any),
        Err(PushError::Moved(_))
    ));
    assert_eq!(tip(&repo), Some(second.clone()));
    assert_eq!(
        push(&repo, &first, &Expect::At(second)).expect("rewound"),
        Pushed::Done
    );
    assert_eq!(tip(&repo), Some(first));
}

#[test]
fn a_hook_of_the_remote_is_quoted() {
    let (repo, first, _) = with_origin();
    let hook = repo.root().join("origin.git/hooks/pre-receive");
    fs::write(&hook, "#!/bin/sh\necho 'not on Fridays' >&2\nexit 1\n").expect("written");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("set");
    let error = push(&repo, &first, &Expect::Absent).expect_err("refused");
    let text = error.to_string();
    assert!(matches!(error, PushError::Rejected(_)), "{text}");
    assert!(text.contains("not on Fridays"), "{text}");
}

#[test]
fn deleting_needs_the_right_commit() {
    let (repo, first, second) = with_origin();
    push(&repo, &first, &Expect::Absent).expect("new");
    let delete = |at| delete_remote_branch(&repo.git(), "origin", &topic(), at);
    assert!(matches!(delete(&second), Err(PushError::Moved(_))));
    assert_eq!(delete(&first).expect("deleted"), Pushed::Done);
    assert_eq!(delete(&first).expect("absent"), Pushed::UpToDate);
    assert_eq!(tip(&repo), None);
}

#[test]
fn one_branch_is_fetched_even_when_rewound() {
    let (repo, first, second) = with_origin();
    let fetched = || fetch(&repo.git(), "origin", &topic()).expect("fetched");
    assert_eq!(fetched(), None);
    push(&repo, &second, &Expect::Absent).expect("new");
    assert_eq!(fetched(), Some(second.clone()));
    push(&repo, &first, &Expect::At(second)).expect("rewound");
    assert_eq!(fetched(), Some(first));
    assert_eq!(repo.sh(&["tag"]), "");
}

#[test]
fn the_default_branch_is_noted_or_asked() {
    let (repo, first, _) = with_origin();
    let default = || default_branch(&repo.git(), "origin").expect("asked");
    push_branch(
        &repo.git(),
        "origin",
        &first,
        &branch("trunk"),
        &Expect::Absent,
    )
    .expect("new");
    assert_eq!(default(), Some(branch("trunk")));
    repo.sh(&[
        "symbolic-ref",
        "refs/remotes/origin/HEAD",
        "refs/remotes/origin/noted",
    ]);
    assert_eq!(default(), Some(branch("noted")));
}

#[test]
fn remotes_are_listed_and_strange_ones_refused() {
    let (repo, ..) = with_origin();
    repo.sh(&["remote", "add", "evil", "ext::sh -c 'touch proof'"]);
    assert_eq!(remotes(&repo.git()).expect("listed"), ["evil", "origin"]);
    assert!(has(&repo.git(), "origin").expect("listed"));
    assert_eq!(url(&repo.git(), "none").expect("read"), None);
    for name in ["evil", "none", "--upload-pack=x", "../x", "https://x"] {
        let error = fetch(&repo.git(), name, &topic()).expect_err("refused");
        assert!(matches!(error, Error::Invalid { .. }), "{error}");
    }
    assert!(!repo.work().join("proof").exists());
}

#[test]
fn a_remote_that_is_gone_is_an_error_and_not_an_absent_branch() {
    let (repo, ..) = with_origin();
    fs::remove_dir_all(repo.root().join("origin.git")).expect("removed");
    assert!(remote_tip(&repo.git(), "origin", &topic()).is_err());
}

#[test]
fn a_clone_is_whole_or_absent() {
    let (repo, first, _) = with_origin();
    push_branch(
        &repo.git(),
        "origin",
        &first,
        &branch("trunk"),
        &Expect::Absent,
    )
    .expect("new");
    let into = repo.root().join("copy");
    clone(&repo.root().join("origin.git").display().to_string(), &into).expect("cloned");
    assert!(into.join("a").exists());
    let into = repo.root().join("none");
    assert!(clone("/nonexistent/x", &into).is_err());
    assert!(!into.exists());
}
