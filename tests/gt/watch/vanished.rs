//! Hooks that git takes away stop nothing.

use super::*;
use crate::gt::life::support::*;
use std::time::Duration;

#[test]
fn a_stash_stops_nothing_is_told_and_can_be_undone() {
    let town = watched("hang", &[]);
    bead(&town, "gt-one", "Work");
    town.commit_all("the store");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    let worker = town.agents_at_work()["gt-one"][0];
    town.git(&["stash", "--include-untracked", "--quiet"]);
    assert!(!hook_file(&town, &slung.agent).exists());
    let is_told = || {
        let problems = events(&town, "problem");
        problems.iter().any(|it| {
            it["what"]
                .as_str()
                .unwrap()
                .contains("its hook file is gone")
        })
    };
    town.wait_until(LONG, is_told);
    assert_eq!(town.agents_at_work()["gt-one"], [worker]);
    assert!(ticket_file(&town, &slung.agent).exists());
    assert_eq!(agent(&town, "gt-one")["state"], "hook_missing");
    town.git(&["stash", "pop", "--quiet"]);
    town.wait_until(LONG, || agent(&town, "gt-one")["state"] == "working");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(starts(&town, "gt-one"), 1);
}

#[test]
fn a_hook_that_came_without_a_ticket_is_never_started() {
    let town = watched("hang", &[]);
    bead(&town, "gt-one", "Work");
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || starts(&town, "gt-one") == 1);
    let hook = fs::read_to_string(hook_file(&town, &slung.agent)).unwrap();
    let forged = hook.replace(&slung.agent, "app/polecats/mallory");
    let place = hook_file(&town, "app/polecats/mallory");
    fs::write(place, forged).unwrap();
    let appeared = |name: &str| {
        let told = events(&town, "hook_appeared");
        told.iter().any(|it| it["agent"] == name)
    };
    town.wait_until(LONG, || appeared("app/polecats/mallory"));
    let changed = hook.replace("runtime: hang", "runtime: crash");
    fs::write(hook_file(&town, &slung.agent), changed).unwrap();
    let told = || {
        let problems = events(&town, "problem");
        let is_it = |it: &Value| {
            it["what"]
                .as_str()
                .unwrap()
                .contains("not the one that was slung")
        };
        problems.iter().any(is_it)
    };
    town.wait_until(LONG, told);
    assert_eq!(starts(&town, "gt-one"), 1);
    assert_eq!(town.agents_at_work()["gt-one"].len(), 1);
}

#[test]
fn what_another_worktrees_own_store_holds_has_not_vanished() {
    let town = rig("hang");
    bead(&town, "gt-one", "Work");
    town.commit_all("the store");
    let linked = town.root().join("linked");
    let path = linked.to_string_lossy();
    town.git(&["worktree", "add", "--quiet", "-b", "other", &path])
        .ok();
    town.run_in(&linked, "bd", &["create", "There", "--id", "gt-two"])
        .ok();
    assert!(linked.join(".beads/beads/t/gt-two.yaml").is_file());
    bead(&town, "gt-three", "Work");
    fs::remove_file(town.repo().join(".beads/beads/t/gt-three.yaml")).unwrap();
    town.gt(&["up"]).ok();
    let gone = || {
        let told = events(&town, "bead_changed");
        let gone = told.into_iter().filter(|it| it["to"].is_null());
        gone.map(|it| it["bead"].clone()).collect::<Vec<_>>()
    };
    town.wait_until(LONG, || !gone().is_empty());
    assert_eq!(gone(), ["gt-three"]);
}
