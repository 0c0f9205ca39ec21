//! A program that shows a screen does not end by itself: `gt done` ends it.

use super::*;

fn staying(done: &str) -> (Town, Slung) {
    let town = rig("hang");
    let script = format!(
        "gt prime; git commit -q --allow-empty -m work; {done} >\"$HOME/said\" 2>&1; trap \"\" HUP; exec sleep 600"
    );
    town.config(&format!(
        "session: tmux\ndefault_runtime: stays\nruntimes:\n  stays:\n    command: [sleep, '1', '{{prompt}}']\n    interactive: [sh, -c, '{script}', x, '{{prompt}}']\n"
    ));
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    (town, slung)
}

#[test]
fn its_session_ends_and_what_it_left_is_tidied_up() {
    let (town, slung) = staying("gt done");
    town.wait_until(LONG, || status(&town, "gt-one") == "completed");
    town.wait_until(LONG, || town.processes().is_empty());
    let said = fs::read_to_string(town.root().join("home/said")).unwrap();
    assert!(said.starts_with("COMPLETED gt-one"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    town.gt(&["refinery", "run"]);
    assert_eq!(status(&town, "gt-one"), "closed");
    assert!(!slung.worktree.exists());
    sound(&town);
}

#[test]
fn one_that_waits_leaves_its_place_to_others() {
    let (town, _) = staying("gt done --phase");
    town.wait_until(LONG, || {
        on_hook(&town, "app/polecats/toast", "parked").is_none()
    });
    town.wait_until(LONG, || town.processes().is_empty());
    town.gt(&["resume", "gt-one"]).ok();
    town.wait_until(LONG, || town.processes().is_empty());
    sound(&town);
}

#[test]
fn a_detached_process_ends_by_itself() {
    let town = rig("hang");
    town.config(
        "default_runtime: slow\nruntimes:\n  slow:\n    command: [sh, -c, 'gt prime; gt done --no-mr; sleep 4; touch \"$HOME/late\"', x, '{prompt}']\n",
    );
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || town.root().join("home/late").exists());
}
