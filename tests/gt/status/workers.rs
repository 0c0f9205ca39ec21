//! Workers that fork, become daemons, close their input, or come too late.

use super::*;

/// A rig whose agent is this script.
fn scripted(script: &str) -> Town {
    let town = rig("hang");
    let path = town.root().join("agent.sh");
    fs::write(&path, script).unwrap();
    town.config(&format!(
        "default_runtime: own\nruntimes:\n  own:\n    command: [sh, {path:?}]\n"
    ));
    bead(&town, "gt-one", "One");
    town
}

/// Begins, and leaves a process behind that goes on.
const FORKS: &str = "gt prime >/dev/null\nsleep 600 &\nsleep 0.2\nexit 3\n";

/// The same, with a session of its own.
const DAEMON: &str = "gt prime >/dev/null\nsetsid sh -c 'sleep 600; true' &\nsleep 0.2\nexit 3\n";

#[test]
fn what_an_ended_worker_left_is_shown_and_stopped() {
    for script in [FORKS, DAEMON] {
        let town = scripted(script);
        sling(&town, "gt-one", &[]);
        ended(&town, TOAST);
        let shown = shows(&town, TOAST, "backing_off", "its worker has left process");
        assert_eq!(command(&shown), "gt doctor --fix");
        assert!(!town.processes().is_empty());
        heed(&town, &shown).ok();
        assert_eq!(town.processes(), Vec::<u32>::new());
        let why = of(&town, TOAST)["why"].as_str().unwrap().to_owned();
        assert!(!why.contains("left"), "{why}");
    }
}

#[test]
fn what_an_ended_worker_left_never_goes_on_beside_the_next() {
    let town = scripted(DAEMON);
    let answer = town.gt(&["sling", "gt-one", "app", "--json"]).ok().json();
    let first = placed(&answer["slung"][0]);
    ended(&town, TOAST);
    let left = town.processes();
    assert!(!left.is_empty());
    town.config("default_runtime: own\nruntimes:\n  own:\n    command: [sleep, '600']\n");
    town.gt(&["sling", "gt-one", "app/toast"]).ok();
    let now = town.processes();
    assert!(
        now.iter().all(|pid| !left.contains(pid)),
        "{left:?} {now:?}"
    );
    // Beside the worker there is who keeps its log.
    assert_eq!(now.len(), 2);
    town.gt(&["release", "gt-one"]).ok();
    assert_eq!(town.processes(), Vec::<u32>::new());
    assert!(first.worktree.is_dir());
}

#[test]
fn a_daemon_goes_with_its_bead() {
    let town = scripted(&DAEMON.replace("exit 3", "sleep 600"));
    sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || town.processes().len() >= 4);
    town.gt(&["release", "gt-one"]).ok();
    assert_eq!(town.processes(), Vec::<u32>::new());
}

#[test]
fn a_dead_worker_that_nobody_looks_after_has_a_remedy() {
    let town = scripted("gt prime >/dev/null\nexit 3\n");
    town.gt(&["sling", "gt-one", "app"]);
    ended(&town, TOAST);
    let shown = shows(&town, TOAST, "backing_off", "its worker ended");
    assert_eq!(command(&shown), format!("gt sling gt-one {TOAST}"));
    let remedy = shown["remedy"].as_str().unwrap();
    assert!(remedy.contains("`gt up`"), "{remedy}");
    town.config("default_runtime: own\nruntimes:\n  own:\n    command: [sleep, '600']\n");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, TOAST)["state"], "working");
}

#[test]
fn one_that_closes_its_input_works_on() {
    let town = scripted(
        "exec <&-\ngt prime >/dev/null || exit 1\necho x >new\ngit add new && git commit -qm new || exit 1\ngt done\n",
    );
    sling(&town, "gt-one", &[]);
    wait_for(&town, "gt-one", "completed");
    sound(&town);
}

#[test]
fn done_after_the_bead_was_given_to_another_is_refused_and_changes_nothing() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let first = idle(&town, "gt-one");
    let late = first.call(&town, "gt", &["done"]);
    first.commit(&town, "work");
    town.gt(&["release", "gt-one"]).ok();
    let second = sling(&town, "gt-one", &["app/nux", "--no-spawn"]);
    assert_eq!(second.agent, NUX);
    let hints = ["this attempt of app/polecats/toast is over", "stop here"];
    changes_nothing(&town, || says(late.run(), 4, &hints));
    for more in [&["--no-mr"][..], &["--defer"], &["--escalate", "-m", "why"]] {
        let args = [&["done"], more].concat();
        let call = first.call(&town, "gt", &args);
        let call = call.env("GT_ATTEMPT", "1-k3x9k3x9");
        changes_nothing(&town, || says(call.run(), 4, &hints));
    }
    assert_eq!(field(&town, "gt-one", "assignee"), NUX);
    assert_eq!(of(&town, NUX)["state"], "waiting");
}

#[test]
fn a_worker_that_runs_on_after_its_bead_was_taken_is_shown_and_stopped() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    // As if the release had been killed before it stopped the worker.
    fs::remove_file(hook_file(&town, TOAST)).unwrap();
    fs::remove_file(ticket_file(&town, TOAST)).unwrap();
    let text = bead_file(&town, "gt-one");
    let text = text.replace("status: in_progress", "status: open");
    let text = text.replace(&format!("assignee: {TOAST}"), "assignee: null");
    town.write(".beads/beads/o/gt-one.yaml", &text);
    let shown = shows(&town, TOAST, "over", "its worker still runs");
    heed(&town, &shown).ok();
    assert_eq!(of(&town, TOAST), Value::Null);
    assert!(town.agents_at_work().is_empty());
}

#[test]
fn one_that_prints_without_end_is_shown_with_what_was_put_aside() {
    let town = scripted("gt prime >/dev/null\nyes\n");
    let path = town.root().join("config.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("log_limit: 64K\n{text}")).unwrap();
    sling(&town, "gt-one", &[]);
    let is_full = || of(&town, TOAST)["why"].is_string();
    town.wait_until(LONG, is_full);
    let shown = shows(&town, TOAST, "working", "it has filled its log");
    let aside = shown["why"].as_str().unwrap().split(" is in ").nth(1);
    let aside = fs::metadata(aside.unwrap()).expect("it is where it says");
    assert!((1..=64 << 10).contains(&aside.len()));
    assert!(heed(&town, &shown).ok().stdout.contains("y\ny\n"));
    let remedy = shown["remedy"].as_str().unwrap();
    assert!(remedy.contains("`log_limit`"), "{shown}");
    assert!(!remedy.contains("gt release"), "it is not ill: {shown}");
    town.gt(&["release", "gt-one"]).ok();
    assert_eq!(town.processes(), Vec::<u32>::new());
}

#[test]
fn one_that_ended_is_started_again_as_it_says() {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    idle(&town, "gt-one");
    let shown = shows(&town, TOAST, "backing_off", "ended without `gt done`");
    heed(&town, &shown);
    let ended = || super::super::life::support::ended(&town, "gt-one");
    town.wait_until(LONG, || ended() == 2);
    assert_eq!(field(&town, "gt-one", "attempt"), "1");
}
