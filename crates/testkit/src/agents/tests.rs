use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;
use crate::work::{ALL, GREET, SLUG, TRIM, Work};

/// Stand-ins for the two binaries: `bd show` prints a description with an
/// indentation, as the real one does, and `gt` writes down what it was told.
fn binaries(work: Work) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let shown = work.description.replace('\n', "\n  ");
    fs::write(
        folder.path().join("shown"),
        format!("gt-abc12 {}\n\n  {shown}\n", work.title),
    )
    .unwrap();
    script(&folder, "bd", "cat \"${0%/*}/shown\"");
    script(&folder, "gt", "echo \"gt $*\" >>\"$HOME/told\"");
    folder
}

fn script(folder: &TempDir, name: &str, body: &str) {
    let file = folder.path().join(name);
    fs::write(&file, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A town on a polecat's branch, with a hook.
fn town(bin: &TempDir) -> Town {
    let mut town = Town::builder(bin.path().join("bd")).project().build();
    town.git(&["checkout", "--quiet", "-b", "polecat/toast/gt-abc12"]);
    let hook = town.root().join("hook.yaml");
    let text = "agent: gt/polecats/toast\n\nbead: gt-abc12\n\nbranch: polecat/toast/gt-abc12\n";
    fs::write(&hook, text).unwrap();
    town.agents("scribe")
        .env("GT_HOOK", hook)
        .env("GT_BEAD", "gt-abc12")
        .env("GT_ATTEMPT", "1.nonce");
    town
}

fn run(town: &Town, agent: &str) -> crate::Output {
    let words = command(agent);
    town.call(&words[0], &words[1..]).run()
}

fn told(town: &Town) -> String {
    fs::read_to_string(town.root().join("home/told")).unwrap_or_default()
}

#[test]
fn scribe_does_every_work_once() {
    for work in [GREET, TRIM] {
        let bin = binaries(work);
        let town = town(&bin);
        assert!(!work.is_done_in(&town.repo()));
        run(&town, "scribe").ok();
        let commit = town.git(&["rev-parse", "HEAD"]).stdout;
        run(&town, "scribe").ok();
        assert!(work.is_done_in(&town.repo()), "{}", work.title);
        assert_eq!(
            town.git(&["rev-parse", "HEAD"]).stdout,
            commit,
            "a second commit"
        );
        assert_eq!(town.git(&["status", "--porcelain"]).stdout, "");
        assert_eq!(told(&town), "gt prime\ngt done\n".repeat(2));
    }
}

#[test]
fn scribe_needs_what_its_work_needs() {
    let bin = binaries(SLUG);
    let town = town(&bin);
    run(&town, "scribe").ok();
    assert!(
        told(&town).contains("gt done --escalate -m the tests fail"),
        "{}",
        told(&town)
    );
    assert_eq!(town.git(&["rev-list", "--count", "HEAD"]).text(), "1");

    // Another agent lands what it needs, and the kept worktree gets it.
    let trim = TRIM
        .description
        .split("```diff\n")
        .nth(1)
        .unwrap()
        .trim_end()
        .trim_end_matches("```");
    town.call("git", &["apply"]).stdin(trim).run().ok();
    run(&town, "scribe").ok();
    assert!(told(&town).ends_with("gt done\n"), "{}", told(&town));
}

#[test]
fn scribe_never_runs_what_a_bead_says() {
    let evil = Work {
        description: "$(touch \"$HOME/owned\")\n\n```diff\n`touch $HOME/owned`\n; touch \"$HOME/owned\"\n```\n",
        ..GREET
    };
    let bin = binaries(evil);
    let town = town(&bin);
    run(&town, "scribe").ok();
    assert!(
        told(&town).contains("gt done --escalate -m the diff"),
        "{}",
        told(&town)
    );
    assert!(!town.root().join("home/owned").exists());
}

#[test]
fn scribe_killed_anywhere_starts_again() {
    let bin = binaries(GREET);
    let report = crate::killat::sweep(
        crate::killat::Points::Sample(40),
        || town(&bin),
        |town| {
            let words = command("scribe");
            town.call(&words[0], &words[1..])
        },
        |town, _| {
            // What git itself leaves behind is not the agent's to clear.
            let locked = [
                ".git/index.lock",
                ".git/HEAD.lock",
                ".git/refs/heads/polecat/toast/gt-abc12.lock",
            ];
            if locked.iter().any(|lock| town.repo().join(lock).exists()) {
                return Ok(());
            }
            run(town, "scribe").ok();
            let commits = town.git(&["rev-list", "--count", "HEAD"]);
            match (commits.text(), told(town).ends_with("gt prime\ngt done\n")) {
                ("2", true) => Ok(()),
                (count, _) => Err(format!("{count} commits; {}", told(town))),
            }
        },
    );
    report.assert_clean();
}

#[test]
fn the_log_counts_who_is_at_work() {
    let bin = binaries(GREET);
    let town = town(&bin);
    run(&town, "crash").fails(1);
    let words = command("hang");
    let mut agent = town.call(&words[0], &words[1..]).start();
    town.wait_until(std::time::Duration::from_secs(10), || {
        told(&town).contains("prime")
    });
    let at_work = BTreeMap::from([("gt-abc12".to_owned(), vec![agent.id()])]);
    assert_eq!(town.agents_at_work(), at_work);
    town.kill_all();
    agent.wait().unwrap();
    assert_eq!(town.agents_at_work(), BTreeMap::new());
    let starts: Vec<_> = town.agent_log().iter().map(|entry| entry.start).collect();
    assert_eq!(starts, [true, false, true]);
}

#[test]
fn phase_and_escalate_go_on_where_they_were() {
    for (agent, expected) in [
        ("phase", "gt prime\ngt done --phase\ngt prime\ngt done\n"),
        (
            "escalate",
            "gt prime\ngt done --escalate -m which half?\ngt prime\ngt done\n",
        ),
    ] {
        let bin = binaries(GREET);
        let town = town(&bin);
        run(&town, agent).ok();
        run(&town, agent).ok();
        assert_eq!(told(&town), expected);
        assert_eq!(town.git(&["status", "--porcelain"]).stdout, "");
    }
}

#[test]
fn defer_and_ignore_end_as_they_say() {
    for (agent, expected) in [
        ("defer", "gt prime\ngt done --defer -m to be continued\n"),
        ("ignore", "gt prime\n"),
    ] {
        let bin = binaries(GREET);
        let town = town(&bin);
        run(&town, agent).ok();
        assert_eq!(told(&town), expected);
    }
}

#[test]
fn the_configuration_is_yaml_that_names_real_files() {
    let yaml: serde_yaml::Value = serde_yaml::from_str(&configuration("hang")).unwrap();
    assert_eq!(yaml["default_runtime"], serde_yaml::Value::from("hang"));
    for name in RUNTIMES {
        let words = yaml["runtimes"][name]["command"].as_sequence().unwrap();
        let (prompt, files) = words.split_last().unwrap();
        assert_eq!(prompt, &serde_yaml::Value::from("{prompt}"));
        for file in &files[1..] {
            assert!(Path::new(file.as_str().unwrap()).is_file(), "{file:?}");
        }
    }
    assert_eq!(ALL.len(), 3);
}
