//! Doing what was decided, beside the loop: whatever may take a moment (a lock
//! that somebody holds, a worktree, a merge) never keeps it from listening.
//!
//! Each job opens the store anew, so it acts by the configuration as it is.

use crate::decide::{Action, Crash, crashed};
use crate::input::Inbox;
use agent::process::Identity;
use jiff::Timestamp;
use model::{Address, Fault, Ticket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use town::events::Event;
use town::refinery::{self, Report, Until};
use town::worker::{self, Started};
use town::{Error, Setup, Town, convoy, handoff, resume, supervision};

/// Starting a worker is mostly waiting, for the disk and for the worker.
const THREADS: usize = 6;

/// So much of a log goes into the reason of an escalation.
const TAIL_LINES: usize = 12;
const TAIL_CHARS: usize = 2000;

/// One thing to do.
#[derive(Debug, Clone)]
pub(crate) enum Job {
    /// What was decided about an agent.
    Act(Box<Action>),
    /// Bring the convoys up to date.
    Convoys,
    /// Work through the merge queue.
    Refine,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) job: Job,
    pub(crate) outcome: Result<Outcome, Error>,
}

/// How a job ended that did not fail.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// As it was meant to.
    Well,
    /// The worker's process ended at once.
    Ended(Option<Identity>, String),
    /// No more workers may run.
    Full,
    /// The worker could not be started, which is remembered.
    NotStarted(Event),
    /// What the refinery did.
    Refined(refinery::Summary),
}

/// The threads that do it.
#[derive(Debug)]
pub(crate) struct Hands {
    setup: Setup,
    inbox: Inbox,
    jobs: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
    refinery: Option<JoinHandle<()>>,
    /// Set once nothing new is to be begun.
    is_resting: Arc<AtomicBool>,
}

impl Hands {
    /// No thread yet.
    pub(crate) fn new(setup: Setup, inbox: Inbox) -> Self {
        Self {
            setup,
            inbox,
            jobs: None,
            threads: Vec::new(),
            refinery: None,
            is_resting: Arc::default(),
        }
    }

    /// Begins a job; its end is told to the inbox.
    pub(crate) fn begin(&mut self, job: Job) {
        if matches!(job, Job::Refine) {
            let (setup, inbox) = (self.setup.clone(), self.inbox.clone());
            let is_resting = Arc::clone(&self.is_resting);
            self.refinery = Some(thread::spawn(move || {
                let opened = Town::open(setup);
                let outcome = opened.and_then(|town| refine(&town, &is_resting));
                inbox.done(Done { job, outcome });
            }));
            return;
        }
        let jobs = match self.jobs.take() {
            Some(jobs) => jobs,
            None => self.roll_up(),
        };
        // The receivers live for as long as the sender does.
        let _ = jobs.send(job);
        self.jobs = Some(jobs);
    }

    /// Waits for the end of what was begun. Of a queue that is the merge which it is
    /// in the middle of.
    pub(crate) fn rest(mut self) {
        self.is_resting.store(true, Ordering::Relaxed);
        self.jobs = None;
        for thread in self.threads.into_iter().chain(self.refinery) {
            // What panicked has ended, too.
            let _ = thread.join();
        }
    }

    fn roll_up(&mut self) -> Sender<Job> {
        let (sender, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..THREADS {
            let (setup, inbox) = (self.setup.clone(), self.inbox.clone());
            let receiver = Arc::clone(&receiver);
            self.threads.push(thread::spawn(move || {
                while let Some(job) = next(&receiver) {
                    finish(&setup, &inbox, job);
                }
            }));
        }
        sender
    }
}

fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .recv()
        .ok()
}

fn finish(setup: &Setup, inbox: &Inbox, job: Job) {
    let outcome = Town::open(setup.clone()).and_then(|town| work(&town, &job));
    inbox.done(Done { job, outcome });
}

fn work(town: &Town, job: &Job) -> Result<Outcome, Error> {
    match job {
        Job::Act(action) => act(town, action),
        Job::Convoys => convoy::check(town)?.complete().map(|()| Outcome::Well),
        Job::Refine => refine(town, &AtomicBool::new(false)),
    }
}

fn refine(town: &Town, stop: &AtomicBool) -> Result<Outcome, Error> {
    refinery::run(town, Until::Asked(stop), &mut |_: &Report| {}).map(Outcome::Refined)
}

fn act(town: &Town, action: &Action) -> Result<Outcome, Error> {
    match action {
        Action::Start(agent) => start(town, agent),
        Action::HandOff(agent) => match handoff::complete(town, agent) {
            Ok(started) => Ok(started.map_or(Outcome::Well, begun)),
            Err(error) => Err(error),
        },
        Action::Nudge(trouble, text) => {
            supervision::nudge(town, trouble, text)?;
            Ok(Outcome::Well)
        }
        Action::Settle(agent, bead) => {
            supervision::settle(town, bead, agent)?;
            Ok(Outcome::Well)
        }
        Action::Follow(agent, bead) => {
            supervision::follow(town, bead, agent)?;
            Ok(Outcome::Well)
        }
        Action::Note(trouble) => {
            supervision::note(town, trouble)?;
            Ok(Outcome::Well)
        }
        Action::Stop(agent, nonce) => {
            supervision::stop(town, agent, nonce)?;
            Ok(Outcome::Well)
        }
        Action::Unpark(_, bead) => {
            resume::resume(town, bead, None)?;
            Ok(Outcome::Well)
        }
        Action::Escalate(ticket, reason) => {
            supervision::escalate(town, ticket, &with_tail(town, ticket, reason)?)?;
            Ok(Outcome::Well)
        }
    }
}

fn start(town: &Town, agent: &Address) -> Result<Outcome, Error> {
    match supervision::start(town, agent) {
        Ok(started) => Ok(begun(started)),
        Err(error) if error.may_pass() => Err(error),
        Err(error) => not_started(town, agent, error),
    }
}

fn begun(started: Started) -> Outcome {
    match started {
        Started::Running(_) | Started::AlreadyRunning(_) => Outcome::Well,
        Started::Full { .. } => Outcome::Full,
        Started::EndedAtOnce {
            session, status, ..
        } => Outcome::Ended(session.process.and_then(|it| it.parse().ok()), status),
    }
}

/// A worker that cannot be started is tried again as one that crashed.
fn not_started(town: &Town, agent: &Address, error: Error) -> Result<Outcome, Error> {
    let Some(ticket) = town.store.read::<Ticket>(agent)? else {
        return Err(error);
    };
    let before = supervision::recall(town, agent)?.filter(|it| it.nonce == ticket.nonce);
    // The remedy with it: nobody else remembers that.
    let how = error.in_one_line();
    let crash = Crash {
        how: &how,
        ran: Duration::ZERO,
    };
    let settings = &town.user()?.watcher;
    let trouble = crashed(before.as_ref(), &ticket, settings, &crash, Timestamp::now());
    let trouble = supervision::Supervision {
        counted: before.and_then(|it| it.counted),
        ..trouble
    };
    if !supervision::note(town, &trouble)? {
        return Err(error);
    }
    Ok(Outcome::NotStarted(Event::Problem {
        what: format!("{agent}: {error}"),
        remedy: error.hint(),
    }))
}

fn with_tail(town: &Town, ticket: &Ticket, reason: &str) -> Result<String, Error> {
    let session = worker::session(town, &ticket.agent)?;
    let session = session.filter(|it| it.nonce == ticket.nonce);
    let tail = session
        .and_then(|it| agent::logs::tail(it.log.as_ref(), TAIL_LINES).ok())
        .unwrap_or_default();
    let tail: Vec<char> = tail.trim_end().chars().collect();
    let tail: String = tail[tail.len().saturating_sub(TAIL_CHARS)..]
        .iter()
        .collect();
    Ok(if tail.is_empty() {
        reason.to_owned()
    } else {
        format!("{reason}\n\nThe end of its log:\n{tail}")
    })
}
