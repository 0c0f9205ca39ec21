//! Disks that are full or cannot be written to: what was there stays whole.

use super::{create, file, json, town};
use std::path::Path;
use std::process::Command;
use testkit::Town;

/// A mounted file system, gone with this.
pub(crate) struct Mount<'t>(&'t Path);

impl<'t> Mount<'t> {
    pub(crate) fn tmpfs(at: &'t Path, options: &str) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "none"])
            .arg(at)
            .output();
        if mount.is_ok_and(|it| it.status.success()) {
            return Some(Self(at));
        }
        skip("file systems cannot be mounted here");
        None
    }

    pub(crate) fn remount(&self, options: &str) {
        let status = Command::new("mount")
            .args(["-o", &format!("remount,{options}")])
            .arg(self.0)
            .status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Mount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

fn skip(why: &str) {
    eprintln!("SKIPPED: {why}");
}

/// A repository with a store on a file system of its own.
fn repository(town: &Town, at: &Path) {
    town.run_in(at, "git", &["init", "--quiet"]).ok();
    town.run_in(at, "bd", &["init", "-p", "gt"]).ok();
}

#[test]
fn a_full_disk_loses_nothing() {
    let town = town();
    let at = town.root().join("small");
    let Some(_mount) = Mount::tmpfs(&at, "size=400k") else {
        return;
    };
    repository(&town, &at);
    let id = town
        .run_in(&at, "bd", &["q", "First"])
        .ok()
        .text()
        .to_owned();
    let mut created = 1;
    let failed = (0..500).find_map(|n| {
        let long = "x".repeat(3000);
        let answer = town.run_in(&at, "bd", &["create", &format!("{n}"), "-d", &long]);
        created += i32::from(answer.status.success());
        (!answer.status.success()).then_some(answer)
    });
    let failed = failed.expect("400 KiB are full at some time").fails(8);
    assert!(failed.stderr.contains("No space left"), "{failed}");
    assert!(failed.stderr.contains("hint: the disk is full"), "{failed}");
    let long = "y".repeat(20_000);
    let update = ["update", &id, "--design", &long];
    town.run_in(&at, "bd", &update).fails(8);
    town.run_in(&at, "bd", &["comment", &id, &long]).fails(8);
    let count = town.run_in(&at, "bd", &["count", "--json"]).ok().json();
    assert_eq!(count["count"], created);
    let shown = town.run_in(&at, "bd", &["show", &id, "--json"]).ok().json();
    assert_eq!(shown[0]["title"], "First");
    assert_eq!(shown[0]["comments"], serde_json::json!([]));
}

#[test]
fn a_disk_without_inodes_loses_nothing() {
    let town = town();
    let at = town.root().join("small");
    let Some(_mount) = Mount::tmpfs(&at, "size=4m,nr_inodes=120") else {
        return;
    };
    repository(&town, &at);
    let mut created = 0;
    let full = (0..200).any(|n| {
        let answer = town.run_in(&at, "bd", &["q", &format!("{n}")]);
        created += i32::from(answer.status.success());
        !answer.status.success()
    });
    assert!(full);
    let count = town.run_in(&at, "bd", &["count", "--json"]).ok().json();
    assert_eq!(count["count"], created);
}

#[test]
fn a_store_that_is_mounted_read_only() {
    let town = town();
    let at = town.root().join("small");
    let Some(mount) = Mount::tmpfs(&at, "size=4m") else {
        return;
    };
    repository(&town, &at);
    let id = town
        .run_in(&at, "bd", &["q", "First"])
        .ok()
        .text()
        .to_owned();
    mount.remount("ro");
    for words in [
        vec!["list"],
        vec!["show", &id],
        vec!["ready"],
        vec!["where"],
        vec!["stats"],
    ] {
        town.run_in(&at, "bd", &words).ok();
    }
    for words in [
        vec!["create", "Second"],
        vec!["update", &id, "-p", "0"],
        vec!["close", &id],
        vec!["comment", &id, "text"],
        vec!["ready", "--claim"],
    ] {
        let answer = town.run_in(&at, "bd", &words).fails(8);
        assert!(answer.stderr.contains("ead-only file system"), "{answer}");
    }
}

#[test]
fn a_file_that_may_not_be_replaced() {
    let town = town();
    let id = create(&town, &["A"]);
    let folder = file(&town, &id).parent().unwrap().to_owned();
    let chattr = |flag: &str| Command::new("chattr").arg(flag).arg(&folder).output();
    if !chattr("+i").is_ok_and(|it| it.status.success()) {
        return skip("chattr does not work here");
    }
    let update = town.bd(&["update", &id, "-p", "0"]);
    let shown = json(&town, &["show", &id]);
    chattr("-i").unwrap();
    let update = update.fails(8);
    assert!(update.stderr.contains("hint: "), "{update}");
    assert_eq!(shown[0]["priority"], 2);
    town.bd(&["update", &id, "-p", "0"]).ok();
}
