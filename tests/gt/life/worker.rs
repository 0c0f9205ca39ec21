//! Worker processes: what they are started with, how many, and what becomes of
//! those that end early.

use std::collections::BTreeMap;
use std::fs;

use testkit::Town;

use super::support::*;

/// The environment of the worker that is slung a bead by this caller.
fn environment(town: &Town, caller: &[(&str, &str)]) -> (Slung, BTreeMap<String, String>) {
    town.config(
        "runtimes:\n  env:\n    command: [sh, -c, 'env -0 >\"$HOME/env\"; mv \"$HOME/env\" \"$HOME/seen\"; exec sleep 60', x]\n    env: [MY_TOKEN]\n",
    );
    bead(town, "gt-one", "One");
    let mut call = town.call(
        "gt",
        &["sling", "gt-one", "app", "--agent", "env", "--json"],
    );
    for (name, value) in caller {
        call = call.env(*name, *value);
    }
    let answer = call.run().ok().json();
    let seen = town.root().join("home/seen");
    town.wait_until(LONG, || seen.exists());
    let text = fs::read_to_string(seen).expect("the worker wrote it");
    let pairs = text.split('\0').filter_map(|line| line.split_once('='));
    let env = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    (placed(&answer["slung"][0]), env.collect())
}

#[test]
fn its_environment_says_who_it_is() {
    let town = rig("hang");
    let (slung, env) = environment(&town, &[]);
    let hook = hook_file(&town, &slung.agent);
    let nonce = on_hook(&town, &slung.agent, "nonce").unwrap();
    for (name, value) in [
        ("GT_AGENT", slung.agent.as_str()),
        ("BD_ACTOR", &slung.agent),
        ("GT_ROLE", "polecat"),
        ("GT_RIG", "app"),
        ("GT_POLECAT", "toast"),
        ("GT_BEAD", "gt-one"),
        ("GT_ATTEMPT", &format!("1-{nonce}")),
        ("GT_HOOK", hook.to_str().unwrap()),
        ("GT_ROOT", town.repo().to_str().unwrap()),
        ("GT_BRANCH", &slung.branch),
        ("GIT_AUTHOR_NAME", &slung.agent),
        ("GIT_COMMITTER_NAME", &slung.agent),
        ("PWD", slung.worktree.to_str().unwrap()),
    ] {
        assert_eq!(env.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(env["GIT_AUTHOR_EMAIL"].ends_with(".invalid"));
    assert!(env["GT_SESSION"].contains(&nonce));
    assert!(env["PATH"].starts_with(town.bin().to_str().unwrap()));
}

#[test]
fn the_callers_secrets_and_git_do_not_reach_it() {
    let town = rig("hang");
    let caller = [
        ("AWS_SECRET_ACCESS_KEY", "s3cret"),
        ("ANTHROPIC_API_KEY", "s3cret"),
        ("GIT_SSH_COMMAND", "s3cret"),
        ("GIT_CONFIG_COUNT", "0"),
        ("GT_ATTEMPT", "9-s3cret"),
        ("GT_ANYTHING", "s3cret"),
        ("BD_ANYTHING", "s3cret"),
        ("MY_TOKEN", "passed"),
    ];
    let (_, env) = environment(&town, &caller);
    let leaked: Vec<_> = env
        .iter()
        .filter(|(_, value)| value.contains("s3cret"))
        .collect();
    assert_eq!(leaked, Vec::<(&String, &String)>::new());
    assert_eq!(env.get("MY_TOKEN").map(String::as_str), Some("passed"));
    let known = |name: &&String| {
        [
            "AUTHOR_NAME",
            "AUTHOR_EMAIL",
            "COMMITTER_NAME",
            "COMMITTER_EMAIL",
        ]
        .iter()
        .any(|end| **name == format!("GIT_{end}"))
    };
    let git: Vec<_> = env
        .keys()
        .filter(|name| name.starts_with("GIT_"))
        .filter(|it| !known(it))
        .collect();
    assert_eq!(git, Vec::<&String>::new());
}

#[test]
fn it_outlives_the_sling_in_a_session_of_its_own() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let answer = town.gt(&["sling", "gt-one", "app", "--json"]).ok().json();
    let pid = answer["slung"][0]["worker"]["pid"].as_u64().unwrap();
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let words: Vec<_> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    assert_eq!(words[3], pid.to_string(), "it leads its session");
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    for fd in fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten() {
        let target = fs::read_link(fd.path()).unwrap_or_default();
        assert!(
            !target.to_string_lossy().contains("/locks/"),
            "a lock leaked: {target:?}"
        );
    }
}

#[test]
fn its_worktree_has_no_store_and_its_commits_carry_none() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    // The store is tracked, as it is in a project that uses it.
    town.commit_all("the store");
    let slung = idle(&town, "gt-one");
    assert!(!slung.worktree.join(".beads").exists());
    let git = |args: &[&str]| town.run_in(&slung.worktree, "git", args).ok().stdout;
    assert_eq!(git(&["status", "--porcelain"]), "");
    fs::write(slung.worktree.join("work.txt"), "work").unwrap();
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "work"]);
    assert_eq!(git(&["status", "--porcelain"]), "");
    assert_eq!(git(&["diff", "--name-only", "main..HEAD"]), "work.txt\n");
    assert!(git(&["ls-tree", "-r", "--name-only", "HEAD"]).contains(".beads/config.yaml"));
    let store = town
        .run_in(&slung.worktree, "bd", &["where", "--json"])
        .ok()
        .json();
    assert!(
        store
            .to_string()
            .contains(town.repo().join(".beads").to_str().unwrap()),
        "{store}"
    );
    slung.gt(&town, &["done"]).ok();
    sound(&town);
}

#[test]
fn beyond_the_limit_the_hook_waits_and_says_so() {
    let town = rig("hang");
    for n in 1..=5 {
        bead(&town, &format!("gt-b{n}"), "Work");
    }
    let args = ["sling", "gt-b1", "gt-b2", "gt-b3", "gt-b4", "gt-b5", "app"];
    let answer = town.gt(&args).ok();
    assert!(
        answer.stdout.contains("waits: 4 of 4 polecats are at work"),
        "{answer}"
    );
    town.wait_until(LONG, || town.agents_at_work().len() == 4);
    assert_eq!(status(&town, "gt-b5"), "hooked");
    sound(&town);
    // A parked worker gives its place to the one that waits.
    town.gt(&["release", "gt-b1"]).ok();
    town.gt(&["sling", "gt-b5", "app"]).ok();
    town.wait_until(LONG, || status(&town, "gt-b5") == "in_progress");
    let list = town.gt(&["polecat", "list", "--json"]).ok().json();
    let working = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["state"] == "working");
    assert_eq!(working.count(), 4, "{list:#}");
}

#[test]
fn one_that_ends_at_once_is_an_error_that_names_log_and_remedy() {
    let town = rig("crash");
    bead(&town, "gt-one", "One");
    town.config(
        "runtimes:\n  broken:\n    command: [sh, -c, 'echo usage: no such flag >&2; exit 3']\n",
    );
    let answer = town.gt(&["sling", "gt-one", "app", "--agent", "broken"]);
    let answer = says(
        answer,
        1,
        &[
            "ended at once",
            "exit status: 3",
            "gt logs gt-one",
            "gt sling gt-one",
        ],
    );
    assert!(answer.stdout.contains("no such flag"), "{answer}");
    assert_eq!(status(&town, "gt-one"), "hooked");
    let logs = town.gt(&["logs", "gt-one"]).ok();
    assert!(logs.stdout.contains("no such flag"), "{logs}");
    let shown = town.gt(&["polecat", "status", "toast"]).ok();
    assert!(
        shown.stdout.contains("stopped") && shown.stdout.contains("gt sling gt-one"),
        "{shown}"
    );
    sound(&town);
}

#[test]
fn one_that_ignores_its_hook_leaves_the_work_on_it() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    assert_eq!(status(&town, "gt-one"), "in_progress");
    assert_eq!(
        on_hook(&town, &slung.agent, "bead").as_deref(),
        Some("gt-one")
    );
    let list = town.gt(&["polecat", "list"]).ok();
    assert!(
        list.stdout.contains("stopped") && list.stdout.contains("gt logs gt-one"),
        "{list}"
    );
    sound(&town);
}

#[test]
fn logs_are_found_by_bead_name_and_address_and_what_has_none_is_told() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    for what in ["gt-one", "toast", slung.agent.as_str()] {
        let logs = town.gt(&["logs", what]).ok();
        assert!(logs.stdout.contains("You are app/polecats/toast"), "{logs}");
        assert!(logs.stderr.contains("1.log"), "{logs}");
    }
    let short = town.gt(&["logs", "gt-one", "-n", "1"]).ok();
    assert_eq!(short.stdout.lines().count(), 1);
    bead(&town, "gt-two", "Two");
    for what in ["gt-two", "nobody"] {
        says(town.gt(&["logs", what]), 3, &[what, "gt polecat list"]);
    }
    says(
        town.gt(&["polecat", "status", "nobody"]),
        3,
        &["no polecat nobody"],
    );
}
