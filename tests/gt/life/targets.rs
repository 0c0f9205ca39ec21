//! The forms of a target.

use super::support::*;

#[test]
fn every_form_leads_to_its_hook() {
    for (target, agent) in [
        (None, "overseer"),
        (Some("."), "overseer"),
        (Some("app"), "app/polecats/toast"),
        (Some("app/rusty"), "app/polecats/rusty"),
        (Some("app/polecats/rusty"), "app/polecats/rusty"),
        (Some("mayor"), "mayor"),
        (Some("overseer"), "overseer"),
        (Some("app/crew/ann"), "app/crew/ann"),
    ] {
        let town = rig("hang");
        bead(&town, "gt-one", "One");
        let mut args = vec!["sling", "gt-one"];
        args.extend(target);
        args.push("--no-spawn");
        town.gt(&args).ok();
        assert_eq!(
            on_hook(&town, agent, "bead").as_deref(),
            Some("gt-one"),
            "{target:?}"
        );
        assert_eq!(field(&town, "gt-one", "assignee"), agent);
        sound(&town);
    }
}

#[test]
fn nobody_starts_a_process_for_people() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.gt(&["sling", "gt-one", "mayor"]).ok();
    assert_eq!(on_hook(&town, "mayor", "branch").as_deref(), Some("null"));
    assert!(town.processes().is_empty());
}

#[test]
fn ones_own_hook_is_that_of_the_actor() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.gt(&["--actor", "app/crew/ann", "sling", "gt-one", "."])
        .ok();
    assert_eq!(
        on_hook(&town, "app/crew/ann", "hooked_by").as_deref(),
        Some("app/crew/ann")
    );
    says(
        town.gt(&["--actor", "Ann Smith", "sling", "gt-one", "."]),
        2,
        &["Ann Smith has no hook", "name a target"],
    );
}

#[test]
fn what_is_no_target_is_told_with_the_forms_there_are() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    for target in [
        "other/toast",
        "app/../x",
        "app/polecats/mayor",
        "app/polecats/../../x",
        "crew",
        "dogs",
        "polecats",
        "other/crew/ann",
        "a/b/c",
        "/app",
    ] {
        says(
            changes_nothing(&town, || town.gt(&["sling", "gt-one", target])),
            2,
            &["app/<name>", "mayor"],
        );
    }
    // A word that could be a bead is taken for one.
    says(
        town.gt(&["sling", "gt-one", "elsewhere"]),
        3,
        &["elsewhere"],
    );
}

#[test]
fn a_target_with_a_slip_is_told_from_a_bead() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let refused = changes_nothing(&town, || town.gt(&["sling", "gt-one", "ap"]));
    says(refused, 3, &["`ap` is neither", "app for a new polecat"]);
    let missing = town.gt(&["sling", "gt-one", "gt-none"]);
    says(missing, 3, &["no issue found matching"]);
}
