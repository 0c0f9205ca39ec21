//! Slinging: a bead onto an agent's hook, and a worker started for it.
//!
//! Everything is validated before anything is written. Then: ticket → bead →
//! hook, with both locks held throughout; then the worktree; then the process.
//! A worktree that cannot be made undoes the rest in reverse.

mod apply;
mod begin;
mod blockers;
mod ground;
mod holder;
mod plan;
mod pool;
mod target;
mod undo;

use crate::worker::Started;
use model::{Address, Bead, Convoy, Id, SessionKind};
use std::path::PathBuf;

pub(crate) use apply::restart;
pub use apply::{apply, hook_here};
pub(crate) use begin::{branch_tip, target_tip};
pub use blockers::blockers;
pub(crate) use ground::{last_commit, make_worktree};
pub use plan::plan;
pub use target::Target;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The beads, in order.
    pub beads: Vec<Id>,
    /// Where they go.
    pub target: Target,
    /// The runtime, where it is not the default.
    pub runtime: Option<String>,
    /// How the worker is run, where it is not as the user's configuration says.
    pub session: Option<SessionKind>,
    /// What to tell the agent besides the bead.
    pub instructions: Option<String>,
    /// Take them from whoever has them, blocked or deferred.
    pub forced: bool,
    /// Stop after the hook.
    pub spawn: bool,
    /// Whether a batch makes a convoy; none: several beads do, one does not.
    pub convoy: Option<bool>,
    /// The convoy's title.
    pub title: Option<String>,
}

/// One bead and where it goes, decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The bead as it was when this was decided.
    pub bead: Bead,
    /// What is done with it.
    pub action: Action,
}

/// What is done with one bead.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// It is on this hook, and its worker runs, or is nobody's to start.
    Nothing(Address),
    /// It is on this hook, and its worker does not run: start it.
    Restart(Address),
    /// It goes onto a polecat's hook, with a worktree and a branch of its own.
    Polecat(Place),
    /// It goes onto the hook of an agent that nobody starts.
    Hook(Address),
}

/// A polecat's place to work.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The polecat.
    pub agent: Address,
    /// Its branch, `polecat/<name>/<bead>`.
    pub branch: String,
    /// The commit the branch begins at, unless it is there already.
    pub tip: String,
    /// The commit the target is at.
    pub base: String,
    /// Its worktree.
    pub worktree: PathBuf,
    /// Its runtime.
    pub runtime: String,
}

/// What is going to be done. Nothing has been written.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The steps, one for each bead.
    pub steps: Vec<Step>,
    /// The branch that the work is meant for.
    pub target: String,
    /// The title of the convoy that the batch gets.
    pub convoy: Option<String>,
    /// What was asked for.
    pub request: Request,
}

/// What became of one bead.
#[derive(Debug, Clone)]
pub struct Slung {
    /// The bead as it is now.
    pub bead: Bead,
    /// Who has it.
    pub agent: Address,
    /// Its branch and worktree, if it has them.
    pub place: Option<Place>,
    /// What came of starting its worker; none where none was to be started.
    pub worker: Option<Started>,
    /// False where it was on this hook already.
    pub changed: bool,
}

/// What became of a batch.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// What was slung, in order.
    pub slung: Vec<Slung>,
    /// The convoy that was made for it.
    pub convoy: Option<Convoy>,
}
