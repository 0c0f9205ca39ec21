//! Processes that nobody waits for any more.

use super::{repaired, with_hook};
use crate::gt::life::support::*;
use std::fs;
use testkit::{Call, Town};

/// A process of an attempt, as its worker would have left it.
fn left(town: &Town, slung: &Slung, seconds: &str) -> Call {
    let nonce = on_hook(town, &slung.agent, "nonce").expect("it has one");
    slung
        .call(town, "sleep", &[seconds])
        .env("GT_SESSION", format!("{}@{nonce}", slung.agent))
        .env("GT_ROOT", town.repo())
}

#[test]
fn a_process_of_work_that_was_taken_away() {
    let (town, slung) = with_hook();
    let left = left(&town, &slung, "60");
    sound(&town);
    town.gt(&["release", "gt-one"]).ok();
    // Begun when the release had already looked for what is left.
    let mut left = left.start();
    repaired(&town, &["attempt 1 at gt-one left behind"]);
    let status = left.wait().unwrap();
    assert!(!status.success(), "it was stopped: {status}");
}

#[test]
fn what_is_just_ending_was_not_left_behind() {
    let (town, slung) = with_hook();
    let ending = left(&town, &slung, "0.3");
    town.gt(&["release", "gt-one"]).ok();
    let mut ending = ending.start();
    town.gt(&["doctor"]).ok();
    assert!(ending.wait().unwrap().success(), "it ended by itself");
}

/// The first processes of a container are in a session that began outside.
#[test]
fn a_process_of_a_container_that_leads_no_session() {
    let (town, slung) = with_hook();
    let nonce = on_hook(&town, &slung.agent, "nonce").expect("it has one");
    let script = format!(
        "gt release gt-one; GT_SESSION={}@{nonce} GT_ROOT={} sleep 60 & env -u GT_ATTEMPT gt doctor --fix",
        slung.agent,
        town.repo().display()
    );
    let container = ["--map-root-user", "--pid", "--fork", "--mount-proc"];
    let args = [&container[..], &["sh", "-c", &script]].concat();
    let fixed = slung.call(&town, "unshare", &args).run().ok();
    assert!(
        fixed.stdout.contains("attempt 1 at gt-one left behind"),
        "{fixed}"
    );
}

#[test]
fn a_process_of_another_clone_is_left_alone() {
    let (town, slung) = with_hook();
    let nonce = on_hook(&town, &slung.agent, "nonce").unwrap();
    let other = slung
        .call(&town, "sleep", &["60"])
        .env("GT_SESSION", format!("{}@{nonce}", slung.agent))
        .env("GT_ROOT", "/elsewhere");
    let mut other = other.start();
    town.gt(&["release", "gt-one"]).ok();
    town.gt(&["doctor", "--fix"]).ok();
    assert_eq!(other.try_wait().unwrap(), None, "it goes on");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_session_that_ended_long_ago() {
    let (town, slung) = with_hook();
    town.gt(&["release", "gt-one"]).ok();
    sound(&town);
    let session = town
        .git_dir()
        .join(format!("plaintown/sessions/{}.yaml", slung.agent));
    let text = fs::read_to_string(&session).unwrap();
    let start = text.find("started_at: ").unwrap();
    let old = format!("{}started_at: 2020-01-15T10:30:00Z\n", &text[..start]);
    fs::write(&session, old).unwrap();
    repaired(&town, &["forget its session"]);
    assert!(!session.exists());
}

#[test]
fn a_worker_that_goes_on_though_somebody_escalated() {
    let town = rig("hang");
    bead(&town, "gt-one", "One");
    let slung = sling(&town, "gt-one", &[]);
    town.wait_until(LONG, || !town.agents_at_work().is_empty());
    let session = format!("plaintown/sessions/{}.yaml", slung.agent);
    let session = town.git_dir().join(session);
    let text = fs::read(&session).unwrap();
    // Without its session the worker is not found, as if the command were killed.
    fs::remove_file(&session).unwrap();
    town.gt(&["escalate", "gt-one", "-m", "stop it"]).ok();
    assert!(!town.processes().is_empty());
    fs::write(&session, text).unwrap();
    repaired(
        &town,
        &["stop its worker, gt-one was escalated by overseer"],
    );
    assert!(town.processes().is_empty());
}
