//! An evening: twenty beads, a cast of agents of which some crash, hang, ask, put
//! off or lie, and a watcher that is killed at random.
//!
//! In the end every bead is merged, or says in one line why not, and what was
//! recorded explains every step. Each evening has a seed, which is printed.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, and says where"
)]
#![allow(
    clippy::print_stdout,
    reason = "how an evening went is shown with --nocapture"
)]

mod audit;
mod cast;
mod feed;
mod overseer;
mod reaper;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use testkit::{Town, invariants};

use crate::gt::life::support::{Over, sound, status};
use cast::{CAST, Part};
use overseer::Overseer;

/// An evening takes a quarter of a minute, and longer on a machine that does other
/// things.
const LONG: Duration = Duration::from_secs(120);

#[test]
fn by_the_end_every_bead_is_merged_or_says_why_not() {
    evening(seed());
}

#[test]
#[ignore = "ten evenings"]
fn torture_evenings() {
    let first = seed();
    for seed in first..first + 10 {
        evening(seed);
    }
}

/// A new one each time, unless one is to be tried again.
fn seed() -> u64 {
    let given = std::env::var("PLAINTOWN_EVENING").ok();
    given.and_then(|it| it.parse().ok()).unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        now.map_or(0, |since| since.as_secs())
    })
}

fn evening(seed: u64) {
    println!("the evening of seed {seed} (PLAINTOWN_EVENING)");
    let began = Instant::now();
    let town = cast::town();
    let overseer = Overseer::new(&town);
    let is_over = AtomicBool::new(false);
    let lives = thread::scope(|scope| {
        // However this ends, nobody goes on killing.
        let _over = Over(&is_over);
        let reaper = scope.spawn(|| reaper::watch_and_kill(&town, seed, &is_over));
        cast::sling(&town);
        let end = began + LONG;
        while !is_done(&town) {
            assert!(Instant::now() < end, "{}", unfinished(&town, &overseer));
            overseer.look();
            thread::sleep(Duration::from_millis(200));
        }
        is_over.store(true, Ordering::Relaxed);
        reaper.join().unwrap()
    });
    curtain(&town);
    audit::check(&town);
    println!(
        "{lives} watchers, {:?}\n{}",
        began.elapsed(),
        overseer::morning(&town)
    );
}

fn is_done(town: &Town) -> bool {
    CAST.iter().all(|part| status(town, part.bead) == part.end)
}

/// Whoever still runs goes home; then nothing is left to tidy up.
fn curtain(town: &Town) {
    town.gt(&["up"]).ok();
    let lingering = |part: &&Part| part.lingers;
    for part in CAST.iter().filter(lingering) {
        for pid in town.agents_at_work().remove(part.bead).unwrap_or_default() {
            reaper::kill(pid);
        }
    }
    // The watcher removes what has landed; what a killed one left of a file is the
    // doctor's.
    let end = Instant::now() + LONG;
    while branches(town) != kept() {
        let found = (branches(town), town.gt(&["status"]));
        assert!(Instant::now() < end, "left: {:?}\n{}", found.0, found.1);
        thread::sleep(Duration::from_millis(50));
    }
    town.gt(&["down"]).ok();
    invariants::settle(town).unwrap();
    town.kill_all();
    sound(town);
}

/// The branches of work.
fn branches(town: &Town) -> Vec<String> {
    let all = town.git(&["for-each-ref", "--format=%(refname)", "refs/heads/polecat/"]);
    let beads = all
        .stdout
        .lines()
        .filter_map(|line| line.rsplit('/').next());
    let mut beads: Vec<_> = beads.map(str::to_owned).collect();
    beads.sort();
    beads
}

/// Only what has not landed has a branch.
fn kept() -> Vec<String> {
    let open = CAST.iter().filter(|part| part.end != "closed");
    open.map(|part| part.bead.to_owned()).collect()
}

fn unfinished(town: &Town, overseer: &Overseer<'_>) -> String {
    let open = CAST
        .iter()
        .filter(|part| status(town, part.bead) != part.end);
    let beads: Vec<_> = open.map(|part| part.bead).collect();
    format!(
        "unfinished: {beads:?}\n{}\n{}\nthe overseer was told:\n{}",
        town.gt(&["status"]),
        town.gt(&["doctor"]),
        overseer.troubles()
    )
}
