//! A worker's runtime runs our hooks, and its branch carries nothing of them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::support::*;
use crate::gt::life::support::*;

#[test]
fn claude_is_given_a_settings_file_that_only_its_user_may_read() {
    let town = claude(&["work"]);
    bead(&town, "gt-one", "One");
    town.gt(&["sling", "gt-one", "app"]).ok();
    wait_for(&town, "gt-one", "completed");
    let calls = wrote(&town, "calls");
    let file = town.repo().join(".git/plaintown/runtimes/claude.json");
    let flag = format!("settings={}", file.display());
    assert!(calls.trim_end().ends_with(&flag), "{calls}");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&town.repo().join(".git/plaintown")), 0o700);
    let shown = town.gt(&["hooks", "show", "claude"]).ok();
    assert_eq!(fs::read_to_string(file).unwrap(), shown.stdout);
    assert!(wrote(&town, "told").contains("ON YOUR HOOK: gt-one"));
}

#[test]
fn a_users_own_settings_and_commands_are_left_alone() {
    for config in [
        "runtimes:\n  claude:\n    args: [--settings, /dev/null]\n",
        "runtimes:\n  claude:\n    command: [claude, -p, '{prompt}']\n",
    ] {
        let town = claude(&["refuse"]);
        town.config(config);
        bead(&town, "gt-one", "One");
        town.gt(&["sling", "gt-one", "app"]);
        town.wait_until(LONG, || town.processes().is_empty());
        assert!(!wrote(&town, "calls").contains("runtimes/claude.json"));
    }
}

/// A runtime that reads its hooks from the work tree, and works as a script.
fn reader(town: &testkit::Town, program: &str) {
    let path = town.root().join("programs").join(program);
    let script = "#!/bin/sh\ngt prime >/dev/null\nls -A >\"$HOME/saw\"\n\
                  git add --all && git commit --quiet --allow-empty --message work\n\
                  git status --porcelain --ignored >>\"$HOME/saw\"\ngt done --no-mr\n";
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn others_get_a_file_that_git_does_not_see() {
    let town = claude(&["refuse"]);
    town.commit_all("the store");
    for (runtime, program, file) in [
        ("gemini", "gemini", ".gemini/settings.json"),
        ("cursor", "cursor-agent", ".cursor/hooks.json"),
        ("opencode", "opencode", ".opencode/plugins/plaintown.js"),
    ] {
        reader(&town, program);
        let id = bead(&town, &format!("gt-{runtime}"), "One");
        let args = ["sling", &id, "app", "--agent", runtime, "--json"];
        let slung = placed(&town.gt(&args).ok().json()["slung"][0]);
        wait_for(&town, &id, "closed");
        let saw = wrote(&town, "saw");
        let folder = file.split('/').next().unwrap();
        assert!(saw.lines().any(|line| line == folder), "{saw}");
        assert!(saw.contains(&format!("!! {folder}/")), "ignored: {saw}");
        let range = format!("main..{}", slung.branch);
        let changed = town.git(&["diff", "--name-only", &range]);
        assert_eq!(changed.stdout, "");
        assert!(!town.repo().join(folder).exists(), "its own work tree only");
        town.gt(&["refinery", "run"]).ok();
    }
    sound(&town);
}

#[test]
fn a_tracked_file_is_left_alone_and_told_of() {
    let town = claude(&["refuse"]);
    town.write(".gemini/settings.json", "{}\n");
    town.commit_all("settings of the project");
    reader(&town, "gemini");
    bead(&town, "gt-one", "One");
    let slung = town
        .gt(&["sling", "gt-one", "app", "--agent", "gemini"])
        .ok();
    assert!(
        slung.stderr.contains("without the hooks of gemini"),
        "{slung}"
    );
    assert!(slung.stderr.contains("gt hooks show gemini"), "{slung}");
    wait_for(&town, "gt-one", "closed");
    sound(&town);
}
