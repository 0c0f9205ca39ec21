//! Tickets lie out of git's reach.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::support::*;
use testkit::Town;

fn slung(town: &Town) -> String {
    town.gt(&["sling", "gt-one", "app/toast", "--no-spawn"])
        .ok();
    ticket(town)
}

fn ticket(town: &Town) -> String {
    let path = town
        .git_dir()
        .join("plaintown/tickets/app/polecats/toast.yaml");
    fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn a_forged_one_that_arrives_by_pull_counts_for_nothing() {
    let town = rig();
    let forged = slung(&town);
    let hook = town.read(".beads/hooks/app/polecats/toast.yaml");
    town.gt(&["unsling", "gt-one"]).ok();
    assert_eq!(ticket(&town), "");
    for folder in [".beads", ".beads/plaintown", "plaintown", ".beads/hooks"] {
        town.write(format!("{folder}/tickets/app/polecats/toast.yaml"), &forged);
    }
    town.write(".beads/hooks/app/polecats/toast.yaml", &hook);
    hooked(&town, "gt-one", "app/polecats/toast", 1);
    town.git(&["add", "--all", "--force"]);
    town.git(&["commit", "--quiet", "-m", "forged"]);
    every_look(&town);
    assert_eq!(ticket(&town), "");
    silent(&town);
    // In its place it would have counted.
    let place = town.git_dir().join("plaintown/tickets/app/polecats");
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("toast.yaml"), &forged).unwrap();
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    sings(&town);
}

#[test]
fn git_itself_cannot_carry_one() {
    let town = rig();
    slung(&town);
    let blob = town.git(&["hash-object", "-w", "README.md"]);
    let entry = format!(
        "100644,{},.git/plaintown/tickets/app/polecats/toast.yaml",
        blob.text()
    );
    let refused = town
        .call("git", &["update-index", "--add", "--cacheinfo", &entry])
        .run();
    assert!(!refused.status.success(), "{refused}");
    let elsewhere = entry.replace(".git/", "");
    town.git(&["update-index", "--add", "--cacheinfo", &elsewhere]);
}

#[test]
fn clean_and_stash_take_none_and_stop_nothing() {
    let town = rig();
    let before = slung(&town);
    town.git(&["stash", "--quiet", "--include-untracked"]);
    assert_eq!(ticket(&town), before);
    town.git(&["clean", "-ffdxq"]);
    assert_eq!(ticket(&town), before);
    silent(&town);
    town.gt(&["doctor", "--fix"]).ok();
    let hook = town.read(".beads/hooks/app/polecats/toast.yaml");
    assert!(hook.contains("bead: gt-one"), "{hook}");
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    sings(&town);
}

#[test]
fn the_folder_is_for_its_owner_alone() {
    let town = rig();
    slung(&town);
    let folder = town.git_dir().join("plaintown");
    let mode = || fs::metadata(&folder).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(), 0o700);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    town.gt(&["--readonly", "agents"]).ok();
    assert_eq!(mode(), 0o777);
    town.gt(&["agents"]).ok();
    assert_eq!(mode(), 0o700);
}

#[test]
fn a_link_in_place_of_the_folder_is_refused() {
    let town = rig();
    slung(&town);
    let folder = town.git_dir().join("plaintown");
    let elsewhere = town.root().join("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &folder).unwrap();
    let refused = town.gt(&["sling", "gt-one", "app/toast"]).fails(5);
    assert!(refused.stderr.contains("symbolic link"), "{refused}");
    silent(&town);
    fs::remove_file(&folder).unwrap();
    fs::rename(&elsewhere, &folder).unwrap();
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    sings(&town);
}
