//! When the refinery runs: at once when work is completed, again after a growing
//! pause while something waits in its queue, and to remove the worktrees of what
//! has landed: once at the beginning, and when a worker leaves one late.

use crate::hands::Outcome;
use crate::stamp::Stamp;
use crate::supervisor::failure;
use model::{Class, Fault, Id};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use town::Town;
use town::events::Event;
use town::refinery::{self, Report};
use town::trust;

const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// Whoever is about to tidy up is let do so.
const QUIET: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Whether it runs, and when it does next.
#[derive(Debug, Default)]
pub(crate) struct Refining {
    is_running: bool,
    seen: BTreeSet<Id>,
    /// A run that was killed has to be completed, whatever waits.
    was_killed: bool,
    /// How often in a row nothing came to an end.
    in_vain: u32,
    again_at: Option<Instant>,
    /// When what landed work may have left is looked for.
    tidy_at: Option<Instant>,
    /// Whether it is looked for now.
    is_tidying: bool,
    told: BTreeSet<String>,
    /// The approvals, as they were looked at last.
    trust: Option<Stamp>,
}

impl Refining {
    /// A run may have been killed: asked when everything is looked at.
    pub(crate) fn look(&mut self, town: &Town) {
        self.was_killed = !self.is_running && refinery::is_marked(town);
        self.look_at_trust(town);
    }

    /// What waited for somebody's word may go on.
    pub(crate) fn look_at_trust(&mut self, town: &Town) {
        let path = town.store.private_path().join(trust::FILE);
        // What cannot be looked at is looked at again.
        self.see_trust(Stamp::of(&path).ok().flatten());
    }

    fn see_trust(&mut self, now: Option<Stamp>) {
        let is_still = |now: &Stamp| self.trust.is_some_and(|last| now.is_still(&last));
        if now.as_ref().is_some_and(|now| !is_still(now)) {
            self.again_at = None;
            self.in_vain = 0;
        }
        self.trust = now;
    }

    /// Whether it has to run now.
    pub(crate) fn is_due(&self, queue: &BTreeSet<Id>, now: Instant) -> bool {
        let is_time = || self.again_at.is_none_or(|at| now >= at);
        let has_work = !queue.is_empty() && (!queue.is_subset(&self.seen) || is_time());
        let is_tidying = self.tidy_at.is_some_and(|at| now >= at);
        !self.is_running && (has_work || self.was_killed || is_tidying)
    }

    /// Something that has landed may have left its worktree.
    pub(crate) fn touch(&mut self) {
        self.tidy_at = Some(Instant::now() + QUIET);
    }

    /// When it runs although nothing happens.
    pub(crate) fn wake(&self, queue: &BTreeSet<Id>) -> Option<Instant> {
        let again = self.again_at.filter(|_| !queue.is_empty());
        let times = [again, self.tidy_at].into_iter().flatten();
        times.min().filter(|_| !self.is_running)
    }

    /// It runs. What is to be looked for later is not looked for yet.
    pub(crate) fn begin(&mut self, queue: &BTreeSet<Id>, now: Instant) {
        self.is_running = true;
        self.is_tidying = self.tidy_at.take_if(|at| now >= *at).is_some();
        self.was_killed = false;
        self.seen.clone_from(queue);
    }

    /// It has run. Failures are told once.
    pub(crate) fn end(&mut self, outcome: Result<Outcome, town::Error>) -> Vec<Event> {
        self.is_running = false;
        let is_left = std::mem::take(&mut self.is_tidying) && outcome.is_err();
        let (has_moved, events) = match outcome {
            Ok(Outcome::Refined(summary)) => {
                let has_moved = summary.results.iter().any(Report::is_an_end);
                (
                    has_moved,
                    summary.results.iter().filter_map(trouble).collect(),
                )
            }
            Ok(_) => (true, Vec::new()),
            // Somebody runs it by hand.
            Err(error) if error.class() == Class::Busy => (false, Vec::new()),
            Err(error) => (false, failure("refinery", Some(error))),
        };
        self.in_vain = if has_moved { 0 } else { self.in_vain + 1 };
        let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(self.in_vain.min(10)));
        let again_at = Instant::now() + pause.min(LONGEST_PAUSE);
        self.again_at = Some(again_at);
        if is_left {
            self.tidy_at.get_or_insert(again_at);
        }
        self.new_ones(events)
    }

    fn new_ones(&mut self, events: Vec<Event>) -> Vec<Event> {
        let texts: BTreeSet<String> = events.iter().map(ToString::to_string).collect();
        let before = std::mem::replace(&mut self.told, texts);
        let is_new = |event: &Event| !before.contains(&event.to_string());
        events.into_iter().filter(is_new).collect()
    }
}

fn trouble(report: &Report) -> Option<Event> {
    let (what, remedy) = match report {
        Report::Failed { hint, .. } => (report.to_string(), hint.clone()),
        Report::Unreadable { problem, remedy } => (problem.clone(), Some(remedy.clone())),
        Report::Waiting { .. } => (report.to_string(), None),
        _ => return None,
    };
    Some(Event::Problem { what, remedy })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(ids: &[&str]) -> BTreeSet<Id> {
        ids.iter().map(|id| Id::parse(id).unwrap()).collect()
    }

    #[test]
    fn new_work_is_taken_at_once_and_what_waits_after_a_pause() {
        let mut refining = Refining::default();
        let (one, two) = (queue(&["gt-mr-a.1"]), queue(&["gt-mr-a.1", "gt-mr-b.1"]));
        let now = Instant::now();
        assert!(!refining.is_due(&queue(&[]), now));
        assert!(refining.is_due(&one, now));
        refining.begin(&one, now);
        assert!(!refining.is_due(&two, now), "one at a time");
        let summary = town::refinery::Summary::default();
        assert!(refining.end(Ok(Outcome::Refined(summary))).is_empty());
        assert!(!refining.is_due(&one, now), "it waits");
        assert!(refining.is_due(&two, now), "new work does not");
        assert!(refining.is_due(&one, now + LONGEST_PAUSE));
        refining.was_killed = true;
        assert!(refining.is_due(&queue(&[]), now), "nothing waits behind it");
    }

    #[test]
    fn what_may_have_been_left_is_looked_for_once() {
        let (mut refining, none) = (Refining::default(), queue(&[]));
        assert_eq!(refining.wake(&none), None);
        refining.touch();
        let then = refining.wake(&none).unwrap();
        assert!(!refining.is_due(&none, then - QUIET));
        assert!(refining.is_due(&none, then));
        refining.begin(&none, then);
        refining.end(Ok(Outcome::Refined(town::refinery::Summary::default())));
        assert_eq!(refining.wake(&none), None);
        assert!(!refining.is_due(&none, then + LONGEST_PAUSE));
    }

    #[test]
    fn what_could_not_be_looked_for_is_looked_for_again() {
        let (mut refining, none) = (Refining::default(), queue(&[]));
        refining.touch();
        let then = refining.wake(&none).unwrap();
        refining.begin(&none, then - QUIET);
        refining.end(Ok(Outcome::Refined(town::refinery::Summary::default())));
        assert_eq!(refining.wake(&none), Some(then), "it was too early for it");
        refining.begin(&none, then);
        let failed = town::Error::environment("the disk is full", "free some space");
        assert_eq!(refining.end(Err(failed)).len(), 1);
        let again = refining.wake(&none).unwrap();
        assert!(refining.is_due(&none, again));
    }

    #[test]
    fn what_waited_for_approval_is_taken_as_soon_as_there_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(trust::FILE);
        let stamp = || Stamp::of(&path).unwrap();
        let (mut refining, one) = (Refining::default(), queue(&["gt-mr-a.1"]));
        for text in ["one", "one and another"] {
            refining.see_trust(stamp());
            let now = Instant::now();
            refining.begin(&one, now);
            refining.end(Ok(Outcome::Refined(town::refinery::Summary::default())));
            refining.see_trust(stamp().filter(|_| text == "one"));
            assert!(!refining.is_due(&one, now), "it waits");
            std::fs::write(&path, text).unwrap();
            refining.see_trust(stamp());
            assert!(refining.is_due(&one, now), "{text}");
        }
    }
}
