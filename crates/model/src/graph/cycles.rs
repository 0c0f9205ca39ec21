//! Cycles: beads that would wait for each other for ever.
//!
//! Only what affects readiness counts. A bead waits for what it needs, and,
//! because a child is blocked while its parent is, for its parent. So an epic
//! that depends on its own child is a cycle: the child would wait for the
//! epic, the epic for the child. It is refused, and found in imported data.
//!
//! Waiting for the children of a bead is waiting for a node of its own, its
//! "brood", which waits for the bead and for each child: a bead that becomes a
//! child later closes a cycle, too. A path names a brood by its bead.
//!
//! Whether beads are closed makes no difference: they can be reopened.

use super::{Graph, components::strongly_connected};
use crate::{DependencyType, Id};
use std::collections::{HashMap, VecDeque};

impl Graph<'_> {
    /// The cycle that a new dependency of `from` on `to` would close, as the
    /// path from `from` back to `from`; none if it closes none.
    pub fn would_cycle(&self, from: &Id, to: &Id, kind: &DependencyType) -> Option<Vec<Id>> {
        if !kind.affects_readiness() {
            return None;
        }
        if from == to {
            return Some(vec![from.clone(), to.clone()]);
        }
        let (start, end) = (*self.index.get(from)?, *self.index.get(to)?);
        let waits = Waits {
            graph: self,
            added: self.edges_of(start, end, kind),
        };
        waits.added.iter().find_map(|&(tail, head)| {
            let mut path = waits.path(head, tail)?;
            match tail == start {
                true => path.insert(0, start),
                false => path.push(start),
            }
            Some(self.name_path(&path))
        })
    }

    /// The shortest cycle that a bead is on, from the bead back to itself.
    pub fn cycle_through(&self, id: &Id) -> Option<Vec<Id>> {
        let &at = self.index.get(id)?;
        let path = self.waits().path(at, at)?;
        Some(self.name_path(&path))
    }

    /// For every group of beads that wait for each other, the shortest cycle
    /// through the first of them by ID, from it back to itself. By ID.
    pub fn cycles(&self) -> Vec<Vec<Id>> {
        let waits = self.waits();
        let groups = strongly_connected(self.beads.len() * 2, |node| waits.successors(node));
        let mut cycles: Vec<Vec<Id>> = groups
            .into_iter()
            .filter(|group| group.len() > 1 || waits.successors(group[0]).contains(&group[0]))
            .filter_map(|group| {
                let beads = group.into_iter().filter(|&node| node < self.beads.len());
                let first = beads.map(|at| &self.beads[at].id).min()?;
                self.cycle_through(first)
            })
            .collect();
        cycles.sort();
        cycles
    }

    fn waits(&self) -> Waits<'_> {
        Waits {
            graph: self,
            added: Vec::new(),
        }
    }

    fn brood(&self, at: usize) -> usize {
        at + self.beads.len()
    }

    fn edges_of(&self, from: usize, to: usize, kind: &DependencyType) -> Vec<(usize, usize)> {
        match kind.as_str() {
            "parent-child" => vec![(from, to), (self.brood(to), from)],
            "waits-for" => vec![(from, self.brood(to))],
            _ => vec![(from, to)],
        }
    }

    fn name_path(&self, path: &[usize]) -> Vec<Id> {
        let mut names: Vec<Id> = path
            .iter()
            .map(|node| self.beads[node % self.beads.len()].id.clone())
            .collect();
        names.dedup();
        if let [only] = names.as_slice() {
            names = vec![only.clone(), only.clone()];
        }
        names
    }
}

/// Who waits for whom: beads, then their broods.
struct Waits<'g> {
    graph: &'g Graph<'g>,
    added: Vec<(usize, usize)>,
}

impl Waits<'_> {
    fn successors(&self, node: usize) -> Vec<usize> {
        let count = self.graph.beads.len();
        let mut to = match node.checked_sub(count) {
            None => self.awaited_by_bead(node),
            Some(of) => self.awaited_by_brood(of),
        };
        let added = self.added.iter().filter(|(tail, _)| *tail == node);
        to.extend(added.map(|(_, head)| *head));
        to
    }

    fn awaited_by_bead(&self, at: usize) -> Vec<usize> {
        let node = &self.graph.nodes[at];
        let needs = node.needs.iter().filter_map(|&(to, kind)| {
            let awaited = match kind.as_str() {
                "waits-for" => self.graph.brood(to),
                _ => to,
            };
            kind.affects_readiness().then_some(awaited)
        });
        node.parents.iter().copied().chain(needs).collect()
    }

    fn awaited_by_brood(&self, of: usize) -> Vec<usize> {
        let children = self.graph.nodes[of].children.iter().copied();
        std::iter::once(of).chain(children).collect()
    }

    /// The shortest path of at least one edge.
    fn path(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let mut came_from = HashMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            for next in self.successors(node) {
                if came_from.contains_key(&next) {
                    continue;
                }
                came_from.insert(next, node);
                if next == to {
                    return Some(trace(&came_from, from, to));
                }
                queue.push_back(next);
            }
        }
        None
    }
}

fn trace(came_from: &HashMap<usize, usize>, from: usize, to: usize) -> Vec<usize> {
    let mut path = vec![to];
    let mut node = came_from[&to];
    while node != from {
        path.push(node);
        node = came_from[&node];
    }
    path.push(from);
    path.reverse();
    path
}
