//! A file that may not be read keeps nobody else waiting, and is told.

use super::*;
use crate::gt::life::support::*;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use testkit::Call;

/// Runs the rest as somebody whom permissions stop, also where the tests are
/// root's.
const STOPPED: &str = r#"
[ "$(id -u)" != 0 ] || set -- setpriv --bounding-set=-dac_override,-dac_read_search "$@"
exec "$@"
"#;

fn call(town: &Town, argv: &[&str]) -> Call {
    town.call("sh", &[&["-c", STOPPED, "sh"], argv].concat())
}

/// Says whether it could be kept from being read.
fn deny(town: &Town, path: &Path) -> bool {
    allow_all(path, 0);
    let looked = call(town, &["ls", "-R", &path.to_string_lossy()]).run();
    let read = call(town, &["cat", &path.to_string_lossy()]).run();
    let is_denied = [looked, read].iter().any(|it| it.stderr.contains("denied"));
    if !is_denied {
        println!("SKIPPED: nothing can be kept from being read here");
        allow_all(path, 0o700);
    }
    is_denied
}

fn allow_all(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Whether the watcher told of it.
fn is_told(town: &Town, path: &Path) -> bool {
    let what = format!("{}: cannot be read: Permission denied", path.display());
    let says = |it: &Value| it["what"].as_str().unwrap().starts_with(&what);
    events(town, "problem").iter().any(says)
}

#[test]
fn one_hook_that_may_not_be_read_keeps_no_other_waiting() {
    let town = rig("hang");
    for (id, agent) in [("gt-one", "app/alfa"), ("gt-two", "app/zulu")] {
        bead(&town, id, "Work");
        sling(&town, id, &[agent, "--no-spawn"]);
    }
    let hook = hook_file(&town, "app/polecats/alfa");
    if !deny(&town, &hook) {
        return;
    }
    let mut child = call(&town, &["gt", "up", "--foreground"]).start();
    town.wait_until(LONG, || starts(&town, "gt-two") == 1);
    town.wait_until(LONG, || is_told(&town, &hook));
    let shown = call(&town, &["gt", "status"]).run();
    assert!(shown.stdout.contains("Permission denied"), "{shown}");
    assert!(shown.stdout.contains("app/polecats/zulu"), "{shown}");
    // It is heard when it may be read again.
    allow_all(&hook, 0o600);
    town.wait_until(LONG, || starts(&town, "gt-one") == 1);
    assert_eq!(starts(&town, "gt-two"), 1);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_folder_that_may_not_be_listed_is_told_and_the_others_are_seen() {
    let town = rig("hang");
    bead(&town, "gt-one", "Work");
    bead(&town, "gt-two", "Work");
    sling(&town, "gt-two", &["--no-spawn"]);
    let folder = town.repo().join(".beads/beads/o");
    if !deny(&town, &folder) {
        return;
    }
    let mut child = call(&town, &["gt", "up", "--foreground"]).start();
    town.wait_until(LONG, || starts(&town, "gt-two") == 1);
    town.wait_until(LONG, || is_told(&town, &folder));
    let lock = town.git_dir().join("plaintown/locks/watcher.lock");
    let is_ready = || fs::read_to_string(&lock).is_ok_and(|text| text.contains("ready"));
    town.wait_until(LONG, is_ready);
    allow_all(&folder, 0o700);
    sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || starts(&town, "gt-one") == 1);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_bead_that_may_not_be_read_is_a_problem_beside_the_others() {
    let town = rig("hang");
    bead(&town, "gt-one", "First");
    bead(&town, "gt-two", "Second");
    for path in [".beads/beads/o/gt-one.yaml", ".beads/beads/o"] {
        let path = town.repo().join(path);
        if !deny(&town, &path) {
            return;
        }
        let list = call(&town, &["bd", "list"]).run().fails(5);
        assert!(list.stdout.contains("Second"), "{list}");
        assert!(list.stderr.contains("Permission denied"), "{list}");
        assert!(list.stderr.contains(&*path.to_string_lossy()), "{list}");
        allow_all(&path, 0o700);
    }
}
