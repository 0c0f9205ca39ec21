//! Scripted agents, and the log they keep.
//!
//! Promises that an agent goes the whole way of a real one: it is configured as a
//! runtime, spawned by `gt`, and speaks to it through its commands. Only the model
//! is missing. Never calls a model or reaches a network.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::town::Town;
use crate::work;

/// The runtimes that [`Town::agents`] configures. `scribe` does the work that
/// stands in the bead; the others are named for how they end.
pub const RUNTIMES: [&str; 9] = [
    "scribe", "slow", "crash", "stumble", "ignore", "hang", "defer", "escalate", "phase",
];

/// The user's configuration with all runtimes and one of them as default.
fn configuration(default: &str) -> String {
    let mut yaml = format!("default_runtime: {default}\n\nruntimes:\n");
    for name in RUNTIMES {
        let words: Vec<_> = command(name)
            .iter()
            .map(|word| format!("{word:?}"))
            .collect();
        let words = words.join(", ");
        writeln!(yaml, "  {name}:\n    command: [{words}]").expect("a string can be written to");
    }
    yaml
}

/// The command of a runtime, with its placeholder.
pub fn command(name: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("agents");
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let mut words = vec!["sh".to_owned()];
    if name == "scribe" {
        words.push(text(folder.join("logged.sh")));
        words.push(text(work::root().join("examples/agents/scribe.sh")));
    } else {
        words.push(text(folder.join(name).with_extension("sh")));
    }
    words.push("{prompt}".to_owned());
    words
}

/// One line of the agents' log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whether the agent started (or else ended).
    pub start: bool,
    /// Its bead.
    pub bead: String,
    /// Its `GT_ATTEMPT`.
    pub attempt: String,
    /// Its process.
    pub pid: u32,
}

impl Entry {
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<_> = line.split(' ').collect();
        let [event, bead, attempt, pid] = words[..] else {
            return None;
        };
        Some(Self {
            start: event == "start",
            bead: bead.to_owned(),
            attempt: attempt.to_owned(),
            pid: pid.parse().ok()?,
        })
    }
}

impl Town {
    /// Configures all scripted agents, `default` for whoever names none, and turns
    /// their log on.
    ///
    /// # Panics
    /// If there is no such agent, or the configuration cannot be written.
    #[track_caller]
    pub fn agents(&mut self, default: &str) -> &mut Self {
        assert!(RUNTIMES.contains(&default), "no scripted agent {default}");
        self.config(&configuration(default));
        let log = self.agent_log_file();
        self.env("PLAINTOWN_AGENT_LOG", log)
    }

    /// What the agents logged so far.
    ///
    /// # Panics
    /// If a line is not one of theirs.
    #[track_caller]
    pub fn agent_log(&self) -> Vec<Entry> {
        let text = fs::read_to_string(self.agent_log_file()).unwrap_or_default();
        text.lines()
            .map(|line| Entry::parse(line).unwrap_or_else(|| panic!("no log line: {line:?}")))
            .collect()
    }

    /// The starts of an agent on a bead before its last agent there had ended, by
    /// their own log: one sentence for each. One that was killed has no end, and
    /// counts as ended where `was_killed` says so.
    #[track_caller]
    pub fn agents_beside_each_other(&self, was_killed: impl Fn(u32) -> bool) -> Vec<String> {
        let mut at_work: BTreeMap<String, u32> = BTreeMap::new();
        let mut found = Vec::new();
        for entry in self.agent_log() {
            if !entry.start {
                at_work.retain(|_, pid| *pid != entry.pid);
            } else if let Some(first) = at_work.insert(entry.bead.clone(), entry.pid)
                && !was_killed(first)
            {
                let (bead, second) = (&entry.bead, entry.pid);
                found.push(format!("{second} was started on {bead} beside {first}"));
            }
        }
        found
    }

    /// The agents that started and, by their process, still work, by bead.
    pub fn agents_at_work(&self) -> BTreeMap<String, Vec<u32>> {
        let alive = self.processes();
        let mut working: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for entry in self.agent_log() {
            let pids = working.entry(entry.bead).or_default();
            pids.retain(|&pid| pid != entry.pid);
            if entry.start && alive.contains(&entry.pid) {
                pids.push(entry.pid);
            }
        }
        working.retain(|_, pids| !pids.is_empty());
        working
    }

    fn agent_log_file(&self) -> PathBuf {
        self.root().join("agents.log")
    }
}

#[cfg(test)]
mod tests;
