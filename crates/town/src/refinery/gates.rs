//! Merge gates: the user's own and approved commands, run on a tree exactly as
//! it will land.
//!
//! Green means that the command ran and exited 0; everything else is red. The
//! work tree is the refinery's own, without `.beads`. Files that git ignores
//! stay in it from one run to the next, so that builds are quick.

mod run;

use super::words;
use crate::Town;
use crate::config::Gate;
use crate::error::Error;
use crate::place;
use git::worktree::{self, Head, Spec};
use git::{Oid, diff};
use model::{GateResult, Id};
use std::path::PathBuf;

pub(super) use run::{Run, running, stop_all};

/// The worktree's name in the clone. No polecat can have it.
const WORKTREE: &str = "refinery";

/// How many lines of a log a comment shows.
const TAIL: usize = 20;

/// Where gates run.
#[derive(Debug)]
pub(super) struct Bench<'t> {
    town: &'t Town,
    path: PathBuf,
}

impl<'t> Bench<'t> {
    /// The refinery's worktree, with a commit checked out.
    pub(super) fn at(town: &'t Town, commit: &Oid) -> Result<Self, Error> {
        let path = place::worktree_base(town)?.join(WORKTREE);
        let spec = Spec {
            common_dir: town.common().to_owned(),
            path: path.clone(),
            name: WORKTREE.to_owned(),
            head: Head::Detached(commit.clone()),
            marker: marker(town),
        };
        let bench = Self { town, path };
        // One that a killed run left locked, or that lies where the worktrees
        // were before, has nothing to lose.
        if bench.make(&spec, commit).is_err() {
            worktree::remove(town.common(), WORKTREE, true)?;
            bench.make(&spec, commit)?;
        }
        Ok(bench)
    }

    fn make(&self, spec: &Spec, commit: &Oid) -> Result<(), Error> {
        worktree::add(spec)?;
        self.check_out(commit)
    }

    /// Changes to another commit.
    pub(super) fn check_out(&self, commit: &Oid) -> Result<(), Error> {
        Ok(worktree::switch_detached(&self.path, commit)?)
    }

    /// Runs one gate; its output goes to a log of its own.
    pub(super) fn run(&self, gate: &Gate, log_name: &str) -> Result<Run, Error> {
        let log = format!("gates/{log_name}.log");
        let path = self.town.store.private_path().join("logs").join(&log);
        run::run(self.town, &self.path, gate, &path).map(|(end, seconds)| Run {
            result: GateResult {
                name: gate.name.clone(),
                exit: end.exit(),
                seconds,
                log: Some(log),
            },
            end,
            path,
        })
    }
}

/// The name of the log of a gate on a merge request.
pub(super) fn log_name(merge_request: &Id, gate: &Gate, on_target: bool) -> String {
    let end = if on_target { "-target" } else { "" };
    format!("{merge_request}-{}{end}", gate.name)
}

/// Whether two trees differ in nothing but the store: what passed on one
/// passes on the other.
pub(super) fn same_code(town: &Town, a: &Oid, b: &Oid) -> Result<bool, Error> {
    if a == b {
        return Ok(true);
    }
    let changed = diff::changed_paths(&town.git(), a, b)?;
    Ok(changed.iter().all(|(_, path)| path.starts_with(".beads")))
}

impl Run {
    /// The end of its output, harmless to read.
    pub(super) fn tail(&self) -> String {
        let output = agent::logs::tail(&self.path, TAIL).unwrap_or_default();
        words::block(&output)
    }
}

fn marker(town: &Town) -> String {
    let store = town.store.located().beads.display();
    format!("store: {store}\nagent: {}\n", super::address(town))
}
