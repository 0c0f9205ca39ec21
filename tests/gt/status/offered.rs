//! Hooks that this clone has no ticket for.

use super::*;

/// `gt-one` is slung to toast; `gt-two` is free.
fn two() -> Town {
    let town = rig("ignore");
    slung(&town);
    bead(&town, "gt-two", "Two");
    town
}

#[test]
fn one_by_hand_is_accepted() {
    let town = two();
    plant(&town, NUX, &[("bead: gt-one", "bead: gt-two")]);
    let shown = shows(&town, NUX, "unaccepted", "came by git or by hand");
    let doctor = town.gt(&["doctor"]).fails(5).stdout;
    assert!(
        doctor.contains(&format!("gt hook accept {NUX}")),
        "{doctor}"
    );
    heed(&town, &shown).ok();
    assert_eq!(of(&town, NUX)["state"], "waiting");
    sound(&town);
}

#[test]
fn one_of_another_host_is_taken_over() {
    let town = two();
    let change = [
        ("bead: gt-one", "bead: gt-two"),
        ("\nhost: h-", "\nhost: h-x"),
    ];
    plant(&town, NUX, &change);
    let shown = shows(&town, NUX, "elsewhere", "belongs to host h-x");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, NUX)["state"], "waiting");
}

#[test]
fn one_that_names_no_bead_is_dropped() {
    let town = two();
    plant(&town, NUX, &[("bead: gt-one", "bead: gt-gone")]);
    let shown = shows(&town, NUX, "broken", "there is no bead gt-gone");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, NUX), Value::Null);
}

#[test]
fn one_of_a_closed_bead_is_dropped_by_hand_or_by_the_doctor() {
    let town = two();
    town.bd(&["close", "gt-two"]).ok();
    plant(&town, NUX, &[("bead: gt-one", "bead: gt-two")]);
    let shown = shows(&town, NUX, "over", "gt-two is closed at attempt 0");
    assert!(command(&shown).starts_with("rm "), "{shown}");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, NUX), Value::Null);
    // One whose attempt the bead knows is known to be over.
    let change = [
        ("bead: gt-one", "bead: gt-two"),
        ("attempt: 1", "attempt: 0"),
    ];
    plant(&town, NUX, &change);
    let shown = shows(&town, NUX, "over", "gt-two is closed");
    assert_eq!(command(&shown), "gt doctor --fix");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, NUX), Value::Null);
}

#[test]
fn one_whose_bead_another_agent_has_is_dropped() {
    let town = two();
    plant(&town, NUX, &[]);
    let shown = shows(&town, NUX, "unaccepted", &format!("on the hook of {TOAST}"));
    heed(&town, &shown).ok();
    assert_eq!(of(&town, NUX), Value::Null);
    assert_eq!(of(&town, TOAST)["state"], "waiting");
}

#[test]
fn one_for_an_agent_of_another_rig_is_refused_and_dropped() {
    let town = two();
    let other = "other/polecats/nux";
    plant(&town, other, &[("bead: gt-one", "bead: gt-two")]);
    let shown = shows(&town, other, "elsewhere", "the rig other, and this is app");
    says(
        town.gt(&["hook", "accept", other, "--yes"]),
        4,
        &["an agent of the rig other", "rm "],
    );
    heed(&town, &shown).ok();
    assert_eq!(of(&town, other), Value::Null);
}

#[test]
fn one_that_is_older_or_newer_than_its_bead_says_so() {
    let town = two();
    let change = [
        ("bead: gt-one", "bead: gt-two"),
        ("attempt: 1", "attempt: 7"),
    ];
    plant(&town, NUX, &change);
    let shown = shows(&town, NUX, "broken", "whose own file says 0");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, NUX), Value::Null);
}

#[test]
fn a_molecule_that_does_not_exist_is_left_out() {
    let town = two();
    let change = [
        ("bead: gt-one", "bead: gt-two"),
        ("molecule: null", "molecule: gt-mol-4hj2w"),
    ];
    plant(&town, NUX, &change);
    let shown = shows(
        &town,
        NUX,
        "unaccepted",
        "its molecule gt-mol-4hj2w does not exist",
    );
    heed(&town, &shown).ok();
    assert_eq!(of(&town, NUX)["state"], "waiting");
    assert_eq!(on_hook(&town, NUX, "molecule").as_deref(), Some("null"));
}

#[test]
fn a_runtime_that_is_not_installed_is_replaced() {
    let town = two();
    let change = [
        ("bead: gt-one", "bead: gt-two"),
        ("runtime: ignore", "runtime: gone"),
    ];
    plant(&town, NUX, &change);
    let shown = shows(
        &town,
        NUX,
        "unaccepted",
        "its runtime gone cannot be started",
    );
    // The new worker ends at once, as it does.
    heed(&town, &shown);
    assert_eq!(on_hook(&town, NUX, "runtime").as_deref(), Some("ignore"));
    ended(&town, NUX);
}

#[test]
fn the_doctor_names_the_same_remedy() {
    let bead_of = |id: &'static str| ("bead: gt-one", id);
    let cases: [(&str, &[(&str, &str)]); 5] = [
        ("unaccepted", &[bead_of("bead: gt-two")]),
        ("unaccepted", &[]),
        ("broken", &[bead_of("bead: gt-gone")]),
        ("over", &[bead_of("bead: gt-shut")]),
        (
            "broken",
            &[bead_of("bead: gt-two"), ("attempt: 1", "attempt: 7")],
        ),
    ];
    for (state, change) in cases {
        let town = two();
        bead(&town, "gt-shut", "Shut");
        town.bd(&["close", "gt-shut"]).ok();
        plant(&town, NUX, change);
        let shown = of(&town, NUX);
        assert_eq!(shown["state"], state, "{shown}");
        let doctor = town.gt(&["doctor"]).fails(5).stdout;
        for key in ["why", "remedy"] {
            let said = shown[key].as_str().unwrap();
            assert!(doctor.contains(said), "{key} of {shown} is not in {doctor}");
        }
    }
}

#[test]
fn a_file_that_is_nobodys_hook_is_named() {
    let town = two();
    let hook = fs::read(hook_file(&town, TOAST)).unwrap();
    for name in ["app/polecats/Toast.yaml", "app/toast.yaml", "toast.yaml"] {
        let path = town.repo().join(".beads/hooks").join(name);
        fs::write(&path, &hook).unwrap();
        let told = town.gt(&["status"]).fails(5).stderr;
        let path = path.to_str().unwrap();
        assert!(
            told.contains(path) && told.contains("rename or remove it"),
            "{told}"
        );
        fs::remove_file(path).unwrap();
    }
    town.gt(&["status"]).ok();
}
