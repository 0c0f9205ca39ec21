//! Edges between beads.
//!
//! Whoever adds an edge that affects readiness holds the one lock of the
//! graph, and looks for a cycle under it: two processes that add the two halves
//! of a cycle at the same time cannot both succeed.

use crate::Town;
use crate::error::Error;
use model::{Bead, Dependency, DependencyType, Graph, Id};
use store::{Lock, Problem};

/// What adding an edge did.
#[derive(Debug)]
pub struct Added {
    /// The bead it was added to, as it is now.
    pub bead: Bead,
    /// False where it was there already.
    pub changed: bool,
    /// Files that could not be looked at when looking for cycles.
    pub problems: Vec<Problem>,
}

/// The lock that every new edge is added under.
pub(crate) fn graph_lock() -> Lock {
    Lock::named("graph")
}

/// Adds a dependency to a bead. A cycle is refused, naming it.
pub fn add(town: &Town, from: &Id, dependency: &Dependency) -> Result<Added, Error> {
    check_target(town, from, &dependency.id)?;
    let is_free = !dependency.kind.affects_readiness();
    let locks = [Lock::bead(from), graph_lock()];
    let locked = town.lock(&locks[..if is_free { 1 } else { 2 }])?;
    let before = town.store.bead(from)?;
    let mut bead = before.clone();
    if !link(&mut bead, dependency)? {
        return Ok(Added {
            bead,
            changed: false,
            problems: Vec::new(),
        });
    }
    let problems = match is_free {
        true => Vec::new(),
        false => refuse_cycle(town, before, dependency)?,
    };
    Ok(Added {
        changed: locked.save(&bead)?,
        bead,
        problems,
    })
}

/// Makes a bead part of another, or of none.
pub fn set_parent(town: &Town, id: &Id, parent: Option<&Id>) -> Result<Added, Error> {
    if let Some(parent) = parent {
        check_target(town, id, parent)?;
    }
    let locked = town.lock(&[Lock::bead(id), graph_lock()])?;
    let mut bead = town.store.bead(id)?;
    let was = model::graph::parent_ids(&bead).cloned().collect::<Vec<_>>();
    if parent.map_or(was.is_empty(), |parent| was == [parent.clone()]) {
        return Ok(Added {
            bead,
            changed: false,
            problems: Vec::new(),
        });
    }
    bead.parent = None;
    bead.dependencies
        .retain(|it| it.kind != DependencyType::parent_child());
    let mut problems = Vec::new();
    if let Some(parent) = parent {
        let edge = Dependency::new(parent.clone(), DependencyType::parent_child());
        problems = refuse_cycle(town, bead.clone(), &edge)?;
        bead.parent = Some(parent.clone());
    }
    Ok(Added {
        changed: locked.save(&bead)?,
        bead,
        problems,
    })
}

/// Removes the dependencies of `from` on `to`, of one type or of all. Returns
/// the types that were removed.
pub fn remove(
    town: &Town,
    from: &Id,
    to: &Id,
    kind: Option<&DependencyType>,
) -> Result<Vec<DependencyType>, Error> {
    let locked = town.lock(&[Lock::bead(from)])?;
    let mut bead = town.store.bead(from)?;
    let removed = unlink(&mut bead, to, kind);
    locked.save(&bead)?;
    Ok(removed)
}

/// Removes the `relates-to` edges between two beads, whichever way they lead;
/// false if there were none.
pub fn unrelate(town: &Town, one: &Id, other: &Id) -> Result<bool, Error> {
    let kind = DependencyType::parse("relates-to").expect("a standard type is one");
    let there = remove(town, one, other, Some(&kind))?;
    let back = remove(town, other, one, Some(&kind))?;
    Ok(!there.is_empty() || !back.is_empty())
}

/// What a bead depends on, its parent first.
pub fn of(bead: &Bead) -> Vec<Dependency> {
    let parent = bead
        .parent
        .iter()
        .map(|id| Dependency::new(id.clone(), DependencyType::parent_child()));
    let mut edges: Vec<Dependency> = parent.collect();
    for edge in &bead.dependencies {
        if !edges
            .iter()
            .any(|it| it.id == edge.id && it.kind == edge.kind)
        {
            edges.push(edge.clone());
        }
    }
    edges
}

/// Adds the edge to the bead; false if it is there.
pub(crate) fn link(bead: &mut Bead, dependency: &Dependency) -> Result<bool, Error> {
    if dependency.kind != DependencyType::parent_child() {
        return Ok(bead.add_dependency(dependency.clone()));
    }
    let parent = model::graph::parent_ids(bead).next().cloned();
    match parent {
        None => {
            bead.parent = Some(dependency.id.clone());
            Ok(true)
        }
        Some(parent) if parent == dependency.id => Ok(false),
        Some(parent) => Err(Error::refused(
            format!("{} is part of {parent} already", bead.id),
            format!(
                "`bd update {} --parent {}` moves it",
                bead.id, dependency.id
            ),
        )),
    }
}

fn unlink(bead: &mut Bead, to: &Id, kind: Option<&DependencyType>) -> Vec<DependencyType> {
    let is_meant = |it: &DependencyType| kind.is_none_or(|kind| kind == it);
    let mut removed = Vec::new();
    if bead.parent.as_ref() == Some(to) && is_meant(&DependencyType::parent_child()) {
        bead.parent = None;
        removed.push(DependencyType::parent_child());
    }
    bead.dependencies.retain(|it| {
        let goes = it.id == *to && is_meant(&it.kind);
        if goes {
            removed.push(it.kind.clone());
        }
        !goes
    });
    removed.dedup();
    removed
}

fn check_target(town: &Town, from: &Id, to: &Id) -> Result<(), Error> {
    if from == to {
        return Err(Error::refused(
            format!("{from} cannot depend on itself"),
            "name another issue",
        ));
    }
    require(town, to)
}

/// Refuses an edge to a bead that is not there.
pub(crate) fn require(town: &Town, id: &Id) -> Result<(), Error> {
    match town.store.has_bead(id)? {
        true => Ok(()),
        // The store's own error, with the name that may have been meant.
        false => town.store.bead(id).map(drop).map_err(Error::from),
    }
}

/// `without` is the bead as it would be without the edge.
fn refuse_cycle(town: &Town, without: Bead, edge: &Dependency) -> Result<Vec<Problem>, Error> {
    let mut snapshot = town.store.load()?;
    let id = without.id.clone();
    if let Ok(at) = snapshot.beads.binary_search_by(|bead| bead.id.cmp(&id)) {
        snapshot.beads[at] = without;
    }
    let cycle = Graph::new(&snapshot.beads).would_cycle(&id, &edge.id, &edge.kind);
    cycle.map_or(Ok(snapshot.problems), |path| Err(cycle_error(&path)))
}

/// Looks for a cycle through a bead that is about to be created.
pub(crate) fn refuse_cycle_through(town: &Town, new: &Bead) -> Result<(), Error> {
    let snapshot = town.store.load()?;
    let beads = snapshot.beads.iter().chain([new]);
    let cycle = Graph::new(beads).cycle_through(&new.id);
    cycle.map_or(Ok(()), |path| Err(cycle_error(&path)))
}

fn cycle_error(path: &[Id]) -> Error {
    let path: Vec<&str> = path.iter().map(Id::as_str).collect();
    Error::refused(
        format!("this would close a dependency cycle: {}", path.join(" -> ")),
        "remove one of these dependencies first, or use -t related, which blocks nothing",
    )
}
