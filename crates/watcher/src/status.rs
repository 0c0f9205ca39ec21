//! Where everything stands, looked at once, as the watcher would see it.

use crate::alone::{self, Holder};
use crate::decide::{self, Verdict};
use crate::error::Error;
use crate::facts::{self, Running};
use crate::snapshot::{Policy, Worker};
use crate::subject::Subject;
use crate::world::World;
use jiff::Timestamp;
use model::Address;
use std::collections::{BTreeMap, BTreeSet};
use store::Problem;
use town::refinery::{self, Request};
use town::{Town, worker};

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
    let pending = refinery::pending(town)?;
    let mut queue = Vec::new();
    for request in pending.requests {
        let why = refinery::waiting_reason(town, &request.bead.id)?;
        queue.push((request, why));
    }
    Ok(Status {
        watcher: alone::holder(&town.store.private_path()),
        processes: processes.collect(),
        running: worker::running(town)?,
        limit: policy.limit,
        agents: decide::decide(&snapshot, &policy, Timestamp::now()).verdicts,
        queue,
        problems: pending.problems,
    })
}
