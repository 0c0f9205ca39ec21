use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

/// A folder whose `bd` prints its environment.
fn binaries() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let bd = folder.path().join("bd");
    fs::write(&bd, "#!/bin/sh\necho \"$@\"; env\n").unwrap();
    fs::set_permissions(&bd, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn commands_see_only_the_town() {
    let bin = binaries();
    let mut town = Town::new(bin.path().join("bd"));
    town.at("2026-01-15T10:30:00Z").seed(7);
    let answer = town.bd(&["create", "x y"]).ok().stdout;
    let root = town.root().display();
    for line in [
        "create x y".to_owned(),
        format!("HOME={root}/home"),
        format!("PLAINTOWN_CONFIG={root}/config.yaml"),
        "PLAINTOWN_NOW=2026-01-15T10:30:00Z".to_owned(),
        "PLAINTOWN_SEED=7".to_owned(),
    ] {
        assert!(
            answer.lines().any(|found| found == line),
            "{line} in {answer}"
        );
    }
    assert!(!answer.contains("CARGO"), "{answer}");
}

#[test]
fn the_first_commit_is_always_the_same() {
    let head = |town: Town| town.git(&["rev-parse", "HEAD"]).stdout;
    let plain = head(Town::new("/bin/sh"));
    assert_eq!(
        plain,
        head(Town::builder("/bin/sh").without_identity().build())
    );
    assert_ne!(plain, head(Town::builder("/bin/sh").project().build()));
}

#[test]
fn without_a_commit_or_identity() {
    let town = Town::builder("/bin/sh")
        .without_commit()
        .without_identity()
        .build();
    assert_eq!(town.git(&["branch", "--all"]).stdout, "");
    town.call("git", &["config", "user.name"]).run().fails(1);
}

#[test]
fn two_developers_share_a_remote() {
    let town = Town::new("/bin/sh");
    let remote = town.clone_bare_remote();
    town.write("deep/file.txt", "text");
    let commit = town.commit_all("a file");
    town.git(&["push", "--quiet"]);
    let second = town.second_clone();
    assert_eq!(
        fs::read_to_string(second.join("deep/file.txt")).unwrap(),
        "text"
    );
    let head = town.run_in(&remote, "git", &["rev-parse", "main"]).ok();
    assert_eq!(head.text(), commit);
    assert_eq!(town.git_dir(), town.repo().join(".git"));
}

#[test]
fn a_dropped_town_leaves_no_process() {
    let town = Town::new("/bin/sh");
    let other = Town::new("/bin/sh");
    let script = "setsid sleep 60 >/dev/null 2>&1 & echo $!";
    let pid = town.call("sh", &["-c", script]).run().ok();
    let pid: u32 = pid.text().parse().unwrap();
    town.wait_until(Duration::from_secs(30), || !town.processes().is_empty());
    assert!(other.processes().is_empty());
    drop(town);
    let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "{state}");
}
