//! What is wrong, and what repairs it. Pure: from the facts alone, in the order
//! in which it is to be done.

mod clone;
mod hooks;
mod merges;
mod workers;

#[cfg(test)]
mod tests;

pub(super) use clone::tree;
pub(super) use hooks::is_over;
pub(super) use workers::{is_forgotten, is_left_behind, must_stop};

use super::{Facts, Fix, Item};
use model::Address;
use std::collections::BTreeSet;
use store::Problem;

/// Everything that is not as it should be. The clone comes first: the rest
/// stands on its branches and worktrees. Workers are stopped before their tickets
/// are retired, by which they are found.
pub fn plan(facts: &Facts) -> Vec<Item> {
    let mut items = clone::items(facts);
    items.extend(facts.problems.iter().map(|it| problem(facts, it)));
    let stops = workers::stops(facts);
    let stopped: BTreeSet<&Address> = stops.keys().copied().collect();
    items.extend(stops.into_values());
    items.extend(hooks::items(facts, &stopped));
    items.extend(workers::items(facts, &stopped));
    items.extend(merges::items(facts));
    items.extend(graph(facts));
    items.extend(facts.temporary.iter().map(|path| {
        let what = format!("{}: a killed command left this file", path.display());
        Item::fix(what, Fix::RemoveTemporary(path.clone()))
    }));
    items.extend(facts.absent.iter().map(|(convoy, bead)| {
        Item::report(
            format!("{convoy} names {bead}, which is not there"),
            "bring the bead back with git, or take its entry out of the convoy's file",
        )
    }));
    items.extend(facts.convoys.iter().map(|id| {
        let what = format!("{id}: it is not up to date with its beads");
        Item::fix(what, Fix::RefreshConvoy(id.clone()))
    }));
    items
}

fn problem(facts: &Facts, problem: &Problem) -> Item {
    let remedy = match hooks::unreadable_hook(facts, &problem.path) {
        Some(first) => format!("{first}; or {}", problem.remedy),
        None => problem.remedy.clone(),
    };
    Item::report(problem.to_string(), remedy)
}

fn graph(facts: &Facts) -> Vec<Item> {
    let dangling = facts.dangling.iter().map(|(from, to)| {
        Item::report(
            format!("{from} depends on {to}, which is not there"),
            format!("`bd dep remove {from} {to}`, or import the bead"),
        )
    });
    let cycles = facts.cycles.iter().map(|path| {
        let path: Vec<String> = path.iter().map(ToString::to_string).collect();
        let path = path.join(" -> ");
        Item::report(
            format!("the beads {path} wait for each other in a circle"),
            "remove one of the dependencies: `bd dep remove`",
        )
    });
    dangling.chain(cycles).collect()
}
