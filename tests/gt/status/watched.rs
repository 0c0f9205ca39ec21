//! The watcher among all of them: it starts what it may, nothing else, and
//! keeps nobody waiting.

use super::*;
use std::io::Write;
use std::time::{Duration, Instant};

/// Hooks of every bad kind, beside that of `toast`.
fn plant_all(town: &Town) {
    bead(town, "gt-two", "Two");
    bead(town, "gt-shut", "Shut");
    town.bd(&["close", "gt-shut"]).ok();
    let two = ("bead: gt-one", "bead: gt-two");
    plant(
        town,
        "app/polecats/a1",
        &[("bead: gt-one", "bead: gt-gone")],
    );
    plant(
        town,
        "app/polecats/a2",
        &[("bead: gt-one", "bead: gt-shut")],
    );
    plant(
        town,
        "app/polecats/a3",
        &[two, ("\nhost: h-", "\nhost: h-x")],
    );
    plant(
        town,
        "app/polecats/a4",
        &[two, ("runtime: hang", "runtime: gone")],
    );
    plant(
        town,
        "app/polecats/a5",
        &[two, ("molecule: null", "molecule: gt-mol-x")],
    );
    plant(town, "app/polecats/a6", &[]);
    plant(town, "other/polecats/a7", &[two]);
    plant(town, "app/polecats/a8", &[two]);
    fs::write(hook_file(town, "app/polecats/a9"), "\u{0}\u{1b}[2J").unwrap();
    fs::create_dir(hook_file(town, "app/polecats/dir")).unwrap();
    fs::write(hook_file(town, "app/polecats/Bad Name"), "x").unwrap();
    let link = hook_file(town, "app/polecats/link");
    std::os::unix::fs::symlink("/dev/zero", link).unwrap();
}

/// Whoever was started, by the agents' own log.
fn started(town: &Town) -> Vec<String> {
    let log = town.agent_log();
    log.into_iter()
        .filter(|it| it.start)
        .map(|it| it.bead)
        .collect()
}

#[test]
fn it_starts_what_was_slung_and_nothing_of_the_rest() {
    let town = rig("hang");
    slung(&town);
    plant_all(&town);
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || started(&town) == ["gt-one"]);
    // Another that arrives among them.
    bead(&town, "gt-new", "New");
    sling(&town, "gt-new", &["--no-spawn"]);
    town.wait_until(LONG, || started(&town) == ["gt-one", "gt-new"]);
    town.wait_until(LONG, || of(&town, TOAST)["state"] == "working");
    let status = town.gt(&["status", "--json"]).fails(5);
    assert!(status.stderr.contains("Bad Name.yaml"), "{status}");
    let status = status.json();
    for shown in status["agents"].as_array().unwrap() {
        let is_well = shown["state"] == "working";
        assert!(is_well || shown["remedy"].is_string(), "{shown}");
    }
    assert!(status["watcher"]["pid"].is_u64());
    assert_eq!(town.agents_at_work().len(), 2);
}

#[test]
fn a_hook_written_slowly_keeps_nobody_waiting_and_starts_nothing_by_halves() {
    let town = rig("hang");
    slung(&town);
    let path = hook_file(&town, TOAST);
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    town.gt(&["up"]).ok();
    bead(&town, "gt-new", "New");
    let mut file = fs::File::create(&path).unwrap();
    let (half, rest) = text.split_at(text.len() / 2);
    file.write_all(half.as_bytes()).unwrap();
    sling(&town, "gt-new", &["--no-spawn"]);
    town.wait_until(LONG, || started(&town) == ["gt-new"]);
    let is_told = || of(&town, TOAST)["state"] == "unreadable";
    town.wait_until(LONG, is_told);
    // Byte by byte, for longer than a broken file is doubted.
    let began = Instant::now();
    for byte in rest.bytes() {
        file.write_all(&[byte]).unwrap();
        std::thread::sleep(Duration::from_micros(500));
    }
    assert!(began.elapsed() > Duration::from_millis(200));
    drop(file);
    town.wait_until(LONG, || started(&town) == ["gt-new", "gt-one"]);
}

#[test]
fn an_editor_that_replaces_the_file_and_a_pull_start_nothing() {
    let town = rig("hang");
    slung(&town);
    bead(&town, "gt-two", "Two");
    town.commit_all("the store");
    town.clone_bare_remote();
    let other = town.second_clone();
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || started(&town) == ["gt-one"]);
    // As vim does it.
    plant(&town, NUX, &[("bead: gt-one", "bead: gt-two")]);
    let path = hook_file(&town, NUX);
    let new = path.with_extension("yaml~");
    fs::copy(&path, &new).unwrap();
    fs::rename(&new, &path).unwrap();
    // As git brings it.
    let text = fs::read_to_string(&path)
        .unwrap()
        .replace(NUX, "app/polecats/slit");
    let pulled = other.join(".beads/hooks/app/polecats/slit.yaml");
    fs::write(pulled, text).unwrap();
    for args in [
        &["add", "--all"][..],
        &["commit", "-qm", "a hook"],
        &["push", "-q"],
    ] {
        town.run_in(&other, "git", args).ok();
    }
    town.git(&["pull", "--quiet", "--rebase", "--autostash"])
        .ok();
    town.wait_until(LONG, || {
        of(&town, "app/polecats/slit")["state"] == "unaccepted"
    });
    town.wait_until(LONG, || of(&town, NUX)["state"] == "unaccepted");
    // It has seen both when it acts on what came later.
    bead(&town, "gt-new", "New");
    sling(&town, "gt-new", &["--no-spawn"]);
    town.wait_until(LONG, || started(&town) == ["gt-one", "gt-new"]);
}
