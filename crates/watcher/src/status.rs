//! Where everything stands, looked at once, as the watcher would see it.

use crate::alone::{self, Holder};
use crate::decide::{self, Action, State, Verdict, obstacle};
use crate::error::Error;
use crate::facts::{self, Running};
use crate::snapshot::{Policy, Worker};
use crate::subject::Subject;
use crate::world::World;
use jiff::{SignedDuration, Timestamp};
use model::Address;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use store::Problem;
use town::refinery::{self, Request};
use town::worker::{self, Limit};
use town::{Town, obstacles};

const PAUSE: Duration = Duration::from_millis(10);

/// A watcher that has not started a worker so long after it was slung may have
/// been kept from it.
const LATE: SignedDuration = SignedDuration::from_secs(30);

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
        limit: Limit::of(town)?,
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
    let now = Timestamp::now();
    let mut agents = decide::decide(&snapshot, &policy, now).verdicts;
    let watcher = alone::holder(&town.store.private_path());
    if watcher.as_ref().is_some_and(|it| !it.is_stopping) {
        for verdict in &mut agents {
            let agent = snapshot
                .agents
                .iter()
                .find(|it| it.address == verdict.agent);
            let trouble = agent.and_then(|it| it.trouble.as_ref());
            let ticket = agent.and_then(|it| it.ticket.as_ref());
            let minted = ticket.map(|it| it.minted_at.timestamp());
            let is_late = minted.is_some_and(|at| now.duration_since(at) > LATE);
            attended(verdict, trouble.is_some_and(|it| it.crashes > 0), is_late);
        }
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
        limit: policy.limit.most,
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

/// A watcher is at work: what it is about to do nobody else has to. Where it has
/// tried already, or could have, that is not hidden.
fn attended(verdict: &mut Verdict, has_failed: bool, is_late: bool) {
    if verdict.state != State::Waiting || !matches!(verdict.action, Some(Action::Start(_))) {
        return;
    }
    if !has_failed {
        verdict.why = Some("the watcher is about to start its worker".to_owned());
    }
    verdict.remedy = (has_failed || is_late)
        .then(|| "if it does not, `gt feed` shows what keeps the watcher from it".to_owned());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watcher_hides_nothing_that_it_tried_already() {
        let agent = Address::parse("app/polecats/toast").unwrap();
        let told = |has_failed, is_late| {
            let mut verdict = Verdict {
                agent: agent.clone(),
                bead: None,
                attempt: None,
                state: State::Waiting,
                why: Some("its worker ended".to_owned()),
                remedy: Some("`gt up` starts the watcher".to_owned()),
                action: Some(Action::Start(agent.clone())),
                wake: None,
                is_notable: false,
            };
            attended(&mut verdict, has_failed, is_late);
            (verdict.why.unwrap(), verdict.remedy)
        };
        let about = "the watcher is about to start its worker";
        assert_eq!(told(false, false), (about.to_owned(), None));
        let (why, remedy) = told(false, true);
        assert_eq!(why, about);
        assert!(remedy.unwrap().contains("`gt feed`"));
        let (why, remedy) = told(true, false);
        assert_eq!(why, "its worker ended");
        assert!(remedy.unwrap().contains("`gt feed`"));
    }
}
