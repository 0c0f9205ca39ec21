//! The merge queue: lands completed work, or sends it back with the reason.
//!
//! Promises: exactly the head of a merge request is merged, as one commit whose
//! first parent is the target's old tip, tested as it will land, and only while
//! its bead is completed at the same attempt. A run that was killed at any point
//! is completed by the next one: what has landed is recognised by its trailers,
//! what was decided is written before it is done.
//!
//! Never: rebases, runs a command that came by git, overwrites a person's edit,
//! or removes a branch whose commits are not in what landed.
//!
//! Order: target → bead → convoys → merge request → worktree, remote branch,
//! branch. The refinery's own lock is held throughout, outside of all others.

mod candidate;
mod cleanup;
mod evidence;
mod facts;
mod gates;
mod judge;
mod memo;
mod message;
mod queue;
mod report;
pub(crate) mod rounds;
mod send_back;
mod settle;
mod target;
mod turn;
mod words;
mod wreck;

use crate::Town;
use crate::error::Error;
use model::{Class, Id};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::lock::Held;
use store::{Lock, Patience};

pub use cleanup::{Leftover, leftovers};
pub(crate) use cleanup::{can_remove, is_checked_out, remove_now};
pub use queue::{Pending, Request, pending};
pub use report::{Report, Summary};
pub(crate) use send_back::OPENING as SENT_BACK;
pub use wreck::is_marked;
pub(crate) use wreck::{is_lock, left_behind, locks_below};

/// How long a run goes on.
#[derive(Debug, Clone, Copy)]
pub enum Until<'a> {
    /// Until one merge request has landed or was sent back.
    Once,
    /// Until nothing is left that could.
    Empty,
    /// The same, unless this is set meanwhile: then the one that it is in the middle
    /// of is the last.
    Asked(&'a AtomicBool),
}

impl Until<'_> {
    /// Whether a run is over after a merge request that has reached its end, or waits.
    fn is_over(self, has_ended: bool) -> bool {
        match self {
            Self::Once => has_ended,
            Self::Empty => false,
            Self::Asked(stop) => stop.load(Ordering::Relaxed),
        }
    }
}

/// Works through the queue and tells each step as it happens. Merge requests
/// that have to wait, or fail, do not stop the others.
///
/// Of several runs in one clone the second is refused, naming the first.
pub fn run(town: &Town, until: Until<'_>, tell: &mut dyn FnMut(&Report)) -> Result<Summary, Error> {
    let _alone = alone(town)?;
    wreck::clear(town)?;
    recover(town)?;
    let _mark = has_work(town)?.then(|| wreck::mark(town)).transpose()?;
    let mut summary = Summary::default();
    let mut seen = BTreeSet::new();
    while let Some(request) = next(town, &mut seen, &mut summary, tell)? {
        let report = take(town, &request, tell);
        let has_ended = report.is_an_end();
        tell(&report);
        summary.results.push(report);
        if until.is_over(has_ended) {
            break;
        }
    }
    cleanup::clean(town, &summary, tell)?;
    Ok(summary)
}

/// Why a merge request waits: another host merges it, or what the refinery found
/// when it last looked at it. None where it has not yet.
pub fn waits(town: &Town, request: &Request) -> Result<Option<String>, Error> {
    let host = request.host(town.config());
    if town.store.host()?.as_deref() != Some(host) {
        return Ok(Some(format!("host {host} merges it, not this clone")));
    }
    waiting_reason(town, &request.bead.id)
}

/// Why a merge request waited when the refinery last looked at it.
pub fn waiting_reason(town: &Town, merge_request: &Id) -> Result<Option<String>, Error> {
    Ok(memo::read(town, merge_request)?.waits)
}

/// Says what became of a merge request that nothing waits for any more: it has
/// landed, or its bead went on without it. Nothing is merged.
pub(crate) fn conclude(town: &Town, merge_request: &Id) -> Result<(), Error> {
    let _alone = alone(town)?;
    let Some(request) = queue::read(town, merge_request)? else {
        return Ok(());
    };
    if settle::waiting_bead(town, &request)?.is_none() {
        turn::take(town, &request, &mut |_| {})?;
    }
    Ok(())
}

/// Whether no refinery is at work in this clone right now.
pub(crate) fn is_at_rest(town: &Town) -> Result<bool, Error> {
    match town.store.private() {
        Some(private) => Ok(Held::is_free(private, &Lock::named("refinery"))?),
        None => Ok(true),
    }
}

/// The processes of gates that a refinery left running which was killed, as long as
/// none is at work.
pub(crate) fn stray_gates(town: &Town) -> Result<Vec<u32>, Error> {
    if !is_marked(town) {
        return Ok(Vec::new());
    }
    let found = gates::running(town)?;
    Ok(found.into_iter().map(|process| process.pid).collect())
}

/// Stops them, unless a refinery is at work again.
pub(crate) fn stop_stray_gates(town: &Town) -> Result<(), Error> {
    let _alone = alone(town)?;
    gates::stop_all(town)
}

/// Who the refinery is, to files and commits.
fn address(town: &Town) -> model::Address {
    model::Address::Refinery(town.rig().to_owned())
}

/// The refinery's lock; it is free again as soon as its process ends, and what
/// that one was just starting has become another program. Whoever only asks
/// whether it is free has it for a moment, too.
fn alone(town: &Town) -> Result<Held, Error> {
    let a_moment = Patience {
        limit: Duration::from_millis(200),
        announce: |_| {},
    };
    let private = town.store.make_private()?;
    match Held::take(private, &[Lock::named("refinery")], a_moment) {
        Ok(held) => Ok(held),
        Err(store::Error::Busy { holder, .. }) => {
            let holder = holder.unwrap_or_else(|| "another process".to_owned());
            let message = format!("a refinery is at work in this clone already: {holder}");
            Err(Error::new(Class::Busy, message).with_hint(
                "it works through the whole queue; `gt refinery status` shows how far it is",
            ))
        }
        Err(error) => Err(error.into()),
    }
}

/// A landing that was cut short is finished, or taken back, before anything
/// looks at the target.
fn recover(town: &Town) -> Result<(), Error> {
    match git::land::recover(town.common()) {
        Ok(_) => Ok(()),
        Err(git::land::LandError::Git(error)) => Err(error.into()),
        Err(error) => Err(Error::refused(
            format!("cannot complete the landing that was cut short: {error}"),
            "finish or undo what is under way there, then run the refinery again",
        )),
    }
}

/// A run that finds nothing to do writes nothing.
fn has_work(town: &Town) -> Result<bool, Error> {
    Ok(!pending(town)?.requests.is_empty() || !leftovers(town)?.is_empty())
}

/// The first merge request in the queue that this run has not looked at. The
/// queue is read anew each time: work arrives while gates run.
fn next(
    town: &Town,
    seen: &mut BTreeSet<Id>,
    summary: &mut Summary,
    tell: &mut dyn FnMut(&Report),
) -> Result<Option<Request>, Error> {
    let pending = pending(town)?;
    if seen.is_empty() {
        for problem in &pending.problems {
            let report = Report::unreadable(problem);
            tell(&report);
            summary.results.push(report);
        }
    }
    let new = pending
        .requests
        .into_iter()
        .find(|request| seen.insert(request.bead.id.clone()));
    Ok(new)
}

fn take(town: &Town, request: &Request, tell: &mut dyn FnMut(&Report)) -> Report {
    let id = &request.bead.id;
    match turn::take(town, request, tell) {
        Ok(report) => report,
        Err(error) => Report::failed(id, &error),
    }
}
