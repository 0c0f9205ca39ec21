//! Without being told by the kernel it looks.

use super::*;
use crate::gt::life::support::*;

#[test]
fn polling_finds_what_is_slung() {
    let town = watched("hang", &["poll: true"]);
    bead(&town, "gt-one", "Work");
    sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || starts(&town, "gt-one") == 1);
}

#[test]
fn where_there_is_no_inotify_it_says_so_and_looks() {
    let town = rig("hang");
    let script = "echo 0 >/proc/sys/user/max_inotify_instances && exec gt up --foreground";
    let mut child = town
        .call(
            "unshare",
            &["--user", "--map-root-user", "sh", "-c", script],
        )
        .start();
    let told = || {
        let problems = events(&town, "problem");
        problems
            .iter()
            .any(|it| it["remedy"] == "looking every second instead")
    };
    let started = std::time::Instant::now();
    while !told() && started.elapsed() < LONG {
        // A machine without user namespaces cannot show this.
        if child.try_wait().unwrap().is_some() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    bead(&town, "gt-one", "Work");
    sling(&town, "gt-one", &["--no-spawn"]);
    town.wait_until(LONG, || starts(&town, "gt-one") == 1);
    let said = events(&town, "problem").len();
    assert_eq!(said, 1, "once");
    child.kill().unwrap();
    child.wait().unwrap();
}
