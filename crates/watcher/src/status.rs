//! Where everything stands, looked at once, as the watcher would see it.

use crate::alone::{self, Holder};
use crate::decide::{self, Action, State, Verdict, obstacle};
use crate::error::Error;
use crate::facts::{self, Running};
use crate::snapshot::{Policy, Worker};
use crate::subject::Subject;
use crate::world::World;
use jiff::Timestamp;
use model::Address;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use store::Problem;
use town::refinery::{self, Request};
use town::{Town, obstacles, worker};

const PAUSE: Duration = Duration::from_millis(10);

/// What there is to know.
#[derive(Debug)]
pub struct Status {
    /// The watcher, if one is at work.
    pub watcher: Option<Holder>,
    /// Everybody who has a hook or a ticket.
    pub agents: Vec<Verdict>,
    /// The processes of those whose worker runs.
    pub processes: BTreeMap<Address, u32>,
    /// How many workers run.
    pub running: usize,
    /// How many may.
    pub limit: usize,
    /// The merge queue, and why each waits.
    pub queue: Vec<(Request, Option<String>)>,
    /// Files that cannot be read.
    pub problems: Vec<Problem>,
}

/// Looks at hooks, tickets, sessions and the merge queue. Writes nothing.
pub fn look(town: &Town) -> Result<Status, Error> {
    let mut world = World::new();
    let everything = BTreeSet::from([Subject::Everything]);
    world.look(town, &everything, &mut Vec::new())?;
    settle(town, &mut world)?;
    let policy = Policy {
        settings: town.user()?.watcher.clone(),
        limit: town.config().max_polecats as usize,
    };
    let host = town.store.host()?;
    let mut running = Running::default();
    let suspicious = policy.settings.stalled_after;
    let snapshot = facts::gather(town, &world, &mut running, host.as_deref(), suspicious);
    let processes = snapshot
        .agents
        .iter()
        .filter_map(|agent| match &agent.worker {
            Worker::Running { process, .. } => {
                let process: agent::process::Identity = process.parse().ok()?;
                Some((agent.address.clone(), process.pid))
            }
            _ => None,
        });
    let mut agents = decide::decide(&snapshot, &policy, Timestamp::now()).verdicts;
    let watcher = alone::holder(&town.store.private_path());
    if watcher.is_some() {
        agents.iter_mut().for_each(attended);
    }
    explain(town, &mut agents)?;
    let mut problems: Vec<Problem> = world.folders().cloned().collect();
    let pending = refinery::pending(town)?;
    problems.extend(pending.problems);
    problems.extend(town.store.stray_hooks());
    let mut queue = Vec::new();
    for request in pending.requests {
        let why = refinery::waits(town, &request)?;
        queue.push((request, why));
    }
    Ok(Status {
        watcher,
        processes: processes.collect(),
        running: worker::running(town)?,
        limit: policy.limit,
        agents,
        queue,
        problems,
    })
}

/// Looks again at what somebody may be writing, until it is whole or believed
/// to stay as it is.
fn settle(town: &Town, world: &mut World) -> Result<(), Error> {
    loop {
        let doubtful: BTreeSet<Subject> = world.missing().into_iter().collect();
        if doubtful.is_empty() {
            return Ok(());
        }
        std::thread::sleep(PAUSE);
        world.look(town, &doubtful, &mut Vec::new())?;
    }
}

/// A watcher is at work: what it is about to do nobody else has to.
fn attended(verdict: &mut Verdict) {
    if verdict.state == State::Waiting && matches!(verdict.action, Some(Action::Start(_))) {
        verdict.why = Some("the watcher is about to start its worker".to_owned());
        verdict.remedy = None;
    }
}

/// Adds what stands in the way besides the files.
fn explain(town: &Town, agents: &mut [Verdict]) -> Result<(), Error> {
    let trees = git::worktree::list(town.common()).map_err(town::Error::from)?;
    for verdict in agents.iter_mut().filter(|it| obstacle::may_have(it)) {
        let found = obstacles::look(town, &verdict.agent, &trees)?;
        *verdict = obstacle::explain(verdict.clone(), &found);
    }
    Ok(())
}
