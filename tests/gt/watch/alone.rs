//! Exactly one watcher in a clone.

use super::*;
use crate::gt::life::support::*;
use testkit::Call;

/// The processes of this town that watch.
fn watchers(town: &Town) -> Vec<u32> {
    let is_one = |pid: &u32| {
        let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.contains("up\0--foreground")
    };
    town.processes().into_iter().filter(is_one).collect()
}

#[test]
fn of_eight_started_together_one_remains() {
    let town = rig("hang");
    let calls = vec![town.call("gt", &["up", "--json"]); 8];
    let pids: Vec<_> = Call::race(&calls)
        .into_iter()
        .map(|output| output.ok().json()["pid"].as_u64().unwrap())
        .collect();
    assert!(pids.iter().all(|pid| *pid == pids[0]), "{pids:?}");
    town.wait_until(LONG, || watchers(&town).len() == 1);
    assert_eq!(u64::from(watchers(&town)[0]), pids[0]);
    let second = town.gt(&["up"]).ok();
    assert!(
        second.text().starts_with("The watcher runs already"),
        "{second}"
    );
    let other = town.gt(&["up", "--foreground"]);
    says(other, 7, &["a watcher is at work in this clone already"]);
    town.gt(&["down"]).ok();
    assert_eq!(watchers(&town), [0; 0]);
}

#[test]
fn one_whose_lock_was_taken_away_stops() {
    let town = watched("hang", &["poll: true"]);
    let first = pid(&town);
    fs::remove_file(town.repo().join(".git/plaintown/locks/watcher.lock")).unwrap();
    town.wait_until(LONG, || !town.processes().contains(&first));
    let log = town.repo().join(".git/plaintown/logs/watcher.log");
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("watcher.lock was replaced"), "{log}");
}

#[test]
fn it_stops_when_asked_in_the_foreground() {
    let town = rig("hang");
    let mut child = town.call("gt", &["up", "--foreground"]).start();
    let lock = town.repo().join(".git/plaintown/locks/watcher.lock");
    let is_ready = || fs::read_to_string(&lock).is_ok_and(|text| text.ends_with("ready\n"));
    town.wait_until(LONG, is_ready);
    let asked = std::process::Command::new("kill")
        .arg(child.id().to_string())
        .status();
    assert!(asked.unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[test]
fn one_that_is_stopping_ends_one_merge_and_is_followed_by_another() {
    let town = rig("ignore");
    let (began, go) = (town.root().join("began"), town.root().join("go"));
    let gate = format!(
        "echo x >>{}; while ! test -e {}; do sleep 0.05; done",
        began.display(),
        go.display()
    );
    let path = town.root().join("config.yaml");
    let config = fs::read_to_string(&path).unwrap();
    let gates = format!("gates:\n  app:\n    - name: slow\n      command: [sh, -c, '{gate}']\n");
    fs::write(&path, format!("{config}{gates}")).unwrap();
    for id in ["gt-one", "gt-two"] {
        bead(&town, id, "Work");
        let slung = idle(&town, id);
        slung.commit(&town, &format!("{id}.txt"));
        slung.gt(&town, &["done"]).ok();
    }
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || began.exists());
    let first = pid(&town);
    signal("-TERM", first);
    town.wait_until(LONG, || {
        town.gt(&["status"])
            .ok()
            .stdout
            .contains("Watcher: stopping")
    });
    let next = town.call("gt", &["up"]).start();
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert_eq!(watchers(&town), [first], "it waits for the first one's end");
    // From now on the second merge would need another go.
    fs::write(&go, "").unwrap();
    town.wait_until(LONG, || !town.processes().contains(&first));
    let output = next.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_ne!(pid(&town), first);
    town.wait_until(LONG, || status(&town, "gt-two") == "closed");
}
