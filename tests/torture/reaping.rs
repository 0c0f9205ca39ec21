//! Agents that are killed in the middle of whatever they do, again and again, while
//! a watcher runs: in the end every hook is completed or escalated, and no two
//! agents ever worked on one.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use testkit::{Town, invariants};

use crate::gt::life::support::*;

/// So many beads are worked on at a time.
const AT_ONCE: usize = 6;

/// A town in which a watcher runs, and agents that take their time.
fn watched() -> Town {
    let town = in_rig(
        Town::builder(env!("CARGO_BIN_EXE_gt")).in_memory().build(),
        "slow",
    );
    let path = town.root().join("config.yaml");
    let agents = fs::read_to_string(&path).expect("it was just written");
    let patience = "  crash_budget: 6\n  backoff: 1s\n  backoff_max: 1s\n  refinery: false\n";
    town.config(&format!("{agents}\nwatcher:\n{patience}"));
    let config = town.read(".beads/config.yaml");
    let more = config.replace("max_polecats: 4", &format!("max_polecats: {AT_ONCE}"));
    town.write(".beads/config.yaml", &more);
    town.gt(&["up"]).ok();
    town
}

/// What is worked on, and who was killed so far.
struct Reaping {
    town: Town,
    random: fastrand::Rng,
    beads: Vec<String>,
    killed: BTreeSet<u32>,
    answered: usize,
}

impl Reaping {
    fn is_over(&self, bead: &str) -> bool {
        ["completed", "escalated"].contains(&status(&self.town, bead).as_str())
    }

    /// A new bead for each that is completed, an answer for each that is escalated.
    fn keep_busy(&mut self) {
        let states = self.beads.iter().map(|bead| status(&self.town, bead));
        let states: Vec<String> = states.collect();
        for (bead, state) in self.beads.iter().zip(&states) {
            // Who asks a moment too early is refused, and asks again.
            if state == "escalated" && self.town.gt(&["resume", bead]).status.success() {
                self.answered += 1;
            }
        }
        let done = states.iter().filter(|state| *state == "completed").count();
        while self.beads.len() - done < AT_ONCE {
            let id = format!("gt-b{}", self.beads.len());
            bead(&self.town, &id, "Some work");
            self.town.gt(&["sling", &id, "app", "--no-spawn"]).ok();
            self.beads.push(id);
        }
    }

    /// Kills one of those at work, at a random moment.
    fn kill_one(&mut self) {
        thread::sleep(Duration::from_millis(self.random.u64(..120)));
        let at_work = self.town.agents_at_work();
        let pids: Vec<u32> = at_work.into_values().flatten().collect();
        if pids.is_empty() {
            return;
        }
        let pid = pids[self.random.usize(..pids.len())];
        let kill = Command::new("kill").args(["-9", &pid.to_string()]).output();
        if kill.expect("kill can be run").status.success() {
            self.killed.insert(pid);
        }
    }

    /// Nobody kills any more.
    fn end(&self) -> Result<(), String> {
        let end = Instant::now() + Duration::from_secs(120);
        while !self.beads.iter().all(|bead| self.is_over(bead)) {
            if Instant::now() > end {
                return Err(format!("still at it: {}", self.town.gt(&["status"])));
            }
            thread::sleep(Duration::from_millis(50));
        }
        self.town.gt(&["down"]).ok();
        let was_killed = |pid| self.killed.contains(&pid);
        let beside = self.town.agents_beside_each_other(was_killed);
        if !beside.is_empty() {
            return Err(beside.join("\n"));
        }
        self.town.kill_all();
        invariants::settle(&self.town)?;
        invariants::hold(&self.town)
    }
}

fn reap(kills: usize) {
    let seed = fastrand::u64(..);
    println!("kills by seed {seed}");
    let mut reaping = Reaping {
        town: watched(),
        random: fastrand::Rng::with_seed(seed),
        beads: Vec::new(),
        killed: BTreeSet::new(),
        answered: 0,
    };
    let began = Instant::now();
    while reaping.killed.len() < kills {
        let limit = Duration::from_secs(60) + Duration::from_secs(3) * kills as u32;
        assert!(began.elapsed() < limit, "{}", reaping.town.gt(&["status"]));
        reaping.keep_busy();
        reaping.kill_one();
    }
    if let Err(reason) = reaping.end() {
        panic!("{reason}");
    }
    let (beads, town) = (&reaping.beads, &reaping.town);
    let escalated = beads.iter().filter(|it| status(town, it) == "escalated");
    println!(
        "{} kills in {:?}: {} beads, {} of them escalated at the end, {} escalations answered, {} starts",
        reaping.killed.len(),
        began.elapsed(),
        beads.len(),
        escalated.count(),
        reaping.answered,
        town.agent_log().iter().filter(|it| it.start).count(),
    );
}

#[test]
fn twenty_agents_are_killed() {
    reap(20);
}

#[test]
#[ignore = "takes minutes"]
fn torture_five_hundred_agents_are_killed() {
    reap(500);
}
