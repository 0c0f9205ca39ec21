//! Where each bead of a convoy stands, and why it does not move.

mod last_word;

use super::find;
use super::recompute::{Sight, Sights, recomputed};
use crate::Town;
use crate::error::Error;
use jiff::Timestamp;
use model::{Bead, Convoy, ConvoyBead, ConvoyStatus, Graph, Hook, Id, Parked, Status, ready};
use std::collections::HashMap;
use store::{Problem, Snapshot};

/// What is to be expected of a bead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is over.
    Closed,
    /// Somebody works on it, or it waits to be merged.
    Moving,
    /// It could be begun, and nobody did.
    Ready,
    /// Something has to happen first.
    Waiting,
    /// It is missing, or its file cannot be read.
    Lost,
}

/// One bead of a convoy.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The bead, with title and status as they are now.
    pub entry: ConvoyBead,
    /// Who has it.
    pub assignee: Option<String>,
    /// The merge request of its current attempt.
    pub merge_request: Option<Id>,
    /// What is to be expected of it.
    pub state: State,
    /// Why it does not move; each completes "it …".
    pub why: Vec<String>,
}

/// A convoy with all its beads.
#[derive(Debug)]
pub struct StatusReport {
    /// The convoy, recomputed.
    pub convoy: Convoy,
    /// Its beads, in its order.
    pub beads: Vec<Standing>,
    /// Files of the store that could not be read.
    pub problems: Vec<Problem>,
}

/// Open convoys that nobody moves.
#[derive(Debug)]
pub struct Stranded {
    /// The convoys, oldest first.
    pub convoys: Vec<StatusReport>,
    /// Files of the store that could not be read.
    pub problems: Vec<Problem>,
}

/// Where the beads of a convoy stand.
pub fn status(town: &Town, id: &Id) -> Result<StatusReport, Error> {
    let convoy = find::read(town, id)?;
    let snapshot = town.store.load()?;
    let hooks = town.store.hooks()?;
    let mut report = View::new(town, &snapshot, &hooks.records).report(&convoy);
    report.problems.extend(snapshot.problems.iter().cloned());
    report.problems.extend(hooks.problems);
    Ok(report)
}

/// The open convoys with a bead that could be begun and was not, and those
/// whose beads all wait for something.
pub fn stranded(town: &Town) -> Result<Stranded, Error> {
    let convoys = town.store.convoys()?;
    let snapshot = town.store.load()?;
    let hooks = town.store.hooks()?;
    let view = View::new(town, &snapshot, &hooks.records);
    let mut reports: Vec<StatusReport> = convoys
        .records
        .iter()
        .map(|convoy| view.report(convoy))
        .filter(StatusReport::is_stranded)
        .collect();
    reports.sort_by(|a, b| {
        let key = |it: &StatusReport| (it.convoy.created_at.clone(), it.convoy.id.clone());
        key(a).cmp(&key(b))
    });
    let missing = reports.iter().flat_map(|report| report.problems.clone());
    let problems = convoys.problems.into_iter().chain(missing);
    let problems = problems
        .chain(snapshot.problems.iter().cloned())
        .chain(hooks.problems)
        .collect();
    Ok(Stranded {
        convoys: reports,
        problems,
    })
}

impl StatusReport {
    /// Whether nothing will happen to it by itself.
    pub fn is_stranded(&self) -> bool {
        let any = |state: State| self.beads.iter().any(|bead| bead.state == state);
        self.convoy.status == ConvoyStatus::Open && (any(State::Ready) || !any(State::Moving))
    }
}

/// The whole store at one moment, to judge beads by.
struct View<'a> {
    town: &'a Town,
    graph: Graph<'a>,
    hooks: HashMap<&'a Id, &'a Hook>,
    unreadable: HashMap<String, &'a Problem>,
    now: Timestamp,
}

impl<'a> View<'a> {
    fn new(town: &'a Town, snapshot: &'a Snapshot, hooks: &'a [Hook]) -> Self {
        let name = |problem: &Problem| {
            let stem = problem.path.file_stem()?;
            Some(stem.to_string_lossy().into_owned())
        };
        Self {
            town,
            graph: Graph::new(&snapshot.beads),
            hooks: hooks.iter().map(|hook| (&hook.bead, hook)).collect(),
            unreadable: snapshot
                .problems
                .iter()
                .filter_map(|problem| Some((name(problem)?, problem)))
                .collect(),
            now: town.now().timestamp(),
        }
    }

    /// The problems are those that the store itself does not report: beads
    /// that are missing.
    fn report(&self, convoy: &Convoy) -> StatusReport {
        let ids = convoy.beads.iter().map(|entry| &entry.id);
        let sights = Sights(ids.map(|id| (id.clone(), self.sight(id))).collect());
        let convoy = recomputed(convoy, &sights, &self.town.now());
        let beads = convoy.beads.iter().map(|it| self.standing(it)).collect();
        let mut problems = sights.problems(self.town, &convoy);
        problems.retain(|problem| !self.unreadable.values().any(|it| *it == problem));
        StatusReport {
            convoy,
            beads,
            problems,
        }
    }

    fn sight(&self, id: &Id) -> Sight {
        match (self.graph.get(id), self.unreadable.get(id.as_str())) {
            (Some(bead), _) => Sight::of(bead),
            (None, Some(problem)) => Sight::Unreadable((*problem).clone()),
            (None, None) => Sight::Missing,
        }
    }

    fn standing(&self, entry: &ConvoyBead) -> Standing {
        let Some(bead) = self.graph.get(&entry.id) else {
            let why = match self.unreadable.get(entry.id.as_str()) {
                Some(problem) => format!("cannot be read: {problem}"),
                None => "is missing; the convoy has it as last seen".to_owned(),
            };
            return Standing {
                entry: entry.clone(),
                assignee: None,
                merge_request: None,
                state: State::Lost,
                why: vec![why],
            };
        };
        let merge_request = self.graph.get(&bead.id.merge_request(bead.attempt));
        let hook = self
            .hooks
            .get(&bead.id)
            .filter(|hook| hook.attempt == bead.attempt);
        let parked = hook.and_then(|hook| hook.parked.as_ref());
        let (state, mut why) = judge(&self.graph, bead, parked, merge_request, self.now);
        if let Some(first) = why.first_mut()
            && let Some(said) = last_word::last_word(self.town, bead)
        {
            *first = format!("{first}: {said}");
        }
        Standing {
            entry: entry.clone(),
            assignee: bead.assignee.clone(),
            merge_request: merge_request.map(|it| it.id.clone()),
            state,
            why,
        }
    }
}

/// What is to be expected of a bead, and why it does not move.
fn judge(
    graph: &Graph<'_>,
    bead: &Bead,
    parked: Option<&Parked>,
    merge_request: Option<&Bead>,
    now: Timestamp,
) -> (State, Vec<String>) {
    match (&bead.status, parked) {
        (status, _) if status.is_closed() => (State::Closed, Vec::new()),
        (Status::Completed, _) => match merge_request.filter(|it| !it.status.is_closed()) {
            Some(it) => (
                State::Moving,
                vec![format!("waits for {} to be merged", it.id)],
            ),
            None => {
                let why = "is completed, and has no merge request that is open";
                (State::Waiting, vec![why.to_owned()])
            }
        },
        (status, Some(parked)) if status.is_on_a_hook() => (State::Waiting, vec![waits(parked)]),
        (Status::Hooked | Status::InProgress, _) => (State::Moving, Vec::new()),
        _ => match reasons(graph, bead, now) {
            why if why.is_empty() => (State::Ready, vec![idle(bead)]),
            why => (State::Waiting, why),
        },
    }
}

fn reasons(graph: &Graph<'_>, bead: &Bead, now: Timestamp) -> Vec<String> {
    let reasons = ready::explain(graph, &bead.id, now).unwrap_or_default();
    reasons.iter().map(ToString::to_string).collect()
}

fn waits(parked: &Parked) -> String {
    let note = parked.note.as_deref().and_then(|note| note.lines().next());
    let note = note.map_or_else(String::new, |note| format!(": {note}"));
    match parked.reason.as_str() {
        "escalated" => format!("is escalated{note}"),
        reason => format!("is parked on {} ({reason}){note}", parked.on),
    }
}

fn idle(bead: &Bead) -> String {
    match &bead.assignee {
        Some(name) => format!("is ready, and {name} has not begun"),
        None => "is ready, and nobody works on it".to_owned(),
    }
}

#[cfg(test)]
mod tests;
