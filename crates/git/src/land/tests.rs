use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;
use crate::fixture::{Repo, branch, person, try_person};
use crate::worktree::{self, Head, Spec};

mod recovery;

/// `main` is checked out at a commit, and another commit waits to be landed.
struct Case {
    repo: Repo,
    landing: Landing,
}

impl Case {
    fn new() -> Self {
        let repo = Repo::new();
        repo.write(".gitignore", "ignored\n");
        repo.write("keep", "keep\n");
        repo.write("edit", "one\n");
        repo.write("grow", "line\n");
        repo.write("gone/away", "x\n");
        repo.write("swap/inner", "x\n");
        symlink("keep", repo.work().join("link")).expect("linked");
        let old = repo.commit("run.sh", "#!/bin/sh\n");
        let new = repo.aside(|repo| {
            repo.write("edit", "two two two\n");
            repo.write("grow", "line\nmore\n");
            repo.write("new/deep/file", "new file\n");
            repo.write("ignored", "tracked after all\n");
            fs::remove_dir_all(repo.work().join("gone")).expect("removed");
            fs::remove_dir_all(repo.work().join("swap")).expect("removed");
            repo.write("swap", "now a file\n");
            fs::remove_file(repo.work().join("link")).expect("removed");
            symlink("edit", repo.work().join("link")).expect("linked");
            let mode = fs::Permissions::from_mode(0o755);
            fs::set_permissions(repo.work().join("run.sh"), mode).expect("set");
            repo.sh(&["add", "-f", "ignored"]);
        });
        let landing = Landing {
            common_dir: repo.common(),
            branch: branch("main"),
            old,
            new,
        };
        Self { repo, landing }
    }

    fn land(&self) -> Result<Landed, LandError> {
        land(&self.landing)
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.repo.work().join(path)).expect("removed");
    }

    fn status(&self) -> String {
        self.repo.sh(&["status", "--porcelain", "--ignored"])
    }

    fn main(&self) -> Oid {
        self.repo.oid("main")
    }

    /// Takes the first `steps` steps and stops, as a kill would.
    fn cut_short(&self, steps: usize) -> Site {
        let layout = Layout::new(&self.landing.common_dir).expect("exists");
        let place = checkout::find(&layout, &self.landing.branch).expect("found");
        let record = Record::of(&self.landing, &layout, place.as_ref());
        let site = Site::new(layout, record, place).expect("a site");
        site.record.write(&site.layout).expect("written");
        for step in &steps::STEPS[..steps] {
            step(&site).expect("step");
        }
        site
    }

    fn recover(&self) -> Option<Recovered> {
        recover(&self.repo.common()).expect("recovered")
    }

    /// No lock, record or temporary file, and a sound repository.
    fn assert_tidy(&self) {
        let common = self.repo.common();
        assert!(!common.join("index.lock").exists());
        let left = fs::read_dir(common.join("plaintown")).expect("listed");
        let left: Vec<_> = left
            .map(|entry| entry.expect("entry").file_name())
            .collect();
        assert_eq!(left, ["locks"]);
        self.repo.sh(&["fsck", "--strict"]);
    }

    fn assert_landed(&self) {
        assert_eq!(self.main(), self.landing.new);
        assert_eq!(self.status(), "");
        assert_eq!(
            self.repo.read("new/deep/file").as_deref(),
            Some("new file\n")
        );
        assert!(!self.repo.work().join("gone").exists());
        self.assert_tidy();
    }

    fn assert_untouched(&self) {
        assert_eq!(self.main(), self.landing.old);
        assert_eq!(self.status(), "");
        assert!(!self.repo.work().join("new").exists());
        self.assert_tidy();
    }
}

#[test]
fn a_clean_work_tree_moves_with_its_branch() {
    let case = Case::new();
    let landed = case.land().expect("landed");
    assert_eq!(landed, Landed::WorkTree(case.repo.work().to_owned()));
    case.assert_landed();
    assert_eq!(case.land().expect("again"), Landed::Already);
    assert!(case.repo.sh(&["reflog", "main"]).contains("gt: land"));
}

#[test]
fn a_branch_that_is_checked_out_nowhere_just_moves() {
    let case = Case::new();
    case.repo.sh(&["checkout", "-q", "-b", "side"]);
    assert_eq!(case.land().expect("landed"), Landed::Branch);
    assert_eq!(case.main(), case.landing.new);
    assert_eq!(case.status(), "");
    case.repo.sh(&["checkout", "-q", "main"]);
    case.assert_landed();
}

#[test]
fn a_linked_worktree_moves_and_the_main_one_stays() {
    let case = Case::new();
    case.repo.sh(&["checkout", "-q", "-b", "side"]);
    let linked = case.repo.root().join("linked");
    case.repo.sh(&[
        "worktree",
        "add",
        "-q",
        &linked.display().to_string(),
        "main",
    ]);
    assert_eq!(
        case.land().expect("landed"),
        Landed::WorkTree(linked.clone())
    );
    assert_eq!(person(&linked, &["status", "--porcelain"]), "");
    assert!(linked.join("new/deep/file").exists());
    assert!(!case.repo.work().join("new").exists());
}

#[test]
fn a_sparse_worktree_of_ours_stays_sparse() {
    let case = Case::new();
    case.repo.sh(&["checkout", "-q", "-b", "side"]);
    let new = {
        case.repo.write(".beads/x.yaml", "x\n");
        case.repo.commit("other", "x\n")
    };
    let path = case.repo.root().join("linked");
    let head = Head::Branch {
        branch: branch("main"),
        tip: case.landing.old.clone(),
    };
    let spec = Spec {
        common_dir: case.repo.common(),
        path: path.clone(),
        name: "m".into(),
        head,
        marker: "m".into(),
    };
    worktree::add(&spec).expect("added");
    let landing = Landing {
        new,
        ..case.landing.clone()
    };
    land(&landing).expect("landed");
    assert!(path.join("other").exists() && !path.join(".beads").exists());
    assert_eq!(person(&path, &["status", "--porcelain"]), "");
}

#[test]
fn edits_elsewhere_are_kept_staged_or_not() {
    let case = Case::new();
    case.repo.write("keep", "staged\n");
    case.repo.sh(&["add", "keep"]);
    case.repo.write("keep", "and edited\n");
    case.repo.write("mine", "untracked\n");
    case.land().expect("landed");
    assert_eq!(case.status(), "MM keep\n?? mine");
    assert_eq!(case.repo.read("keep").as_deref(), Some("and edited\n"));
    assert_eq!(case.repo.sh(&["show", ":keep"]), "staged");
    case.assert_tidy();
}

/// One way for a person to be in the way, and the path that must be named.
type Edit = (&'static str, fn(&Case), &'static str);

const EDITS: &[Edit] = &[
    ("modified", |case| case.repo.write("edit", "mine\n"), "edit"),
    (
        "staged",
        |case| {
            case.repo.write("edit", "mine\n");
            case.repo.sh(&["add", "edit"]);
        },
        "edit",
    ),
    (
        "staged and put back",
        |case| {
            case.repo.write("edit", "mine\n");
            case.repo.sh(&["add", "edit"]);
            case.repo.write("edit", "one\n");
        },
        "edit",
    ),
    ("deleted", |case| case.remove("edit"), "edit"),
    (
        "deletion staged",
        |case| {
            case.repo.sh(&["rm", "-q", "--cached", "edit"]);
        },
        "edit",
    ),
    (
        "edited where the landing deletes",
        |case| case.repo.write("gone/away", "mine\n"),
        "gone/away",
    ),
    (
        "untracked",
        |case| case.repo.write("new/deep/file", "mine\n"),
        "new/deep/file",
    ),
    (
        "untracked above",
        |case| case.repo.write("new", "mine\n"),
        "new",
    ),
    (
        "untracked below",
        |case| case.repo.write("swap/mine", "mine\n"),
        "swap/mine",
    ),
    (
        "ignored",
        |case| case.repo.write("ignored", "mine\n"),
        "ignored",
    ),
    (
        "ignored with the same bytes",
        |case| case.repo.write("ignored", "tracked after all\n"),
        "ignored",
    ),
    (
        "link elsewhere",
        |case| {
            case.remove("link");
            symlink("mine", case.repo.work().join("link")).expect("linked");
        },
        "link",
    ),
    (
        "assumed unchanged",
        |case| {
            case.repo
                .sh(&["update-index", "--assume-unchanged", "edit"]);
            case.repo.write("edit", "mine\n");
        },
        "edit",
    ),
    (
        "skipped and there",
        |case| {
            case.repo.sh(&["update-index", "--skip-worktree", "edit"]);
            case.repo.write("edit", "mine\n");
        },
        "edit",
    ),
];

#[test]
fn whatever_overlaps_is_refused_and_left_as_it_is() {
    for (name, edit, path) in EDITS {
        let case = Case::new();
        edit(&case);
        let listing = |case: &Case| {
            let tree = std::process::Command::new("find")
                .arg(case.repo.work())
                .args([
                    "-path",
                    "*/.git",
                    "-prune",
                    "-o",
                    "-printf",
                    "%p %l %m %s\n",
                ])
                .output();
            (
                case.repo.sh(&["ls-files", "-s", "-v"]),
                tree.expect("find runs").stdout,
            )
        };
        let before = listing(&case);
        match case.land() {
            Err(LandError::Overlap { paths }) => assert_eq!(paths, [PathBuf::from(path)], "{name}"),
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(listing(&case), before, "{name}");
        assert_eq!(case.main(), case.landing.old, "{name}");
        case.assert_tidy();
    }
}

#[test]
fn an_edit_in_the_second_of_the_last_git_command_is_seen() {
    let case = Case::new();
    case.repo.sh(&["reset", "-q", "--hard"]);
    case.repo.write("edit", "two\n");
    std::thread::sleep(Duration::from_millis(1100));
    assert!(matches!(case.land(), Err(LandError::Overlap { .. })));
    assert_eq!(case.repo.read("edit").as_deref(), Some("two\n"));
}

#[test]
fn a_target_that_moved_is_reported() {
    let case = Case::new();
    let theirs = case.repo.commit("keep", "theirs\n");
    match case.land() {
        Err(LandError::Moved { found }) => assert_eq!(found, Some(theirs)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn operations_under_way_are_waited_for() {
    for command in [
        &["merge", "side"][..],
        &["rebase", "side"],
        &["bisect", "start"],
        &["cherry-pick", "side"],
    ] {
        let case = Case::new();
        case.repo.sh(&["checkout", "-q", "-b", "side"]);
        case.repo.commit("keep", "side\n");
        case.repo.sh(&["checkout", "-q", "main"]);
        let old = case.repo.commit("keep", "main\n");
        let landing = Landing {
            old,
            ..case.landing.clone()
        };
        try_person(case.repo.work(), command);
        let refused = land(&landing);
        assert!(
            matches!(refused, Err(LandError::Busy { .. })),
            "{command:?}: {refused:?}"
        );
        assert!(!case.repo.common().join("index.lock").exists());
    }
}

#[test]
fn a_foreign_index_lock_is_named_and_kept() {
    let case = Case::new();
    let lock = case.repo.common().join("index.lock");
    fs::write(&lock, "").expect("written");
    assert!(matches!(case.land(), Err(LandError::ForeignLock { path }) if path == lock));
    assert!(lock.exists());
    fs::remove_file(&lock).expect("removed");
    case.land().expect("landed");
}

#[test]
fn a_branch_in_two_places_is_refused() {
    let case = Case::new();
    case.repo
        .sh(&["worktree", "add", "-q", "--force", "../twin", "main"]);
    assert!(matches!(case.land(), Err(LandError::Several { .. })));
}

#[test]
fn two_landers_at_once_land_once() {
    let case = Case::new();
    let results: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..4).map(|_| scope.spawn(|| case.land())).collect();
        handles
            .into_iter()
            .map(|handle| handle.join().expect("no panic").expect("landed"))
            .collect()
    });
    let moved = results
        .iter()
        .filter(|landed| matches!(landed, Landed::WorkTree(_)));
    assert_eq!(moved.count(), 1, "{results:?}");
    case.assert_landed();
}

#[test]
fn reftable_clones_land_too() {
    let repo = Repo::with(&["--ref-format=reftable"]);
    let old = repo.commit("a", "1\n");
    let new = repo.aside(|repo| repo.write("a", "2\n"));
    let landing = Landing {
        common_dir: repo.common(),
        branch: branch("main"),
        old,
        new,
    };
    assert!(matches!(land(&landing), Ok(Landed::WorkTree(_))));
    assert_eq!(repo.read("a").as_deref(), Some("2\n"));
    assert_eq!(repo.sh(&["status", "--porcelain"]), "");
}
