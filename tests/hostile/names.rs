//! Names are checked before they become paths, arguments or references.

use std::os::unix::fs::symlink;

use super::support::*;
use testkit::{Output, Town};

/// Each refused, or no such thing: never a path, an option or a process.
#[test]
fn names_that_would_leave_the_store() {
    let town = rig();
    let before = outside(&town);
    let evil = [
        "../../../evil",
        "gt-../x",
        "gt-a/../../b",
        "/etc/passwd",
        "--output=/tmp/x",
        "gt-\u{202e}abc",
        "app/../../evil",
        "app/polecats/../../../evil",
        "deacon/dogs/../x",
        "gt-one\0x",
        "gt-one\nx",
        "",
    ];
    for name in evil.iter().filter(|name| !name.contains('\0')) {
        for args in [
            &["show", "--", name][..],
            &["sling", "gt-one", "--", name],
            &["sling", "--no-spawn", "--", name],
            &["hook", "--", name],
            &["hook", "accept", "--", name],
            &["logs", "--", name],
            &["polecat", "nuke", "--", name],
            &["release", "--", name],
            &["mail", "send", "-s", "x", "-m", "x", "--", name],
        ] {
            let output = town.gt(args);
            assert!(!output.status.success(), "{output}");
            assert_ne!(output.status.code(), Some(101), "{output}");
        }
        let created = town.bd(&["create", "x", "--id", name]);
        assert!(!created.status.success(), "{created}");
    }
    assert_eq!(outside(&town), before);
    silent(&town);
}

/// What lies beside the store and the repository.
pub(super) fn outside(town: &Town) -> Vec<String> {
    let mut names = Vec::new();
    for folder in [
        town.root().to_owned(),
        town.repo(),
        town.root().join("home"),
    ] {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            names.push(entry.path().display().to_string());
        }
    }
    names.sort();
    names
}

/// A rig in which this path of the store leads out of it, to a secret.
pub(super) fn linked(link: &str) -> Town {
    let secret = "format: 1\n\nid: gt-two\n\ntitle: \"SECRET\"\n";
    let town = rig();
    let elsewhere = town.root().join("elsewhere");
    std::fs::create_dir_all(&elsewhere).expect("it can be made");
    std::fs::write(elsewhere.join("gt-two.yaml"), secret).expect("it can be made");
    let target = if link.ends_with(".yaml") {
        elsewhere.join("gt-two.yaml")
    } else {
        elsewhere
    };
    let path = town.repo().join(link);
    if path.is_dir() {
        std::fs::remove_dir_all(&path).expect("it can be made");
    }
    std::fs::create_dir_all(path.parent().expect("has one")).expect("made");
    symlink(target, &path).expect("it can be made");
    town.commit_all("links");
    town
}

/// That the secret was not shown, and nothing was written beside it.
#[track_caller]
pub(super) fn stayed_inside(town: &Town, outputs: &[Output]) {
    for output in outputs {
        assert!(!output.stdout.contains("SECRET"), "{output}");
    }
    let there = std::fs::read_dir(town.root().join("elsewhere")).expect("it can be made");
    let there: Vec<_> = there.flatten().collect();
    assert_eq!(there.len(), 1, "{there:?}");
}

/// Links that arrive by git are neither followed nor written through.
#[test]
fn links_are_refused() {
    for link in [
        ".beads/beads/t/gt-two.yaml",
        ".beads/beads/t",
        ".beads/hooks",
        ".beads/mail",
        ".beads/comments",
    ] {
        let town = linked(link);
        let mut outputs = every_look(&town);
        outputs.push(town.gt(&["sling", "gt-one", "app/toast", "--no-spawn"]));
        outputs.push(town.bd(&["comment", "gt-one", "hello"]));
        outputs.push(town.gt(&["mail", "send", "mayor", "-s", "x", "-m", "x"]));
        stayed_inside(&town, &outputs);
        silent(&town);
    }
}

/// Values of the tracked configuration that would reach git.
#[test]
fn a_configuration_that_would_be_an_option_or_a_command() {
    let command = |town: &Town| canary(town, "");
    for line in [
        "remote: \"--upload-pack=CANARY\"",
        "remote: \"ext::CANARY\"",
        "remote: \"-oProxyCommand=CANARY\"",
        "remote: \"/tmp/x.git\"",
        "target: \"--exec=CANARY\"",
        "target: \"-x\"",
        "target: \"refs/heads/main\"",
        "target: \"main:evil\"",
        "runtimes:\n  canary:\n    command: [CANARY]",
        "gates:\n  app:\n    - name: x\n      command: [CANARY]",
        "notify:\n  command: [CANARY]",
    ] {
        let town = rig();
        let key = line.split(':').next().unwrap_or_default();
        let config = town.read(".beads/config.yaml");
        let kept: Vec<&str> = config
            .lines()
            .filter(|it| !it.starts_with(&format!("{key}:")))
            .collect();
        let line = line.replace("CANARY", &command(&town));
        town.write(
            ".beads/config.yaml",
            &format!("{}\n{line}\n", kept.join("\n")),
        );
        town.commit_all("configuration");
        every_look(&town);
        town.gt(&["sling", "gt-one", "app/toast", "--no-spawn"]);
        town.gt(&["done"]);
        silent(&town);
    }
}

/// Remotes whose URL would run something, in the clone's own configuration.
#[test]
fn urls_that_would_run_something() {
    for url in [
        "ext::CANARY",
        "--upload-pack=CANARY",
        "ssh://-oProxyCommand=CANARY/x",
    ] {
        let town = rig();
        let url = url.replace("CANARY", &canary(&town, ""));
        town.git(&["config", "remote.origin.url", &url]);
        town.git(&[
            "config",
            "remote.origin.fetch",
            "+refs/heads/*:refs/remotes/origin/*",
        ]);
        town.git(&["config", "protocol.ext.allow", "always"]);
        every_look(&town);
        town.gt(&["sling", "gt-one", "overseer"]).ok();
        town.git(&["commit", "--quiet", "--allow-empty", "-m", "work"]);
        town.gt(&["done", "--all"]);
        town.gt(&["refinery", "run"]);
        silent(&town);
    }
    let town = rig();
    let url = format!("ext::{}", canary(&town, ""));
    town.call(
        "git",
        &["-c", "protocol.ext.allow=always", "ls-remote", &url],
    )
    .run();
    sings(&town);
}

/// What looks like a git folder can be tracked, with what looks like a marker.
#[test]
fn a_folder_that_came_with_the_files_leads_to_no_other_store() {
    let town = rig();
    let victim = town.root().join("victim/.beads");
    std::fs::create_dir_all(&victim).expect("made");
    let config = town.read(".beads/config.yaml");
    std::fs::write(victim.join("config.yaml"), config).expect("written");
    for file in ["HEAD", "objects/x", "refs/x"] {
        town.write(format!("sub/{file}"), "ref: refs/heads/main\n");
    }
    for store in [
        victim.display().to_string(),
        "../../victim/.beads".to_owned(),
    ] {
        town.write("sub/plaintown", &format!("store: {store}\nagent: mayor\n"));
        for args in [&["create", "x"][..], &["list"], &["where"]] {
            let output = town.call("bd", args).dir(town.repo().join("sub")).run();
            assert_eq!(output.status.code(), Some(6), "{output}");
        }
    }
    assert_eq!(std::fs::read_dir(&victim).expect("listed").count(), 1);
    silent(&town);
}

/// What git tracks may be a link to anything; looking does not follow it.
#[test]
fn the_doctor_reads_no_device() {
    let town = rig();
    for name in [".gitattributes", ".gitignore"] {
        let path = town.repo().join(".beads").join(name);
        let _ = std::fs::remove_file(&path);
        symlink("/dev/zero", &path).expect("linked");
    }
    let limit = std::time::Duration::from_secs(20);
    for args in [&["doctor"][..], &["doctor", "--fix"]] {
        let output = town.call("gt", args).limit(limit).run();
        assert!(output.status.code().is_some(), "{output}");
        assert!(output.text().contains(".gitattributes"), "{output}");
    }
    silent(&town);
}
