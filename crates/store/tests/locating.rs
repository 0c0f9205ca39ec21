//! Which store a command uses, in every kind of repository.

use crate::support::{Rig, git, open};
use model::{Class, Fault};
use std::fs;
use std::path::{Path, PathBuf};
use store::gitdir::GitDir;
use store::locate::{LocateError, MARKER, Why, locate};

fn find(from: &Path) -> Result<store::Located, LocateError> {
    locate(from, None, None)
}

fn at(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn init(root: &Path) {
    let git = GitDir::find(root).unwrap().unwrap();
    store::init::init(&git, Some("other"), Some("xx")).unwrap();
}

#[test]
fn the_main_tree_and_its_folders() {
    let rig = Rig::new();
    let deep = rig.root().join("src/deep");
    fs::create_dir_all(&deep).unwrap();
    for from in [rig.root(), deep, rig.beads("beads")] {
        let found = find(&from).unwrap();
        assert_eq!(found.beads, rig.root().join(".beads"));
        assert_eq!(found.common, rig.root().join(".git"));
        assert_eq!(found.git_dir, found.common);
        assert_eq!(found.worktree, Some(rig.root()));
        assert_eq!(found.why, Why::Root);
    }
}

/// A linked worktree, with a store of its own if it was committed.
fn linked(rig: &Rig, with_store: bool) -> PathBuf {
    if with_store {
        rig.commit_all("store");
    } else {
        rig.git(&["commit", "-q", "--allow-empty", "-m", "empty"]);
    }
    let path = rig.home().join("linked");
    rig.git(&["worktree", "add", "-q", path.to_str().unwrap()]);
    path
}

#[test]
fn a_linked_worktree_with_its_own_store() {
    let rig = Rig::new();
    let linked = linked(&rig, true);
    let found = find(&linked).unwrap();
    assert_eq!(found.beads, linked.join(".beads"));
    assert_eq!(found.common, rig.root().join(".git"));
    assert_eq!(found.git_dir, rig.root().join(".git/worktrees/linked"));
    assert_eq!(found.why, Why::Root);
    assert_eq!(
        open(&linked).private_path(),
        rig.root().join(".git/plaintown")
    );
}

#[test]
fn a_linked_worktree_without_one() {
    let rig = Rig::new();
    let linked = linked(&rig, false);
    let found = find(&linked).unwrap();
    assert_eq!(found.beads, rig.root().join(".beads"));
    assert_eq!(found.git_dir, rig.root().join(".git"));
    assert_eq!(found.worktree, Some(linked));
    assert_eq!(found.why, Why::MainWorktree);
}

#[test]
fn a_marker_names_the_store_that_slung() {
    let (rig, other) = (Rig::new(), Rig::new());
    let linked = linked(&rig, true);
    let marker = rig.root().join(".git/worktrees/linked").join(MARKER);
    let store = other.root().join(".beads");
    fs::write(&marker, format!("agent: x\nstore: {}\n", at(&store))).unwrap();
    let found = find(&linked.join(".beads")).unwrap();
    assert_eq!(found.beads, store);
    assert_eq!(found.common, other.root().join(".git"));
    assert_eq!(found.worktree, Some(linked.clone()));
    assert_eq!(found.why, Why::Marker);
    fs::remove_dir_all(&store).unwrap();
    let error = find(&linked).unwrap_err();
    assert_eq!(error, LocateError::NotAStore(store), "never another one");
}

#[test]
fn the_option_comes_before_the_environment() {
    let (rig, other) = (Rig::new(), Rig::new());
    let from = rig.root();
    let env = other.root().join(".beads");
    let found = locate(&from, None, Some(&env)).unwrap();
    assert_eq!((found.beads, found.why), (env.clone(), Why::Environment));
    assert_eq!(found.common, other.root().join(".git"));
    assert_eq!(found.worktree, Some(rig.root()));
    let found = locate(&from, Some(Path::new(".beads")), Some(&env)).unwrap();
    assert_eq!(
        (found.beads, found.why),
        (rig.root().join(".beads"), Why::Option)
    );
    let found = locate(&from, Some(&other.root()), None).unwrap();
    assert_eq!(found.beads, env, "the folder around it will do");
}

#[test]
fn a_folder_that_is_no_store_is_refused() {
    let rig = Rig::new();
    let wrong = rig.home().join("wrong");
    let error = locate(&rig.root(), Some(&wrong), None).unwrap_err();
    assert!(error.to_string().contains(&at(&wrong)), "{error}");
    assert_eq!(error.class(), Class::NoStore);
}

#[test]
fn without_a_repository() {
    let home = tempfile::TempDir::new().unwrap();
    let error = find(home.path()).unwrap_err();
    assert!(error.to_string().contains(&at(home.path())), "{error}");
    assert!(error.hint().unwrap().contains("git init"));
}

#[test]
fn without_a_store_it_says_where_it_looked() {
    let rig = Rig::without_store();
    let linked = linked(&rig, false);
    let error = find(&linked).unwrap_err().to_string();
    for tree in [rig.root(), linked] {
        assert!(error.contains(&at(&tree.join(".beads"))), "{error}");
    }
}

#[test]
fn a_bare_repository_needs_to_be_told() {
    let rig = Rig::new();
    rig.commit_all("store");
    let bare = rig.home().join("bare.git");
    rig.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    let error = find(&bare).unwrap_err();
    assert_eq!(error, LocateError::Bare(bare.clone()));
    assert!(error.hint().unwrap().contains("BEADS_DIR"));
    let env = rig.root().join(".beads");
    let found = locate(&bare, None, Some(&env)).unwrap();
    assert_eq!(found.worktree, None);
    assert_eq!(found.beads, env);
}

#[test]
fn a_linked_worktree_of_a_bare_repository() {
    let rig = Rig::new();
    rig.commit_all("store");
    let bare = rig.home().join("bare.git");
    rig.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    let tree = rig.home().join("tree");
    git(&bare, &["worktree", "add", "-q", tree.to_str().unwrap()]);
    let found = find(&tree).unwrap();
    assert_eq!(found.beads, tree.join(".beads"));
    assert_eq!(found.common, bare);
    fs::remove_dir_all(tree.join(".beads")).unwrap();
    let error = find(&tree).unwrap_err();
    assert_eq!(error, LocateError::NoStore(vec![tree.join(".beads")]));
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let (outer, inner) = (Rig::new(), Rig::without_store());
    inner.git(&["commit", "-q", "--allow-empty", "-m", "empty"]);
    outer.git(&["submodule", "--quiet", "add", &at(&inner.root()), "sub"]);
    let sub = outer.root().join("sub");
    assert!(sub.join(".git").is_file());
    let error = find(&sub).unwrap_err();
    assert_eq!(error, LocateError::NoStore(vec![sub.join(".beads")]));
    init(&sub);
    let found = find(&sub).unwrap();
    assert_eq!(found.beads, sub.join(".beads"));
    assert_eq!(found.common, outer.root().join(".git/modules/sub"));
    let tree = outer.home().join("tree");
    git(&sub, &["worktree", "add", "-q", &at(&tree)]);
    let found = find(&tree).unwrap();
    assert_eq!(found.beads, sub.join(".beads"), "the submodule's own tree");
    assert_eq!(found.why, Why::MainWorktree);
}

#[test]
fn a_separate_git_folder() {
    let rig = Rig::without_store();
    let (root, folder) = (rig.home().join("work"), rig.home().join("elsewhere"));
    let args = ["init", "-q", "--separate-git-dir", &at(&folder), &at(&root)];
    git(&rig.home(), &args);
    init(&root);
    let found = find(&root).unwrap();
    assert_eq!((found.beads, found.common), (root.join(".beads"), folder));
    assert_eq!(found.why, Why::Root);
    assert!(open(&root).make_host("x").is_ok());
}
