//! From what was seen, and what runs, to what is decided upon.

use crate::ends::Ends;
use crate::progress::{self, Progress, Traces};
use crate::snapshot::{Agent, Hook, Snapshot, Stray, Waits, Worker};
use crate::stray::{self, Seen};
use crate::world::World;
use agent::process::Identity;
use model::{Address, Bead, Ticket};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use town::Town;
use town::events::{BeadView, HookView};
use town::session::Session;
use town::unticketed::Says;

/// What is known besides files.
#[derive(Debug, Default)]
pub(crate) struct Running {
    pub(crate) ends: Ends,
    pub(crate) progress: Progress,
    lives: Lives,
    /// Agents that something is being done about, and since when.
    pub(crate) busy: BTreeMap<Address, Instant>,
    /// Agents that are left alone for a moment.
    pub(crate) held: BTreeMap<Address, Hold>,
    /// How often in a row a start failed for what may pass.
    pub(crate) in_vain: BTreeMap<Address, u32>,
    /// Agents whose worker is being started, by whomever.
    pub(crate) starting: BTreeSet<Address>,
    /// The kernel's ID of this boot.
    pub(crate) boot: Option<String>,
    /// Agents whose escalation is known to be whole.
    pub(crate) told: BTreeSet<Address>,
    /// Workers that run although their attempt is over.
    pub(crate) strays: Seen,
    /// When an agent's files changed last.
    pub(crate) touched: HashMap<Address, Instant>,
}

/// For how long workers ran.
#[derive(Debug, Default)]
struct Lives(HashMap<Address, Life>);

#[derive(Debug)]
struct Life {
    process: Identity,
    /// None while it runs.
    ran: Option<Duration>,
}

impl Lives {
    fn runs(&mut self, agent: &Address, process: &Identity) {
        let life = Life {
            process: process.clone(),
            ran: None,
        };
        self.0.insert(agent.clone(), life);
    }

    /// From its start to its end: to now, where it ran when it was looked at last;
    /// else to the last trace of it.
    fn ran(&mut self, agent: &Address, process: &Identity, last: &Traces) -> Duration {
        let known = self.0.get(agent).filter(|it| it.process == *process);
        if let Some(ran) = known.and_then(|it| it.ran) {
            return ran;
        }
        let since_end = match known {
            Some(_) => Duration::ZERO,
            None => progress::age_of(last),
        };
        let ran = progress::uptime(process).saturating_sub(since_end);
        let life = Life {
            process: process.clone(),
            ran: Some(ran),
        };
        self.0.insert(agent.clone(), life);
        ran
    }
}

/// What is the same for everybody, and asked once.
struct Round {
    /// The folder of the store that git tracks.
    tracked: Arc<Path>,
    /// For how long a worker may show nothing before it is looked at closely.
    suspicious: Duration,
    /// Workers that run although their attempt is over.
    strays: BTreeMap<Address, Stray>,
}

/// For how long an agent is left alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hold {
    /// Until then.
    pub(crate) until: Instant,
    /// Or until its files are seen to have changed since then.
    pub(crate) unless_touched_since: Option<Instant>,
}

impl Running {
    /// Lets go whose time has come.
    fn release(&mut self) {
        let touched = &self.touched;
        self.held
            .retain(|agent, hold| hold.stands(touched.get(agent).copied()));
    }
}

impl Hold {
    fn stands(&self, touched: Option<Instant>) -> bool {
        let is_void = self
            .unless_touched_since
            .is_some_and(|since| touched > Some(since));
        self.until > Instant::now() && !is_void
    }
}

/// Awaits the end of every process that is known, also of those whose attempt
/// is over: they may be our children.
fn follow(world: &World, running: &mut Running) {
    for agent in world.sessions.keys() {
        let process = world.sessions.get(agent).and_then(|it| it.process.as_ref());
        if let Some(process) = process {
            running.ends.is_running(agent, process);
        }
    }
}

/// Everybody as they are now.
pub(crate) fn gather(
    town: &Town,
    world: &World,
    running: &mut Running,
    host: Option<&str>,
    suspicious: Duration,
) -> Snapshot {
    // Asked at every change, however many there are: what can be lent is not copied.
    let agents = world.agents();
    running.touched.retain(|agent, _| agents.contains(agent));
    running.lives.0.retain(|agent, _| agents.contains(agent));
    running.in_vain.retain(|agent, _| agents.contains(agent));
    running.release();
    if running.boot.is_none() {
        running.boot = Identity::current().ok().map(|own| own.boot);
    }
    running.starting = town::worker::starting(town).unwrap_or_default();
    follow(world, running);
    let round = Round {
        tracked: town.store.tracked().path().into(),
        suspicious,
        strays: stray::all(world, running, town.now().timestamp()),
    };
    // These have neither hook nor ticket, and a worker that runs on.
    let others = round.strays.keys().filter(|it| !agents.contains(it));
    let agents: Vec<Agent> = agents
        .iter()
        .copied()
        .chain(others)
        .map(|agent| facts(town, world, running, &round, agent))
        .collect();
    let alive = agents.iter().filter_map(|agent| match &agent.worker {
        Worker::Running { process, .. } => Some(process.as_str()),
        _ => None,
    });
    running.progress.keep(&alive.collect());
    Snapshot {
        rig: town.rig().to_owned(),
        host: host.map(str::to_owned),
        agents,
    }
}

fn facts(
    town: &Town,
    world: &World,
    running: &mut Running,
    round: &Round,
    address: &Address,
) -> Agent {
    let ticket = world.tickets.get(address).cloned();
    let bead = ticket.as_ref().and_then(|it| world.beads.get(&it.bead));
    let trouble = world.troubles.get(address);
    let is_same = |nonce: &str| ticket.as_ref().is_some_and(|it| it.nonce == nonce);
    let hook = hook(world, address, ticket.as_deref());
    if !hook.is_escalated() {
        running.told.remove(address);
    }
    Agent {
        is_told: running.told.contains(address),
        hook,
        tracked: Arc::clone(&round.tracked),
        problem: problem(world, address),
        bead: bead.map(says),
        quiet: quiet(running, address),
        is_busy: running.busy.contains_key(address)
            || running.held.contains_key(address)
            || is_being_written(world, address),
        trouble: trouble.filter(|it| is_same(&it.nonce)).cloned(),
        stray: round.strays.get(address).cloned(),
        worker: worker(town, world, running, ticket.as_deref(), round.suspicious),
        ticket,
        address: address.clone(),
    }
}

/// For how long none of an agent's files has changed.
fn quiet(running: &mut Running, agent: &Address) -> Duration {
    if let Some(touched) = running.touched.get(agent) {
        return touched.elapsed();
    }
    running.touched.insert(agent.clone(), Instant::now());
    Duration::ZERO
}

/// A hook of which nothing is known yet, since its file is not whole.
fn is_being_written(world: &World, agent: &Address) -> bool {
    world.hooks.is_in_doubt(agent) && world.hooks.get(agent).is_none()
}

/// What cannot be read of an agent's ticket, or of the bead on it or on the
/// hook. Unreadable is not missing.
fn problem(world: &World, agent: &Address) -> Option<(String, String)> {
    let ticket = world.tickets.get(agent).map(|it| &it.bead);
    let bead = ticket.or_else(|| world.hooks.get(agent).map(|it| &it.bead));
    let problem = world.tickets.problem(agent);
    let problem = problem.or_else(|| world.beads.problem(bead?));
    problem.map(|it| (it.to_string(), it.remedy.clone()))
}

fn hook(world: &World, agent: &Address, ticket: Option<&Ticket>) -> Hook {
    if let Some(problem) = world.hooks.problem(agent) {
        return Hook::Unreadable(problem.to_string(), problem.remedy.clone());
    }
    let Some(hook) = world.hooks.get(agent) else {
        return Hook::Missing;
    };
    Hook::There {
        bead: hook.bead.clone(),
        attempt: hook.attempt,
        host: hook.host.clone(),
        is_covered: ticket.is_some_and(|ticket| hook.is_covered_by(ticket)),
        waits: waits(world, hook).map(Box::new),
        says: world.beads.get(&hook.bead).map(says),
    }
}

fn says(bead: &BeadView) -> Says {
    Says {
        status: bead.status.clone(),
        attempt: bead.attempt,
        agent: bead.holder.as_deref().cloned(),
    }
}

fn waits(world: &World, hook: &HookView) -> Option<Waits> {
    let parked = hook.parked.clone()?;
    let on = world.beads.get(&parked.on);
    let awaited = on.and_then(|gate| world.beads.get(gate.awaits.as_deref()?));
    let is_closed = |bead: &BeadView| bead.status.is_closed();
    Some(Waits {
        is_over: on.is_some_and(is_closed) || awaited.is_some_and(is_closed),
        opens_at: on.and_then(|bead| bead.opens_at),
        is_gate: on.map(|bead| bead.is_gate),
        parked,
    })
}

fn worker(
    town: &Town,
    world: &World,
    running: &mut Running,
    ticket: Option<&Ticket>,
    suspicious: Duration,
) -> Worker {
    let Some(ticket) = ticket else {
        return Worker::None;
    };
    let session = world.sessions.get(&ticket.agent);
    let Some(session) = session.filter(|it| it.nonce == ticket.nonce) else {
        return if running.starting.contains(&ticket.agent) {
            Worker::Spawning
        } else {
            Worker::None
        };
    };
    let Some(process) = &session.process else {
        return Worker::Spawning;
    };
    if session.hands_off {
        return Worker::HandingOff;
    }
    if running.ends.is_running(&ticket.agent, process) {
        running.lives.runs(&ticket.agent, process);
        let traces = Traces {
            files: vec![
                PathBuf::from(&session.log),
                // The log is missing for a moment where it is put aside.
                agent::logs::older(Path::new(&session.log)),
                town.store.path_of::<model::Hook>(&ticket.agent),
                town.store.path_of::<Bead>(&ticket.bead),
            ],
            ..traces(ticket, process)
        };
        return Worker::Running {
            idle: running.progress.idle(&traces, suspicious),
            process: process.to_string(),
        };
    }
    // Hook and bead may have been changed by others since.
    let last = Traces {
        files: vec![
            PathBuf::from(&session.log),
            town.store.path_of::<Session>(&ticket.agent),
        ],
        ..traces(ticket, process)
    };
    Worker::Ended {
        how: running.ends.how(&ticket.agent, process),
        ran: running.lives.ran(&ticket.agent, process, &last),
        is_of_earlier_boot: running.boot.as_ref().is_some_and(|it| *it != process.boot),
        process: process.to_string(),
    }
}

/// Those in the git folder of its worktree.
fn traces(ticket: &Ticket, process: &Identity) -> Traces {
    Traces {
        process: process.clone(),
        worktree: ticket.worktree.as_ref().map(PathBuf::from),
        files: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::time::SystemTime;

    const HOUR: Duration = Duration::from_secs(3600);

    fn age(path: &Path, by: Duration) {
        let file = fs::File::options().append(true).create(true).open(path);
        file.unwrap().set_modified(SystemTime::now() - by).unwrap();
    }

    /// A worktree in which nothing happened for an hour, and its log.
    fn quiet(folder: &Path) -> Traces {
        let git = folder.join("tree/.git");
        fs::create_dir_all(&git).unwrap();
        for path in [folder.join("log"), git.join("HEAD"), git.join("index")] {
            age(&path, HOUR);
        }
        Traces {
            // As if it had begun when the machine did.
            process: Identity {
                start: 0,
                ..Identity::current().unwrap()
            },
            worktree: Some(folder.join("tree")),
            files: vec![folder.join("log"), folder.join("session")],
        }
    }

    #[test]
    fn a_worker_has_run_until_its_end_whenever_that_is_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let last = quiet(folder.path());
        let (agent, process) = (Address::parse("app/polecats/toast").unwrap(), &last.process);
        let uptime = progress::uptime(process);
        let mut lives = Lives::default();
        let ran = lives.ran(&agent, process, &last);
        assert!(ran <= uptime.saturating_sub(HOUR) + Duration::from_secs(60));
        let mut lives = Lives::default();
        lives.runs(&agent, process);
        let ran = lives.ran(&agent, process, &last);
        assert!(ran >= uptime, "it ran a moment ago");
        assert_eq!(lives.ran(&agent, process, &last), ran, "and is over");
    }

    #[test]
    fn one_that_prints_nothing_has_run_until_its_last_trace() {
        for trace in ["tree/.git/index", "session"] {
            let folder = tempfile::tempdir().unwrap();
            let last = quiet(folder.path());
            age(&folder.path().join(trace), Duration::ZERO);
            let agent = Address::parse("app/polecats/toast").unwrap();
            let uptime = progress::uptime(&last.process);
            let ran = Lives::default().ran(&agent, &last.process, &last);
            assert!(ran + Duration::from_secs(60) > uptime, "{trace}");
        }
    }
}
