//! What is not as it should be, and bringing it forward.
//!
//! Completes what a killed command left half done, by the same decisions that
//! every writing command makes before it begins. Never deletes work: whatever
//! needs a decision is reported with what to do.

mod workers;

use crate::error::Error;
use crate::work::{self, Finding, Situation, settle};
use crate::{Town, convoy};
use model::{Bead, Graph, Hook, Status, Ticket};
use std::collections::BTreeSet;
use store::{Lock, Problem};

/// One thing that was found or fixed.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What is, or was, wrong, with the place.
    pub what: String,
    /// What a person can do about it.
    pub remedy: Option<String>,
    /// Whether `--fix` completes it.
    pub can_fix: bool,
}

/// What an examination found, and what was fixed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// What was done.
    pub fixed: Vec<Item>,
    /// What is left.
    pub found: Vec<Item>,
}

impl Item {
    fn fix(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: None,
            can_fix: true,
        }
    }

    fn report(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: Some(remedy.into()),
            can_fix: false,
        }
    }
}

/// Looks at everything. Writes nothing.
pub fn examine(town: &Town) -> Result<Report, Error> {
    let mut found = fixable(town)?;
    found.extend(reports(town)?);
    Ok(Report {
        fixed: Vec::new(),
        found,
    })
}

/// Repairs what can be, and says what is left.
pub fn fix(town: &Town) -> Result<Report, Error> {
    let mut fixed = Vec::new();
    git_side(town, &mut fixed)?;
    for ticket in town.store.tickets()?.records {
        let work = town
            .store
            .lock(&[Lock::bead(&ticket.bead), Lock::hook(&ticket.agent)])?;
        for step in work::repair(town, &work, &ticket.bead, &ticket.agent)? {
            fixed.push(Item::fix(step.describe(&ticket.agent, &ticket.bead)));
        }
    }
    fixed.extend(workers::fix(town)?);
    for path in town.store.temporary_files()? {
        if town.store.remove_temporary(&path)? {
            fixed.push(Item::fix(format!(
                "{}: removed, a killed command left it",
                path.display()
            )));
        }
    }
    for changed in convoy::check(town)?.changed {
        fixed.push(Item::fix(format!(
            "{}: brought up to date with its beads",
            changed.convoy.id
        )));
    }
    Ok(Report {
        fixed,
        found: examine(town)?.found,
    })
}

fn git_side(town: &Town, fixed: &mut Vec<Item>) -> Result<(), Error> {
    let landing = git::land::recover(town.common());
    match landing {
        Ok(None) => {}
        Ok(Some(recovered)) => fixed.push(Item::fix(format!(
            "a landing that was cut short: {recovered:?}"
        ))),
        Err(error) => {
            return Err(Error::refused(
                format!("a landing was cut short and cannot be completed: {error}"),
                "see to what it names, then repeat",
            ));
        }
    }
    let repaired = git::worktree::repair(town.common())?;
    for tree in repaired.relinked {
        fixed.push(Item::fix(format!(
            "worktree {tree:?}: linked to this clone again"
        )));
    }
    for path in repaired.collected {
        fixed.push(Item::fix(format!(
            "{path:?}: removed, half a worktree that a killed command left"
        )));
    }
    Ok(())
}

fn fixable(town: &Town) -> Result<Vec<Item>, Error> {
    let mut items = Vec::new();
    for ticket in town.store.tickets()?.records {
        let situation = Situation::read(town, &ticket.bead, &ticket.agent)?;
        for finding in settle(&situation) {
            items.push(match finding {
                Finding::Half(step) => Item::fix(step.describe(&ticket.agent, &ticket.bead)),
                Finding::Report(what) => Item::report(
                    what,
                    format!("`gt release {}`, or restore the file", ticket.bead),
                ),
            });
        }
    }
    for path in town.store.temporary_files()? {
        items.push(Item::fix(format!(
            "{}: a temporary file that a killed command left",
            path.display()
        )));
    }
    items.extend(workers::found(town)?);
    for convoy in convoy::stale(town)? {
        items.push(Item::fix(format!(
            "{convoy}: it is not up to date with its beads"
        )));
    }
    Ok(items)
}

fn reports(town: &Town) -> Result<Vec<Item>, Error> {
    let problem = |it: Problem| Item::report(it.to_string(), it.remedy);
    let mut items: Vec<Item> = town.store.problems()?.into_iter().map(problem).collect();
    let hooks = town.store.hooks()?.records;
    let tickets = town.store.tickets()?.records;
    items.extend(strange_hooks(town, &hooks, &tickets)?);
    let snapshot = town.store.load()?;
    items.extend(unheld(&snapshot.beads, &hooks, &tickets));
    items.extend(graph(&snapshot.beads));
    Ok(items)
}

/// Hooks of this host that it has no ticket for. Those of other hosts are
/// their own affair.
fn strange_hooks(town: &Town, hooks: &[Hook], tickets: &[Ticket]) -> Result<Vec<Item>, Error> {
    let host = town.store.host()?;
    let is_strange = |hook: &&Hook| {
        Some(&hook.host) == host.as_ref()
            && !tickets.iter().any(|ticket| ticket.agent == hook.agent)
    };
    let describe = |hook: &Hook| {
        Item::report(
            format!(
                "the hook of {} holds {}, without a ticket: it came by git or by hand",
                hook.agent, hook.bead
            ),
            format!(
                "remove {}, or hand it out anew: `gt sling {} --force`",
                town.store.path_of::<Hook>(&hook.agent).display(),
                hook.bead
            ),
        )
    };
    Ok(hooks.iter().filter(is_strange).map(describe).collect())
}

/// Beads that say an agent has them, and no agent has.
fn unheld(beads: &[Bead], hooks: &[Hook], tickets: &[Ticket]) -> Vec<Item> {
    let held: BTreeSet<_> = hooks
        .iter()
        .map(|hook| &hook.bead)
        .chain(tickets.iter().map(|ticket| &ticket.bead))
        .collect();
    let needs_hook = |bead: &&Bead| match bead.status {
        Status::Hooked | Status::Escalated => true,
        Status::InProgress => bead.agent().is_some_and(|agent| agent.is_spawned()),
        _ => false,
    };
    beads
        .iter()
        .filter(needs_hook)
        .filter(|bead| !held.contains(&bead.id))
        .map(|bead| {
            Item::report(
                format!("{} is {}, and no hook holds it", bead.id, bead.status),
                format!("`gt release {}` gives it back", bead.id),
            )
        })
        .collect()
}

fn graph(beads: &[Bead]) -> Vec<Item> {
    let graph = Graph::new(beads);
    let dangling = graph.dangling().iter().map(|(from, to)| {
        Item::report(
            format!("{from} depends on {to}, which is not there"),
            format!("`bd dep remove {from} {to}`, or import the bead"),
        )
    });
    let cycles = graph.cycles().into_iter().map(|path| {
        let path: Vec<String> = path.iter().map(ToString::to_string).collect();
        Item::report(
            format!(
                "the beads {} wait for each other in a circle",
                path.join(" -> ")
            ),
            "remove one of the dependencies: `bd dep remove`",
        )
    });
    dangling.chain(cycles).collect()
}
