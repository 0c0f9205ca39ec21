//! Kills, forged by stopping between steps or by leaving what git would.

use super::*;

#[test]
fn a_kill_after_any_step_is_settled() {
    for steps in 0..=steps::STEPS.len() {
        let case = Case::new();
        case.cut_short(steps);
        let recovered = case.recover();
        match steps {
            0..=4 => {
                assert_eq!(recovered, Some(Recovered::RolledBack), "{steps}");
                case.assert_untouched();
            }
            5..=7 => assert!(
                matches!(recovered, Some(Recovered::Completed { .. })),
                "{steps}"
            ),
            _ => assert_eq!(recovered, None),
        }
        assert_eq!(case.recover(), None, "a second time, after {steps}");
        case.land().expect("landed");
        case.assert_landed();
    }
}

#[test]
fn a_kill_in_the_middle_of_the_work_tree_is_taken_back() {
    let case = Case::new();
    case.cut_short(3);
    case.repo.write("edit", "two t");
    case.remove("grow");
    case.repo.write("new/deep/file", "");
    fs::remove_dir_all(case.repo.work().join("gone")).expect("removed");
    fs::remove_dir_all(case.repo.work().join("swap")).expect("removed");
    case.repo.write("swap", "now a");
    case.remove("link");
    symlink("edit", case.repo.work().join("link")).expect("linked");
    case.repo
        .write(".git/plaintown/landing-files/next.lock", "half");
    assert_eq!(case.recover(), Some(Recovered::RolledBack));
    case.assert_untouched();
    case.land().expect("landed");
    case.assert_landed();
}

#[test]
fn edits_after_a_kill_survive_both_ways() {
    for steps in [4, 5] {
        let case = Case::new();
        case.cut_short(steps);
        case.repo.write("edit", "typed after the crash\n");
        case.repo.write("mine", "untracked\n");
        case.recover();
        assert_eq!(case.status(), " M edit\n?? mine", "{steps}");
        assert_eq!(
            case.repo.read("edit").as_deref(),
            Some("typed after the crash\n")
        );
        assert_eq!(case.repo.read("new/deep/file").is_some(), steps == 5);
        case.assert_tidy();
    }
}

#[test]
fn a_lock_that_a_person_broke_does_not_become_a_staged_revert() {
    let case = Case::new();
    case.cut_short(5);
    fs::remove_file(case.repo.common().join("index.lock")).expect("removed");
    case.repo.write("edit", "mine\n");
    case.repo.sh(&["add", "edit"]);
    assert!(matches!(case.recover(), Some(Recovered::Completed { .. })));
    assert_eq!(case.status(), "M  edit");
    case.assert_tidy();
}

#[test]
fn locks_of_a_killed_update_ref_are_removed_and_others_kept() {
    let case = Case::new();
    case.cut_short(4);
    let ours = case.repo.common().join("refs/heads/main.lock");
    fs::write(&ours, format!("{}\n", case.landing.new)).expect("written");
    fs::write(case.repo.common().join("HEAD.lock"), "").expect("written");
    case.recover();
    assert!(!ours.exists() && !case.repo.common().join("HEAD.lock").exists());
    case.assert_untouched();
    case.cut_short(4);
    fs::write(&ours, format!("{}\n", "1".repeat(40))).expect("written");
    case.recover();
    assert!(ours.exists(), "another program's");
    assert!(matches!(case.land(), Err(LandError::ForeignLock { path }) if path == ours));
    fs::remove_file(&ours).expect("removed");
    case.assert_untouched();
}
