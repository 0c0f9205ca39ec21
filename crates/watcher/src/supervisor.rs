//! The half of a watcher that acts: it is alone in its clone, hands out what
//! was decided, runs the refinery, and keeps the journal.

use crate::alone::Alone;
use crate::chronicle::Chronicle;
use crate::decide::{self, Action, Verdict};
use crate::error::Error;
use crate::facts::{Hold, Running};
use crate::hands::{Done, Hands, Job, Outcome};
use crate::input::Inbox;
use crate::ledger::Thing;
use crate::refining::Refining;
use crate::snapshot::{Policy, Snapshot};
use crate::tidying::Tidying;
use crate::world::{Change, World};
use jiff::Timestamp;
use model::{Address, Bead, Fault, Hook};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use store::Located;
use town::events::{self, Event};
use town::{Setup, Town};

/// For how long an agent is left alone after a step that did not help.
const HOLD: Duration = Duration::from_secs(1);

/// The same after one that failed.
const LONG_HOLD: Duration = Duration::from_secs(60);

/// Why a step for an agent failed is told under this and its address.
const STEP: &str = "step ";

/// What keeps convoys from being brought up to date is told under this.
const CONVOYS: &str = "convoys";

/// Where an agent stands is told under this and its address.
const AGENT: &str = "agent ";

/// What acts.
#[derive(Debug)]
pub(crate) struct Supervisor {
    alone: Alone,
    hands: Hands,
    chronicle: Chronicle,
    refining: Refining,
    tidying: Tidying,
    /// What people were told of and still is so.
    told: BTreeMap<String, Event>,
}

impl Supervisor {
    pub(crate) fn new(alone: Alone, setup: Setup, inbox: Inbox, located: &Located) -> Self {
        let private = located.common.join(store::locate::MARKER);
        Self {
            alone,
            hands: Hands::new(setup, inbox),
            chronicle: Chronicle::new(&private, events::mark(located)),
            refining: Refining::default(),
            tidying: Tidying::default(),
            told: BTreeMap::new(),
        }
    }

    /// That no other watcher can have begun.
    pub(crate) fn check_alone(&self) -> Result<(), Error> {
        if self.alone.still_stands() {
            return Ok(());
        }
        Err(Error::LockLost(self.alone.path().to_owned()))
    }

    /// Everything is about to be looked at.
    pub(crate) fn begin_round(&mut self, town: &Town) {
        self.refining.look(town);
    }

    /// Somebody approved commands, or took that back.
    pub(crate) fn look_at_trust(&mut self, town: &Town) {
        self.refining.look_at_trust(town);
    }

    /// Which beads and hooks were removed while nobody watched. Asked once
    /// everything was seen; what may be passing is not told.
    pub(crate) fn vanished(&mut self, town: &Town, world: &World) -> Vec<Event> {
        let now = Instant::now();
        self.chronicle.end_with(|thing| match thing {
            Thing::Bead(id) => {
                !world.knows_bead(id)
                    && matches!(town.store.glance::<Bead>(id, now), Ok(Some(None)))
            }
            Thing::Hook(agent) => {
                !world.knows_hook(agent)
                    && matches!(town.store.glance::<Hook>(agent, now), Ok(Some(None)))
            }
        })
    }

    /// Everything was seen once.
    pub(crate) fn ready(&mut self) -> Result<(), Error> {
        self.tidying.touch();
        self.refining.touch();
        self.alone.sign_ready()
    }

    /// Waits for the end of what was begun. Whoever wants a watcher meanwhile is told
    /// that this one is none any more.
    pub(crate) fn rest(self) {
        // Where it cannot be written it is not known, and nothing else is lost.
        let _ = self.alone.sign_stopping();
        self.hands.rest();
    }

    /// Keeps what was seen to happen to one thing, if nobody told it yet.
    pub(crate) fn keep(&mut self, events: &[Event]) {
        self.chronicle.see(events);
    }

    /// What of this, which was there at the beginning, has changed while nobody
    /// watched.
    pub(crate) fn missed(&mut self, events: Vec<Event>) -> Vec<Event> {
        self.chronicle.begin_with(events)
    }

    /// Beads that changed may concern convoys.
    pub(crate) fn note_changes(&mut self, changes: &[Change]) {
        if changes.iter().any(|it| matches!(it, Change::Bead(..))) {
            self.tidying.touch();
        }
    }

    /// A worker ended whose attempt was over: its worktree may go.
    pub(crate) fn note_late_end(&mut self) {
        self.refining.touch();
    }

    /// Hands out what is due.
    pub(crate) fn step(
        &mut self,
        town: &Town,
        world: &World,
        running: &mut Running,
        snapshot: &Snapshot,
        policy: &Policy,
    ) -> Result<(Vec<Event>, Option<Instant>), Error> {
        let decision = decide::decide(snapshot, policy, Timestamp::now());
        if !decision.actions.is_empty() {
            self.check_alone()?;
        }
        for action in decision.actions {
            running.busy.insert(action.agent().clone(), Instant::now());
            expect_echo(&action, running);
            self.hands.begin(Job::Act(Box::new(action)));
        }
        let now = Instant::now();
        let refines = policy.settings.refinery;
        if refines && self.refining.is_due(&world.queue, now) {
            self.refining.begin(&world.queue, now);
            self.hands.begin(Job::Refine);
        }
        if world.is_complete() && self.tidying.is_due(town, now) {
            self.tidying.begin();
            self.hands.begin(Job::Convoys);
        }
        let times = [
            decision.wake.map(|after| now + after),
            running.held.values().map(|hold| hold.until).min(),
            self.refining.wake(&world.queue).filter(|_| refines),
            self.tidying.wake(),
        ];
        let wake = times.into_iter().flatten().min();
        Ok((self.notable(&decision.verdicts), wake))
    }

    /// Takes in what came of a job; says whose files to look at.
    pub(crate) fn take_in(
        &mut self,
        done: Done,
        running: &mut Running,
    ) -> (Vec<Event>, Option<Address>) {
        match done.job {
            Job::Act(action) => {
                let agent = action.agent().clone();
                let began = running.busy.remove(&agent);
                let has_failed = done.outcome.is_err();
                let events = acted(&action, done.outcome, began, running);
                (self.once_while(&agent, has_failed, events), Some(agent))
            }
            Job::Convoys => {
                self.tidying.end(done.outcome.is_ok());
                let events = failure(CONVOYS, done.outcome.err());
                if events.is_empty() {
                    self.is_well(CONVOYS);
                }
                let new = |event| self.once(CONVOYS, event);
                (events.into_iter().filter_map(new).collect(), None)
            }
            Job::Refine => (self.refining.end(done.outcome), None),
        }
    }

    /// What fails again and again is told once for as long as it is the same.
    fn once_while(&mut self, agent: &Address, has_failed: bool, events: Vec<Event>) -> Vec<Event> {
        let about = format!("{STEP}{agent}");
        if !has_failed {
            self.is_well(&about);
            return events;
        }
        let new = |event| self.once(&about, event);
        events.into_iter().filter_map(new).collect()
    }

    /// An event, unless it was told before and nothing else since.
    pub(crate) fn once(&mut self, about: &str, event: Event) -> Option<Event> {
        if self.told.get(about) == Some(&event) {
            return None;
        }
        self.told.insert(about.to_owned(), event.clone());
        Some(event)
    }

    /// What was told about this is over.
    pub(crate) fn is_well(&mut self, about: &str) {
        self.told.remove(about);
    }

    /// What people are told of where agents stand: each time it changes.
    fn notable(&mut self, verdicts: &[Verdict]) -> Vec<Event> {
        let notable = verdicts.iter().filter(|it| it.is_notable);
        let now: BTreeMap<String, Event> = notable
            .map(|it| (format!("{AGENT}{}", it.agent), problem(it)))
            .collect();
        self.told
            .retain(|about, _| now.contains_key(about) || !about.starts_with(AGENT));
        now.into_iter()
            .filter_map(|(about, event)| self.once(&about, event))
            .collect()
    }
}

fn expect_echo(action: &Action, running: &mut Running) {
    if let Action::Nudge(trouble, _) = action
        && let Some(process) = &trouble.stalled
    {
        running.progress.expect_echo(process);
    }
}

fn problem(verdict: &Verdict) -> Event {
    let why = verdict.why.as_deref().unwrap_or(verdict.state.as_str());
    Event::Problem {
        what: format!("{}: {why}", verdict.agent),
        remedy: verdict.remedy.clone(),
    }
}

fn acted(
    action: &Action,
    outcome: Result<Outcome, town::Error>,
    began: Option<Instant>,
    running: &mut Running,
) -> Vec<Event> {
    let agent = action.agent();
    expect_echo(action, running);
    let pause = pause_after(action, outcome.is_ok(), running);
    let mut hold = |how_long, unless_touched_since| {
        let hold = Hold {
            until: Instant::now() + how_long,
            unless_touched_since,
        };
        running.held.insert(agent.clone(), hold);
    };
    match outcome {
        // Where it helped its files have changed, and the next step may be due.
        Ok(Outcome::Well) if matches!(action, Action::Settle(..)) => hold(LONG_HOLD, began),
        // Its end is seen at once, where it has come to that.
        Ok(Outcome::Well) if matches!(action, Action::Stop(..)) => hold(HOLD, None),
        Ok(Outcome::Well) if matches!(action, Action::Follow(..)) => {
            running.told.insert(agent.clone());
        }
        Ok(Outcome::Full) => hold(HOLD, None),
        Ok(Outcome::Ended(Some(process), how)) => running.ends.learn(agent, &process, &how),
        Ok(Outcome::NotStarted(event)) => return vec![event],
        Ok(_) => {}
        Err(error) => {
            hold(pause, None);
            return failure(&agent.to_string(), Some(error));
        }
    }
    Vec::new()
}

/// For how long an agent is left alone if this step failed: after a start, twice
/// as long each time in a row.
fn pause_after(action: &Action, is_ok: bool, running: &mut Running) -> Duration {
    let Action::Start(agent) = action else {
        return LONG_HOLD;
    };
    if is_ok {
        running.in_vain.remove(agent);
        return HOLD;
    }
    let times = running.in_vain.entry(agent.clone()).or_default();
    let pause = HOLD.saturating_mul(2_u32.saturating_pow(*times));
    *times += 1;
    pause.min(LONG_HOLD)
}

pub(crate) fn failure(what: &str, error: Option<town::Error>) -> Vec<Event> {
    let told = error.map(|error| Event::Problem {
        what: format!("{what}: {error}"),
        remedy: error.hint(),
    });
    told.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Class;

    #[test]
    fn a_start_that_fails_again_and_again_is_tried_ever_more_seldom() {
        let agent = Address::parse("app/polecats/toast").unwrap();
        let action = Action::Start(agent.clone());
        let mut running = Running::default();
        let fails = |running: &mut Running| {
            let began = Instant::now();
            let held = Err(town::Error::new(Class::Busy, "it is locked"));
            acted(&action, held, None, running);
            running.held[&agent].until - began
        };
        let pauses: Vec<Duration> = (0..40).map(|_| fails(&mut running)).collect();
        assert!(pauses[0] < 2 * HOLD);
        assert!(pauses[1] >= 2 * HOLD && pauses[2] >= 4 * HOLD);
        assert!(pauses[39] >= LONG_HOLD && pauses[39] < 2 * LONG_HOLD);
        acted(&action, Ok(Outcome::Well), None, &mut running);
        assert!(fails(&mut running) < 2 * HOLD, "it begins anew");
    }
}
