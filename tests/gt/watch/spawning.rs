//! Hooks that appear are worked on.

use super::*;
use crate::gt::life::support::*;
use testkit::work;

#[test]
fn what_is_slung_is_started_and_landed_without_another_command() {
    let town = Town::builder(env!("CARGO_BIN_EXE_gt")).project().build();
    let town = in_rig(town, "scribe");
    town.gt(&["up"]).ok();
    let work = work::GREET;
    town.bd(&[
        "create",
        work.title,
        "--id",
        "gt-one",
        "-d",
        work.description,
    ])
    .ok();
    town.gt(&["sling", "gt-one", "app", "--no-spawn"]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "closed");
    assert!(work.is_done_in(&town.repo()));
    town.wait_until(LONG, || events(&town, "merge_done").len() == 1);
    assert_eq!(starts(&town, "gt-one"), 1);
    town.gt(&["down"]).ok();
    sound(&town);
}

#[test]
fn a_sling_and_the_watcher_never_both_start_it() {
    let town = watched("hang", &[]);
    allow(&town, 40);
    for number in 0..6 {
        let id = bead(&town, &format!("gt-b{number}"), "Work");
        sling(&town, &id, &[]);
    }
    town.wait_until(LONG, || town.agents_at_work().len() == 6);
    town.wait_until(LONG, || events(&town, "agent_started").len() == 6);
    for number in 0..6 {
        assert_eq!(starts(&town, &format!("gt-b{number}")), 1);
    }
}

#[test]
fn more_than_may_run_wait_and_say_why() {
    let town = rig("hang");
    allow(&town, 1);
    town.gt(&["up"]).ok();
    for id in ["gt-one", "gt-two"] {
        bead(&town, id, "Work");
        sling(&town, id, &["--no-spawn"]);
    }
    town.wait_until(LONG, || starts(&town, "gt-one") == 1);
    town.wait_until(LONG, || agent(&town, "gt-two")["state"] == "waiting");
    let waits = agent(&town, "gt-two");
    assert_eq!(waits["why"], "1 of 1 workers run");
    assert!(waits["remedy"].as_str().unwrap().contains("max_polecats"));
    assert_eq!(starts(&town, "gt-two"), 0);
    town.gt(&["release", "gt-one"]).ok();
    town.wait_until(LONG, || starts(&town, "gt-two") == 1);
}

#[test]
fn the_user_may_allow_fewer_than_the_rig_does() {
    let town = rig("hang");
    let path = town.root().join("config.yaml");
    let config = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("max_polecats: 1\n{config}")).unwrap();
    bead(&town, "gt-one", "Work");
    bead(&town, "gt-two", "Work");
    sling(&town, "gt-one", &[]);
    let second = town.gt(&["sling", "gt-two", "app"]).ok();
    assert!(second.stdout.contains("waits: 1 of 1"), "{second}");
    assert!(second.stdout.contains("your own configuration"), "{second}");
    let waits = agent(&town, "gt-two");
    assert_eq!(waits["why"], "1 of 1 workers run");
    let remedy = waits["remedy"].as_str().unwrap();
    assert!(remedy.contains("your own configuration"), "{remedy}");
    town.gt(&["up"]).ok();
    town.gt(&["release", "gt-one"]).ok();
    town.wait_until(LONG, || starts(&town, "gt-two") == 1);
}

#[test]
fn a_runtime_that_is_not_installed_is_tried_again_then_escalated() {
    let town = rig("hang");
    let path = town.root().join("config.yaml");
    let config = fs::read_to_string(&path).unwrap();
    let gone = "  gone:\n    command: [/nowhere/agent]\n";
    fs::write(&path, format!("{config}{gone}")).unwrap();
    settle(&town, &["crash_budget: 2"]);
    bead(&town, "gt-one", "Work");
    let slung = sling(&town, "gt-one", &["--no-spawn"]);
    // Named by the hook, which its ticket covers: so both are changed.
    let hook = fs::read_to_string(hook_file(&town, &slung.agent)).unwrap();
    assert!(hook.contains("runtime: hang"));
    fs::write(&path, config.replace("  hang:", "  other:")).unwrap();
    settle(&town, &["crash_budget: 2"]);
    town.gt(&["up"]).ok();
    town.wait_until(LONG, || status(&town, "gt-one") == "escalated");
    // The bead is first, and then its hook says why.
    town.wait_until(LONG, || {
        let why = agent(&town, "gt-one")["why"].to_string();
        why.contains("2 times in a row") && why.contains("hang")
    });
}

#[test]
fn one_that_ends_at_once_is_started_no_more_often_than_is_allowed() {
    let town = rig("hang");
    let (path, began) = (town.root().join("config.yaml"), town.root().join("began"));
    let script = format!("date \"+$GT_BEAD %s.%N\" >>{}; exit 3", began.display());
    let quits = format!("  quits:\n    command: [sh, -c, '{script}']\n");
    let config = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{config}{quits}")).unwrap();
    settle(&town, &["crash_budget: 2"]);
    allow(&town, 40);
    town.gt(&["up"]).ok();
    // Whoever slings is slow at every lock, so that the watcher is quicker.
    let slow = "inject=flock:delay_enter=100000";
    let slow = ["-qq", "-o", "/dev/null", "-e", "trace=flock", "-e", slow];
    if !town
        .call("strace", &[&slow[..], &["true"]].concat())
        .run()
        .status
        .success()
    {
        println!("SKIPPED: strace can delay nothing here");
        return;
    }
    for id in ["gt-one", "gt-two"] {
        bead(&town, id, "Work");
        let sling = ["gt", "sling", id, "app", "--agent", "quits"];
        let slung = town.call("strace", &[&slow[..], &sling].concat()).run();
        let says_so = slung.stderr.contains("ended at once");
        assert!(says_so || slung.status.success(), "{slung}");
        town.wait_until(LONG, || status(&town, id) == "escalated");
        let began = fs::read_to_string(&began).unwrap();
        let times = began.lines().filter_map(|line| line.strip_prefix(id));
        let times: Vec<f64> = times.map(|it| it.trim().parse().unwrap()).collect();
        let [first, second] = times[..] else {
            panic!("as often as the budget allows: {began}");
        };
        assert!(second - first > 0.9, "not before its pause is over");
    }
}

#[test]
fn what_the_watcher_is_about_to_do_nobody_is_told_to_do() {
    let town = watched("hang", &[]);
    let watcher = pid(&town);
    signal("-STOP", watcher);
    bead(&town, "gt-one", "Work");
    sling(&town, "gt-one", &["--no-spawn"]);
    let shown = agent(&town, "gt-one");
    signal("-CONT", watcher);
    assert_eq!(shown["state"], "waiting");
    assert_eq!(shown["why"], "the watcher is about to start its worker");
    assert_eq!(shown["remedy"], Value::Null);
    town.wait_until(LONG, || starts(&town, "gt-one") == 1);
}
