//! What is not as it should be, and bringing it forward.
//!
//! Three steps, apart from each other: the facts are gathered and nothing is
//! written; [`plan`] is pure and says for each fact what is wrong and what
//! repairs it; exactly that is applied, each repair under the locks of what it
//! changes and only if it is still wrong. What a repair uncovers is repaired in
//! the same run, so that the next one finds nothing.
//!
//! Never deletes work: a commit that has not landed, a change that no commit
//! holds, a file that cannot be read. Never starts a worker. Whatever needs a
//! decision is reported with the remedy.

mod apply;
mod around;
mod clone;
mod facts;
mod locks;
mod plan;
mod processes;
mod trees;

use crate::Town;
use crate::error::Error;
use crate::refinery::Leftover;
use crate::session::Session;
use model::{Address, Id};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

/// A worker that is just ending may be gone before what it started is: only what is
/// still there after this long was left behind.
const ENDING: Duration = Duration::from_millis(500);

pub use facts::Facts;
pub use plan::plan;
pub use processes::Carrier;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What is, or was, wrong, with the place.
    pub what: String,
    /// What a person can do about it.
    pub remedy: Option<String>,
    /// What `--fix` does about it.
    pub fix: Option<Fix>,
}

/// One repair. Each looks again before it does anything, and may be repeated.
#[derive(Debug, Clone, PartialEq)]
pub enum Fix {
    /// Complete what a killed command left half done with a bead.
    Settle {
        /// Whose hook.
        agent: Address,
        /// The bead.
        bead: Id,
    },
    /// Remove the hook of work that is over.
    RemoveHook(Address),
    /// Let a parked hook go on.
    Unpark(Id),
    /// Close the gate of a bead that was taken off the hook which waited for it.
    CloseGate {
        /// The gate.
        gate: Id,
        /// The bead.
        bead: Id,
    },
    /// Send the mail about an escalation.
    Tell(Id),
    /// Stop the worker of this session, which works on what is not its own.
    StopWorker(Box<Session>),
    /// Start the fresh session that a worker has handed off to.
    HandOff(Address),
    /// Stop a process that a worker left behind.
    StopProcess(Box<Carrier>),
    /// Forget a session that ended long ago.
    RemoveSession(Address),
    /// Remove a temporary file.
    RemoveTemporary(PathBuf),
    /// Bring a convoy up to date with its beads.
    RefreshConvoy(Id),
    /// Close a bead whose work has landed.
    Land(Id),
    /// Let the refinery say what became of a merge request.
    JudgeRequest(Id),
    /// File the missing merge request of completed work, from its branch.
    FileRequest(Id),
    /// Bring back the branch of completed work at the head that was filed.
    RestoreBranch {
        /// The bead.
        bead: Id,
        /// The branch.
        branch: String,
        /// The commit.
        head: String,
    },
    /// Finish or take back a landing that was cut short.
    RecoverLanding,
    /// Link worktrees to their clone again, collect half-made ones.
    RepairWorktrees,
    /// Complete the worktree of a hook, which a killed command began to make.
    CompleteWorktree(Address),
    /// Take a worktree off git's list that has nothing to lose.
    RemoveWorktree(String),
    /// Remove what landed work left: worktree and branches.
    RemoveLanded(Box<Leftover>),
    /// Remove a lock of git's whose owner is dead.
    RemoveLock(locks::GitLock),
    /// Stop the gates that a killed refinery left running.
    StopGates,
    /// Write where a worktree's git folder finds the repository's.
    LinkCommon(PathBuf),
    /// Write what a store must have besides its beads.
    CompleteStore,
}

/// What an examination found, and what was fixed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// What was done.
    pub fixed: Vec<Item>,
    /// What is left.
    pub found: Vec<Item>,
}

/// How often repairs may uncover more to repair.
const ROUNDS: usize = 4;

impl Item {
    fn fix(what: impl Into<String>, fix: Fix) -> Self {
        Self {
            what: what.into(),
            remedy: None,
            fix: Some(fix),
        }
    }

    fn report(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: Some(remedy.into()),
            fix: None,
        }
    }

    fn is_about_a_process(&self) -> bool {
        matches!(self.fix, Some(Fix::StopProcess(_)))
    }

    /// Whether `--fix` repairs it.
    pub fn can_fix(&self) -> bool {
        self.fix.is_some()
    }

    /// What to do about it, in words.
    pub fn advice(&self) -> &str {
        self.remedy
            .as_deref()
            .unwrap_or("`gt doctor --fix` repairs it")
    }
}

/// Looks at everything and says what is wrong, and what would be done about
/// it. Writes nothing.
pub fn examine(town: &Town) -> Result<Vec<Item>, Error> {
    let found = plan(&Facts::gather(town)?);
    if !found.iter().any(Item::is_about_a_process) {
        return Ok(found);
    }
    thread::sleep(ENDING);
    Ok(plan(&Facts::gather(town)?))
}

/// Repairs what can be, and says what is left. A repair that fails is left,
/// with the reason, and does not stop the others.
pub fn fix(town: &Town) -> Result<Report, Error> {
    town.check_writable()?;
    town.check_attempt()?;
    let mut report = Report::default();
    let mut failed: Vec<(Fix, String)> = Vec::new();
    for _ in 0..ROUNDS {
        report.found = examine(town)?;
        let todo = fixable(&report.found, &failed);
        if todo.is_empty() {
            break;
        }
        for (item, fix) in todo {
            match apply::apply(town, &fix) {
                Ok(()) => report.fixed.push(item),
                Err(error) => failed.push((fix, error.to_string())),
            }
        }
        report.found = examine(town)?;
    }
    for item in &mut report.found {
        let reason = failed
            .iter()
            .find(|(fix, _)| Some(fix) == item.fix.as_ref());
        item.remedy = reason
            .map(|(_, reason)| format!("it could not be repaired: {reason}"))
            .or(item.remedy.take());
    }
    Ok(report)
}

fn fixable(found: &[Item], failed: &[(Fix, String)]) -> Vec<(Item, Fix)> {
    let with_fix = |item: &Item| Some((item.clone(), item.fix.clone()?));
    found
        .iter()
        .filter_map(with_fix)
        .filter(|(_, fix)| !failed.iter().any(|(other, _)| other == fix))
        .collect()
}
