//! A fresh session that goes on with the same work.

use super::*;
use std::collections::BTreeSet;

/// Hands off once, as what it runs says, then waits.
fn hands_off(command: &str) -> String {
    let script = format!(
        "gt prime >>\"$HOME/primed\"; if [ ! -e \"$HOME/once\" ]; then touch \"$HOME/once\"; {command} >\"$HOME/said\"; fi; exec sleep 600"
    );
    let words = format!("[sh, -c, '{script}', x, '{{prompt}}']");
    format!(
        "default_runtime: tired\nruntimes:\n  tired:\n    command: {words}\n    interactive: {words}\n"
    )
}

fn primed(town: &Town) -> String {
    fs::read_to_string(town.root().join("home/primed")).unwrap_or_default()
}

fn primes(town: &Town) -> usize {
    primed(town).matches("You are app/polecats/toast").count()
}

/// The leaders of sessions that were started for the agent and run.
fn workers(town: &Town) -> BTreeSet<u32> {
    let is_worker = |pid: &u32| {
        let env = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let rest: Vec<_> = stat.rsplit(')').next().unwrap_or("").split(' ').collect();
        let leads = rest.get(4).is_some_and(|it| *it == pid.to_string());
        leads && String::from_utf8_lossy(&env).contains("GT_SESSION=app/polecats/toast")
    };
    town.processes().into_iter().filter(is_worker).collect()
}

/// That one fresh session goes on, which knows the note.
#[track_caller]
fn goes_on(town: &Town) {
    town.wait_until(LONG, || primes(town) == 2);
    let second = primed(town).rsplit("You are ").next().unwrap().to_owned();
    assert!(
        second.contains("Handed off with:\n  half is done\n"),
        "{second}"
    );
    town.wait_until(LONG, || workers(town).len() == 1);
    let recorded = pid(town, "app/polecats/toast");
    assert_eq!(workers(town), BTreeSet::from([recorded]));
    assert_eq!(field(town, "gt-one", "attempt"), "1");
    assert_eq!(status(town, "gt-one"), "in_progress");
    sound(town);
}

#[test]
fn an_agent_hands_off_and_a_fresh_one_goes_on_without_a_watcher() {
    for kind in ["process", "tmux"] {
        let town = rig("hang");
        town.config(&hands_off("gt handoff -m \"half is done\""));
        bead(&town, "gt-one", "One");
        sling(&town, "gt-one", &["--session", kind]);
        goes_on(&town);
        let said = fs::read_to_string(town.root().join("home/said")).unwrap();
        assert!(said.contains("your session ends now"), "{kind}: {said}");
        let comments = town.gt(&["show", "gt-one"]).ok().stdout;
        assert!(comments.contains("HANDOFF: half is done"), "{comments}");
    }
}

#[test]
fn it_counts_as_no_crash() {
    let town = rig("hang");
    let settings = "watcher:\n  crash_budget: 1\n";
    let config = hands_off("gt handoff -m \"half is done\"");
    town.config(&format!("{settings}{config}"));
    town.gt(&["up"]).ok();
    bead(&town, "gt-one", "One");
    sling(&town, "gt-one", &["--no-spawn"]);
    goes_on(&town);
    town.gt(&["down"]).ok();
}

#[test]
fn a_person_hands_off_for_it() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
    let first = pid(&town, &slung.agent);
    let answer = town.gt(&["handoff", "gt-one", "-m", "try again"]).ok();
    assert!(answer.stdout.contains("a fresh session"), "{answer}");
    assert_ne!(pid(&town, &slung.agent), first);
    assert!(!town.processes().contains(&first));
    town.wait_until(LONG, || town.agents_at_work().len() == 1);
    let starts = town.agent_log().iter().filter(|it| it.start).count();
    assert_eq!(starts, 2);
    assert_eq!(town.agents_beside_each_other(|pid| pid == first), [""; 0]);
    sound(&town);
}

#[test]
fn what_was_killed_on_the_way_is_completed() {
    let again: &[&str] = &["sling", "gt-one", "app/polecats/toast"];
    let completions = [again, &["doctor", "--fix"]];
    for completion in completions {
        let town = rig("hang");
        bead(&town, "gt-one", "One");
        let slung = sling(&town, "gt-one", &[]);
        town.wait_until(LONG, || status(&town, "gt-one") == "in_progress");
        let first = pid(&town, &slung.agent);
        // As a killed one leaves it that had marked the session.
        let path = format!(".git/plaintown/sessions/{}.yaml", slung.agent);
        let marked = town
            .read(&path)
            .replace("handoff: null", "handoff: 2026-01-15T10:00:00Z");
        town.write(&path, &marked);
        let told = town.gt(&["status"]).ok().stdout;
        let remedy = format!("`gt {}`", again.join(" "));
        assert!(told.contains(&remedy), "{told}");
        town.gt(completion).ok();
        town.wait_until(LONG, || {
            pid_if_any(&town, &slung.agent).is_some_and(|it| it != first)
        });
        town.wait_until(LONG, || town.agents_at_work().len() == 1);
        assert!(!town.processes().contains(&first));
        sound(&town);
    }
}

fn pid_if_any(town: &Town, agent: &str) -> Option<u32> {
    of_session(town, agent, "process")?
        .split(':')
        .nth(1)?
        .parse()
        .ok()
}

#[test]
fn where_there_is_nothing_to_hand_off_it_says_so() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let refused = changes_nothing(&town, || town.gt(&["handoff", "gt-one", "-m", "x"]));
    says(refused, 4, &["no worker of this clone has it"]);
    says(town.gt(&["handoff"]), 3, &["nothing is on the hook"]);
    town.gt(&["hook", "gt-one"]).ok();
    let refused = changes_nothing(&town, || town.gt(&["handoff", "-m", "x"]));
    says(refused, 4, &["nobody starts sessions of overseer"]);
}
