//! What a sling and a `gt done` refuse, with nothing written.

use testkit::Town;

use super::support::*;

#[track_caller]
fn refused(town: &Town, args: &[&str], code: i32, words: &[&str]) {
    says(changes_nothing(town, || town.gt(args)), code, words);
    assert!(town.processes().is_empty());
}

#[test]
fn an_agent_command_that_does_not_exist() {
    let town = rig("hang");
    town.config("runtimes:\n  ghost:\n    command: [no-such-program, '{prompt}']\n  gone:\n    command: [/no/such/program]\n");
    bead(&town, "gt-one", "One");
    refused(
        &town,
        &["sling", "gt-one", "app", "--agent", "ghost"],
        8,
        &["no-such-program"],
    );
    refused(
        &town,
        &["sling", "gt-one", "app", "--agent", "gone"],
        8,
        &["/no/such/program"],
    );
    refused(
        &town,
        &["sling", "gt-one", "app", "--agent", "nobody"],
        2,
        &["nobody", "claude"],
    );
}

#[test]
fn a_blocked_bead_unless_forced() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    bead(&town, "gt-two", "Two");
    town.bd(&["dep", "add", "gt-two", "gt-one"]).ok();
    refused(
        &town,
        &["sling", "gt-two", "app"],
        4,
        &[
            "gt-two is blocked by gt-one",
            "--force",
            "bd dep tree gt-two",
        ],
    );
    refused(&town, &["hook", "gt-two"], 4, &["blocked by gt-one"]);
    // A batch is refused whole.
    refused(
        &town,
        &["sling", "gt-one", "gt-two", "app"],
        4,
        &["blocked"],
    );
    sling(&town, "gt-two", &["--force", "--no-spawn"]);
    sound(&town);
}

#[test]
fn a_closed_bead_forced_or_not() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.bd(&["close", "gt-one"]).ok();
    for args in [
        &["sling", "gt-one", "app"][..],
        &["sling", "gt-one", "app", "--force"],
        &["hook", "gt-one"],
    ] {
        refused(&town, args, 4, &["closed", "bd reopen gt-one"]);
    }
}

#[test]
fn a_repository_without_a_commit() {
    let town = Town::builder(env!("CARGO_BIN_EXE_gt"))
        .without_commit()
        .build();
    let town = in_rig(town, "hang");
    bead(&town, "gt-one", "One");
    refused(
        &town,
        &["sling", "gt-one", "app"],
        4,
        &["no commit yet", "git commit"],
    );
    refused(&town, &["hook", "gt-one"], 4, &["no commit yet"]);
}

#[test]
fn a_target_branch_that_is_not_there() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let config = town.read(".beads/config.yaml");
    town.write(
        ".beads/config.yaml",
        &config.replace("target: main", "target: trunk"),
    );
    refused(
        &town,
        &["sling", "gt-one", "app"],
        4,
        &["trunk", "config.yaml"],
    );
}

#[test]
fn a_git_that_is_too_old() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let bin = town.root().join("old");
    std::fs::create_dir(&bin).unwrap();
    let script = "#!/bin/sh\necho 'git version 2.39.0'\n";
    std::fs::write(bin.join("git"), script).unwrap();
    town.run_in(&bin, "chmod", &["755", "git"]).ok();
    std::os::unix::fs::symlink("/bin/sh", bin.join("sh")).unwrap();
    let path = format!("{}:{}", bin.display(), town.bin().display());
    let call = town
        .call("gt", &["sling", "gt-one", "app"])
        .env("PATH", path);
    says(
        changes_nothing(&town, || call.run()),
        8,
        &["git 2.39.0 is too old", "2.40"],
    );
}

/// A polecat at work, and the command as it runs it.
fn at_work() -> (Town, Slung) {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    (town, slung)
}

#[test]
fn uncommitted_files_at_the_end() {
    let (town, slung) = at_work();
    slung.commit(&town, "work.txt");
    for n in 1..=7 {
        std::fs::write(slung.worktree.join(format!("left{n}.txt")), "x").unwrap();
    }
    for (args, hint) in [
        (&["done"][..], "`gt done -a`"),
        (&["done", "--phase"], "`gt done --phase -a`"),
        (
            &["done", "--no-mr"],
            "remove them if nothing is to be merged",
        ),
        (&["done", "--defer"], "`gt done --defer -a`"),
    ] {
        let answer = changes_nothing(&town, || slung.gt(&town, args));
        let told = ["7 files are not committed", "left1.txt", "and 2 more", hint];
        says(answer, 4, &told);
    }
    slung.gt(&town, &["done", "--defer", "-a"]).ok();
    assert_eq!(status(&town, "gt-one"), "deferred");
}

#[test]
fn a_branch_without_commits() {
    let (town, slung) = at_work();
    let answer = changes_nothing(&town, || slung.gt(&town, &["done"]));
    says(
        answer,
        4,
        &[
            &slung.branch,
            "no commit that main does not have",
            "gt done --no-mr",
        ],
    );
}

#[test]
fn the_wrong_worktree_branch_and_no_branch() {
    let (town, slung) = at_work();
    slung.commit(&town, "work.txt");
    let elsewhere = slung.call(&town, "gt", &["done", "-a"]).dir(town.repo());
    std::fs::write(town.repo().join("README.md"), "a person's edit").unwrap();
    says(
        changes_nothing(&town, || elsewhere.run()),
        4,
        &["gt-one is worked on in", slung.worktree.to_str().unwrap()],
    );
    assert_eq!(town.read("README.md"), "a person's edit");

    let git = |args: &[&str]| town.run_in(&slung.worktree, "git", args).ok();
    git(&["switch", "--quiet", "-c", "other"]);
    let answer = changes_nothing(&town, || slung.gt(&town, &["done"]));
    says(
        answer,
        4,
        &["the branch is other", &slung.branch, "git switch"],
    );
    let commit = slung.commit(&town, "elsewhere.txt");
    let answer = changes_nothing(&town, || slung.gt(&town, &["done"]));
    let merge = format!("git merge {}", &commit[..10]);
    let answer = says(answer, 4, &["git switch", &merge]);
    assert!(!answer.stderr.contains("unsling"), "{answer}");
    git(&["switch", "--quiet", "--detach"]);
    let answer = changes_nothing(&town, || slung.gt(&town, &["done"]));
    says(answer, 4, &["detached", &slung.branch]);
    git(&["switch", "--quiet", &slung.branch]);
    slung.gt(&town, &["done"]).ok();
    sound(&town);
}

#[test]
fn an_end_without_anything_on_the_hook() {
    let town = rig("hang");
    refused(
        &town,
        &["done"],
        3,
        &["nothing is on the hook of overseer", "gt hook <bead>"],
    );
    refused(
        &town,
        &["--actor", "Ann Smith", "done"],
        2,
        &["has no hook"],
    );
}

#[test]
fn a_second_end() {
    let (town, slung) = at_work();
    slung.commit(&town, "work.txt");
    let done = slung.call(&town, "gt", &["done"]);
    done.run().ok();
    says(changes_nothing(&town, || done.run()), 4, &["is over"]);
    says(
        changes_nothing(&town, || town.run_in(&slung.worktree, "gt", &["done"])),
        3,
        &["nothing is on the hook"],
    );
}

#[test]
fn a_configuration_of_ones_own_that_is_broken() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    town.config("runtimes: [\n");
    refused(&town, &["sling", "gt-one", "app"], 2, &["config.yaml"]);
    town.config("surprise: 1\n");
    refused(&town, &["sling", "gt-one", "app"], 2, &["surprise"]);
}
