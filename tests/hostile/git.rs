//! Git runs nothing for us that a repository proposes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::support::*;
use testkit::Town;

/// The life of a bead, and everything that looks at it.
fn all_of_gt(town: &Town) {
    every_look(town);
    town.gt(&["sling", "gt-one", "app/toast", "--no-spawn"])
        .ok();
    town.gt(&["unsling", "gt-one"]).ok();
    town.git(&[
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
        "switch",
        "--quiet",
        "-c",
        "work",
    ]);
    town.gt(&["sling", "gt-one", "overseer"]).ok();
    town.write("new.txt", "new\n");
    town.gt(&["done", "--all"]);
    town.gt(&["refinery", "run"]);
    every_look(town);
}

/// As git itself would look, without our care.
fn plain_git(town: &Town, args: &[&str]) {
    town.call("git", args).run();
}

#[test]
fn a_monitor_hooks_a_pager_and_external_diffs() {
    let town = rig();
    let command = canary(&town, "");
    town.write(".gitattributes", "* diff=evil\n*.txt merge=evil\n");
    town.commit_all("attributes");
    for (key, value) in [
        ("core.fsmonitor", command.as_str()),
        ("core.pager", &command),
        ("pager.log", "true"),
        ("diff.external", &command),
        ("diff.evil.textconv", &command),
        ("diff.evil.command", &command),
        ("core.editor", &command),
        ("sequence.editor", &command),
        ("commit.gpgSign", "true"),
        ("gpg.program", &command),
        ("alias.status", &format!("!{command}")),
        ("alias.rev-parse", &format!("!{command}")),
        ("credential.helper", &format!("!{command}")),
        ("core.askPass", &command),
        ("uploadpack.packObjectsHook", &command),
    ] {
        town.git(&["config", key, value]);
    }
    all_of_gt(&town);
    silent(&town);
    plain_git(&town, &["status"]);
    sings(&town);
    plain_git(
        &town,
        &["-c", "core.fsmonitor=false", "log", "--ext-diff", "-p"],
    );
    sings(&town);
}

#[test]
fn hooks_of_the_clone_and_of_the_tree() {
    const HOOKS: &[&str] = &[
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "post-checkout",
        "post-merge",
        "pre-push",
        "reference-transaction",
        "post-index-change",
        "pre-rebase",
        "post-rewrite",
        "fsmonitor-watchman",
    ];
    for folder in [".git/hooks", "hooks"] {
        let town = rig();
        let command = canary(&town, "");
        for hook in HOOKS {
            let path = town.repo().join(folder).join(hook);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, format!("#!/bin/sh\n{command}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        if folder == "hooks" {
            town.git(&["-c", "core.hooksPath=/dev/null", "add", "--all"]);
            town.git(&[
                "-c",
                "core.hooksPath=/dev/null",
                "commit",
                "--quiet",
                "-m",
                "hooks",
            ]);
            town.git(&["config", "core.hooksPath", "hooks"]);
        }
        all_of_gt(&town);
        silent(&town);
        plain_git(&town, &["commit", "--quiet", "--allow-empty", "-m", "x"]);
        sings(&town);
    }
}

/// Attributes come from the repository, the commands of filters from the
/// user's configuration alone: naming one that is not there runs nothing.
#[test]
fn attributes_and_files_that_name_filters_and_submodules() {
    let town = rig();
    let command = canary(&town, "cat");
    town.write(
        ".gitattributes",
        "* filter=evil diff=evil merge=evil -text\n",
    );
    town.write(
        ".gitconfig",
        &format!("[filter \"evil\"]\n\tsmudge = {command}\n\tclean = {command}\n"),
    );
    town.write(".lfsconfig", &format!("[lfs]\n\turl = ext::{command}\n"));
    town.write(
        ".gitmodules",
        &format!("[submodule \"x\"]\n\tpath = x\n\turl = ext::{command}\n\tupdate = !{command}\n"),
    );
    town.commit_all("proposals");
    all_of_gt(&town);
    silent(&town);
    town.git(&["config", "filter.evil.clean", &command]);
    town.write("new2.txt", "new\n");
    plain_git(&town, &["add", "new2.txt"]);
    sings(&town);
}

/// A repository that lies in the work tree, as a pull cannot bring and an
/// archive can.
#[test]
fn a_nested_repository_with_a_monitor() {
    let town = rig();
    let nested = town.repo().join("nested");
    let command = canary(&town, "");
    town.git(&["init", "--quiet", "nested"]);
    fs::write(nested.join("file"), "x").unwrap();
    town.run_in(&nested, "git", &["config", "core.fsmonitor", &command])
        .ok();
    all_of_gt(&town);
    silent(&town);
    town.run_in(&nested, "git", &["status"]).ok();
    sings(&town);
}

/// References that would be options.
#[test]
fn references_that_begin_with_dashes() {
    let town = rig();
    let head = town.git(&["rev-parse", "HEAD"]).text().to_owned();
    let command = canary(&town, "");
    for name in ["--upload-pack=x", "--exec", "-x", "polecat/--output=x"] {
        let path = town.git_dir().join("refs/heads").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{head}\n")).unwrap();
    }
    let path = ".beads/beads/o/gt-one.yaml";
    for branch in [
        "--upload-pack=x",
        "-x",
        "--exec=CANARY",
        "refs/heads/main",
        "a..b",
    ] {
        let branch = branch.replace("CANARY", &command);
        let text = town.read(path);
        let lines = text.lines().map(|line| match line.strip_prefix("branch:") {
            Some(_) => format!("branch: \"{branch}\"\n"),
            None => format!("{line}\n"),
        });
        town.write(path, &lines.collect::<String>());
        every_look(&town);
        town.gt(&["sling", "gt-one", "app/toast", "--no-spawn"]);
        town.gt(&["unsling", "gt-one"]);
        silent(&town);
    }
    // What git would make of one that reaches it as an argument.
    plain_git(&town, &["ls-remote", &format!("--exec={command}"), "."]);
    sings(&town);
}
