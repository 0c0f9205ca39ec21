//! The loop: look, tell, decide, act, wait.
//!
//! Level-triggered: what woke it says only where to look. Everything is looked
//! at when it begins, when events were lost, and once a minute.

use crate::ears::Ears;
use crate::error::Error;
use crate::facts::{self, Running};
use crate::input::{Input, Inputs};
use crate::shelf::News;
use crate::snapshot::Policy;
use crate::subject::Subject;
use crate::supervisor::Supervisor;
use crate::telling;
use crate::world::{Change, World};
use agent::process::Identity;
use model::{Address, Fault};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use town::Town;
use town::events::{Event, Noticed, SessionView};
use town::worker::Limit;

/// How often everything is looked at.
const ROUND: Duration = Duration::from_secs(60);

/// What a broken configuration is told under.
const CONFIGURATION: &str = "configuration";

/// What keeps it from looking is told under this.
const LOOKING: &str = "looking";

/// How often, where the kernel does not tell.
const DEAF_ROUND: Duration = Duration::from_secs(1);

/// A watcher at work.
pub(crate) struct Watch<'t> {
    town: Town,
    ears: Ears,
    supervisor: Option<Supervisor>,
    world: World,
    running: Running,
    host: Option<String>,
    policy: Option<Policy>,
    tell: &'t mut dyn FnMut(&Noticed),
    is_first: bool,
    /// Processes that had ended before their agent was looked at.
    past: BTreeMap<Address, Identity>,
}

impl<'t> Watch<'t> {
    /// One that has seen nothing yet.
    pub(crate) fn new(
        town: Town,
        ears: Ears,
        supervisor: Option<Supervisor>,
        tell: &'t mut dyn FnMut(&Noticed),
    ) -> Self {
        Self {
            town,
            ears,
            supervisor,
            world: World::new(),
            running: Running::default(),
            host: None,
            policy: None,
            tell,
            is_first: true,
            past: BTreeMap::new(),
        }
    }

    /// Goes on until it is asked to stop, and brings what was begun to its end.
    pub(crate) fn run(mut self, inputs: &Inputs) -> Result<(), Error> {
        let result = self.go_on(inputs);
        if let Some(supervisor) = self.supervisor {
            supervisor.rest();
        }
        result
    }

    fn go_on(&mut self, inputs: &Inputs) -> Result<(), Error> {
        let mut subjects = BTreeSet::from([Subject::Everything]);
        let mut round = Instant::now();
        let mut wake = None;
        let mut is_due = true;
        loop {
            if subjects.contains(&Subject::Everything) {
                self.begin_round()?;
                round = Instant::now() + self.pause();
            }
            let was_complete = self.world.is_complete();
            let changed = match self.look(&subjects) {
                Ok(changed) => {
                    self.is_well(&subjects);
                    changed
                }
                Err(error) => {
                    // Too many open files, a disk that fails: not for ever.
                    round = round.min(Instant::now() + DEAF_ROUND);
                    self.complain(LOOKING, &error);
                    false
                }
            };
            if changed || is_due {
                wake = self.step()?;
            }
            if !was_complete && self.world.is_complete() {
                self.ready()?;
            }
            let deadline = self.deadline(round, wake);
            subjects.clear();
            is_due = false;
            for input in inputs.wait(&self.running.ends, deadline)? {
                is_due |= !matches!(input, Input::Timer);
                if matches!(input, Input::Stop) {
                    return Ok(());
                }
                self.hear(input, &mut subjects);
            }
            let now = Instant::now();
            if now >= round {
                subjects.insert(Subject::Everything);
                // Also for what no file of these says.
                is_due = true;
            }
            is_due |= wake.is_some_and(|at| now >= at);
            subjects.extend(self.world.missing());
        }
    }

    fn pause(&self) -> Duration {
        if self.ears.are_deaf() {
            DEAF_ROUND
        } else {
            ROUND
        }
    }

    fn deadline(&self, round: Instant, wake: Option<Instant>) -> Instant {
        if self.world.has_more() {
            return Instant::now();
        }
        let times = [Some(round), wake, self.world.look_again_at()];
        times.into_iter().flatten().min().unwrap_or(round)
    }

    fn hear(&mut self, input: Input, subjects: &mut BTreeSet<Subject>) {
        match input {
            Input::Files(files) => subjects.extend(files),
            Input::Overflow => {
                subjects.insert(Subject::Everything);
            }
            Input::ProcessEnded(agent) => {
                self.running.ends.reap(&agent);
                subjects.insert(Subject::Agent(agent));
            }
            Input::Done(done) => {
                if let Some(supervisor) = &mut self.supervisor {
                    let (events, agent) = supervisor.take_in(*done, &mut self.running);
                    subjects.extend(agent.map(Subject::Agent));
                    self.tell_all(events);
                }
            }
            Input::Timer | Input::Stop => {}
        }
    }

    /// What holds for a whole round: that it is alone, its configuration, and
    /// the folders that it listens to.
    fn begin_round(&mut self) -> Result<(), Error> {
        if let Some(supervisor) = &mut self.supervisor {
            supervisor.check_alone()?;
            supervisor.begin_round(&self.town);
        }
        // Listened to first, looked at then: nothing falls in between.
        self.ears.listen();
        if let Some(trouble) = self.ears.trouble() {
            self.tell_all([Event::Problem {
                what: format!("the kernel does not tell which files change: {trouble}"),
                remedy: Some("looking every second instead".to_owned()),
            }]);
        }
        self.reopen();
        if let Ok(host) = self.town.store.host() {
            self.host = host;
        }
        Ok(())
    }

    /// By the configuration as it is now; a broken one changes nothing.
    fn reopen(&mut self) {
        let opened = Town::open(self.town.setup().clone());
        let policy = opened.and_then(|town| {
            let settings = town.user()?.watcher.clone();
            let limit = Limit::of(&town)?;
            self.town = town;
            Ok(Policy { settings, limit })
        });
        match policy {
            Ok(policy) => {
                self.policy = Some(policy);
                if let Some(supervisor) = &mut self.supervisor {
                    supervisor.is_well(CONFIGURATION);
                }
            }
            Err(error) => self.complain(CONFIGURATION, &error.into()),
        }
    }

    /// Tells of trouble of its own, once for as long as it stays the same.
    fn complain(&mut self, about: &str, error: &Error) {
        let event = Event::Problem {
            what: error.to_string(),
            remedy: error.hint(),
        };
        let new = match &mut self.supervisor {
            Some(supervisor) => supervisor.once(about, event),
            None => Some(event),
        };
        self.tell_all(new);
    }

    /// Everything could be looked at.
    fn is_well(&mut self, subjects: &BTreeSet<Subject>) {
        if let Some(supervisor) = &mut self.supervisor
            && subjects.contains(&Subject::Everything)
        {
            supervisor.is_well(LOOKING);
        }
    }

    /// Looks, and tells what is new. What is seen for the first time at the
    /// beginning has not just happened.
    fn look(&mut self, subjects: &BTreeSet<Subject>) -> Result<bool, Error> {
        if subjects.contains(&Subject::Config) {
            self.reopen();
        }
        if let Some(supervisor) = &mut self.supervisor
            && subjects.contains(&Subject::Trust)
        {
            supervisor.look_at_trust(&self.town);
        }
        let mut changes = Vec::new();
        // The last folder of all is of the beginning, too.
        let was_complete = self.world.is_complete();
        let looked = self.world.look(&self.town, subjects, &mut changes);
        let further = self.world.look_at_next_folder(&self.town, &mut changes);
        // What was seen before a failure is known now, and has to be told.
        self.take_in(&changes, was_complete);
        looked.and(further)?;
        Ok(!changes.is_empty() || subjects.contains(&Subject::Config))
    }

    fn take_in(&mut self, changes: &[Change], was_complete: bool) {
        let now = Instant::now();
        for change in changes {
            if let Some(agent) = agent_of(change) {
                self.running.touched.insert(agent.clone(), now);
            }
            let events = telling::events(change);
            match change {
                Change::Session(agent, news) if self.is_past(agent, news) => {}
                _ if !self.is_beginning(change, was_complete) => self.tell_all(events),
                // Of a worker only its end is missed: its file says when it began.
                Change::Session(..) => {}
                _ => self.begin_with(events),
            }
        }
        if let Some(supervisor) = &mut self.supervisor {
            supervisor.note_changes(changes);
        }
    }

    /// Of a name that is used again the session of an earlier worker is seen
    /// first, which is no news.
    fn is_past(&mut self, agent: &Address, news: &News<SessionView>) -> bool {
        let News::Changed {
            before: None,
            after: Some(session),
        } = news
        else {
            return false;
        };
        let ticket = self.world.tickets.get(agent);
        let is_current = ticket.is_some_and(|it| it.nonce == session.nonce);
        let Some(process) = session.process.as_ref().filter(|_| !is_current) else {
            return false;
        };
        if process.is_alive().unwrap_or(true) {
            return false;
        }
        self.past.insert(agent.clone(), process.clone());
        true
    }

    fn is_beginning(&self, change: &Change, was_complete: bool) -> bool {
        match change {
            Change::Bead(_, News::Changed { before: None, .. }) => !was_complete,
            Change::Bead(_, News::Unreadable(_))
            | Change::Hook(_, News::Unreadable(_))
            | Change::Ticket(_, News::Unreadable(_))
            | Change::Session(_, News::Unreadable(_))
            | Change::Trouble(_, News::Unreadable(_))
            | Change::Convoy(_, News::Unreadable(_))
            | Change::Folder(_) => false,
            _ => self.is_first,
        }
    }

    /// Decides and acts. Says when to do so again although nothing happens.
    fn step(&mut self) -> Result<Option<Instant>, Error> {
        let Some(policy) = self.policy.clone() else {
            return Ok(None);
        };
        let suspicious = policy.settings.stalled_after;
        let host = self.host.as_deref();
        let snapshot = facts::gather(&self.town, &self.world, &mut self.running, host, suspicious);
        self.tell_ends();
        self.is_first = false;
        let Some(supervisor) = &mut self.supervisor else {
            return Ok(None);
        };
        let (events, wake) = supervisor.step(
            &self.town,
            &self.world,
            &mut self.running,
            &snapshot,
            &policy,
        )?;
        self.tell_all(events);
        Ok(wake)
    }

    fn tell_ends(&mut self) {
        for (agent, how) in self.running.ends.news() {
            if let Some(supervisor) = &mut self.supervisor
                && self.world.tickets.get(&agent).is_none()
            {
                supervisor.note_late_end();
            }
            let Some(session) = self.world.sessions.get(&agent) else {
                continue;
            };
            let event = Event::AgentExited {
                agent: agent.to_string(),
                bead: session.bead.to_string(),
                attempt: session.attempt,
                how,
            };
            let is_past =
                session.process.is_some() && self.past.get(&agent) == session.process.as_ref();
            if self.is_first || is_past {
                self.begin_with(vec![event]);
            } else {
                self.tell_all(vec![event]);
            }
        }
    }

    /// Everything was seen once.
    fn ready(&mut self) -> Result<(), Error> {
        let Some(supervisor) = &mut self.supervisor else {
            return Ok(());
        };
        for event in supervisor.vanished(&self.town, &self.world) {
            (self.tell)(&Noticed::now(event));
        }
        supervisor.ready()
    }

    /// What stands so at the beginning has not just happened, but maybe since
    /// somebody watched.
    fn begin_with(&mut self, events: Vec<Event>) {
        if let Some(supervisor) = &mut self.supervisor {
            for event in supervisor.missed(events) {
                (self.tell)(&Noticed::now(event));
            }
        }
    }

    fn tell_all(&mut self, events: impl IntoIterator<Item = Event>) {
        let events: Vec<Event> = events.into_iter().collect();
        if let Some(supervisor) = &mut self.supervisor {
            supervisor.keep(&events);
        }
        for event in events {
            (self.tell)(&Noticed::now(event));
        }
    }
}

fn agent_of(change: &Change) -> Option<&Address> {
    match change {
        Change::Hook(agent, _) | Change::Ticket(agent, _) => Some(agent),
        Change::Session(agent, _) | Change::Trouble(agent, _) => Some(agent),
        Change::Bead(..) | Change::Convoy(..) | Change::Folder(_) => None,
    }
}
