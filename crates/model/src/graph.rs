//! The graph that the beads of a store form: who needs whom, and who is part
//! of what.
//!
//! It is built once over a whole store and answers from indices. It promises
//! to end on every input, cycles and dangling dependencies included, and never
//! changes a bead.

use crate::{Bead, DependencyType, Id};
use std::collections::HashMap;
use std::sync::LazyLock;

mod blocking;
mod components;
mod cycles;

pub use blocking::Blocker;

static PARENT_CHILD: LazyLock<DependencyType> = LazyLock::new(DependencyType::parent_child);

/// The beads of a store with the edges between them.
///
/// A bead's `parent` key and a `parent-child` dependency mean the same, and
/// count once where both are there.
#[derive(Debug)]
pub struct Graph<'a> {
    beads: Vec<&'a Bead>,
    index: HashMap<&'a Id, usize>,
    nodes: Vec<Node<'a>>,
    dangling: Vec<(&'a Id, &'a Id)>,
    blocked: Vec<bool>,
}

/// The edges of one bead, as indices into the graph's beads.
#[derive(Debug, Default)]
struct Node<'a> {
    parents: Vec<usize>,
    children: Vec<usize>,
    /// Dependencies other than `parent-child`.
    needs: Vec<(usize, &'a DependencyType)>,
    /// Open beads of other stores that have to be closed first.
    foreign_blockers: Vec<&'a Id>,
    dependents: Vec<(usize, &'a DependencyType)>,
}

/// The beads that a bead is part of, as it says itself; whether they exist is
/// another matter.
pub fn parent_ids(bead: &Bead) -> impl Iterator<Item = &Id> {
    let by_dependency = bead
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == *PARENT_CHILD)
        .map(|dependency| &dependency.id);
    bead.parent.iter().chain(by_dependency)
}

impl<'a> Graph<'a> {
    /// The graph of a store. Of beads that share an ID the first one counts.
    pub fn new(beads: impl IntoIterator<Item = &'a Bead>) -> Self {
        Self::with_foreign(beads, &HashMap::new())
    }

    /// The graph of a store whose beads depend on beads elsewhere (another
    /// rig, the archive): `foreign` says of each whether it is closed.
    pub fn with_foreign(
        beads: impl IntoIterator<Item = &'a Bead>,
        foreign: &HashMap<Id, bool>,
    ) -> Self {
        let mut graph = Self::unlinked(beads);
        for at in 0..graph.beads.len() {
            graph.link(at, foreign);
        }
        graph.blocked = graph.find_blocked();
        graph
    }

    fn unlinked(beads: impl IntoIterator<Item = &'a Bead>) -> Self {
        let beads = beads.into_iter();
        let mut index = HashMap::with_capacity(beads.size_hint().0);
        let mut unique = Vec::with_capacity(beads.size_hint().0);
        for bead in beads {
            index.entry(&bead.id).or_insert_with(|| {
                unique.push(bead);
                unique.len() - 1
            });
        }
        Self {
            nodes: unique.iter().map(|_| Node::default()).collect(),
            beads: unique,
            index,
            dangling: Vec::new(),
            blocked: Vec::new(),
        }
    }

    fn link(&mut self, at: usize, foreign: &HashMap<Id, bool>) {
        let bead = self.beads[at];
        let parent = bead.parent.iter().map(|id| (id, &*PARENT_CHILD));
        let others = bead.dependencies.iter().map(|it| (&it.id, &it.kind));
        for (target, kind) in parent.chain(others) {
            match (self.index.get(target), foreign.get(target)) {
                (Some(&to), _) => self.connect(at, to, kind),
                (None, Some(closed)) if !closed && kind.blocks_start() => {
                    self.nodes[at].foreign_blockers.push(target);
                }
                (None, Some(_)) => {}
                (None, None) if self.dangling.last() == Some(&(&bead.id, target)) => {}
                (None, None) => self.dangling.push((&bead.id, target)),
            }
        }
    }

    fn connect(&mut self, from: usize, to: usize, kind: &'a DependencyType) {
        if *kind != *PARENT_CHILD {
            self.nodes[from].needs.push((to, kind));
        } else if self.nodes[from].parents.contains(&to) {
            return;
        } else {
            self.nodes[from].parents.push(to);
            self.nodes[to].children.push(from);
        }
        self.nodes[to].dependents.push((from, kind));
    }

    /// All beads, in the order they were given.
    pub fn beads(&self) -> impl Iterator<Item = &'a Bead> + '_ {
        self.beads.iter().copied()
    }

    /// The bead of an ID.
    pub fn get(&self, id: &Id) -> Option<&'a Bead> {
        self.index.get(id).map(|&at| self.beads[at])
    }

    /// The beads that are directly part of this one, by ID.
    pub fn children(&self, id: &Id) -> Vec<&'a Bead> {
        let mut children: Vec<_> = self.node(id).map_or_else(Vec::new, |node| {
            node.children.iter().map(|&at| self.beads[at]).collect()
        });
        children.sort_by(|a, b| a.id.cmp(&b.id));
        children
    }

    /// Children, their children, and so on, by ID; never the bead itself.
    pub fn descendants(&self, id: &Id) -> Vec<&'a Bead> {
        let Some(&root) = self.index.get(id) else {
            return Vec::new();
        };
        let found = self.reach(root, |node| &node.children, |_| true);
        let mut descendants: Vec<_> = found.into_iter().map(|at| self.beads[at]).collect();
        descendants.sort_by(|a, b| a.id.cmp(&b.id));
        descendants
    }

    /// Parents, their parents, and so on, nearest first. A closed one passes
    /// nothing on: it is left out, with what only it is part of.
    pub fn open_ancestors(&self, id: &Id) -> Vec<&'a Bead> {
        let Some(&start) = self.index.get(id) else {
            return Vec::new();
        };
        let is_open = |at: usize| !self.beads[at].status.is_closed();
        let found = self.reach(start, |node| &node.parents, is_open);
        found.into_iter().map(|at| self.beads[at]).collect()
    }

    /// Beads with a dependency on this one, and how; children included. By ID.
    pub fn dependents(&self, id: &Id) -> Vec<(&'a Bead, &'a DependencyType)> {
        let mut dependents: Vec<_> = self.node(id).map_or_else(Vec::new, |node| {
            let bead = |&(at, kind)| (self.beads[at], kind);
            node.dependents.iter().map(bead).collect()
        });
        dependents.sort_by(|a, b| (&a.0.id, a.1).cmp(&(&b.0.id, b.1)));
        dependents
    }

    /// How many entries [`Graph::dependents`] has.
    pub fn dependent_count(&self, id: &Id) -> usize {
        self.node(id).map_or(0, |node| node.dependents.len())
    }

    /// Dependencies and parents that nobody knows: the bead, and the ID it
    /// names. They block nobody.
    pub fn dangling(&self) -> &[(&'a Id, &'a Id)] {
        &self.dangling
    }

    fn node(&self, id: &Id) -> Option<&Node<'a>> {
        self.index.get(id).map(|&at| &self.nodes[at])
    }

    /// What is reached from `start` over `edges` through nodes that `pass`,
    /// breadth first, without `start` itself.
    fn reach<'g>(
        &'g self,
        start: usize,
        edges: impl Fn(&'g Node<'a>) -> &'g [usize],
        pass: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut next = Some(start);
        let mut done = 0;
        while let Some(at) = next {
            for &to in edges(&self.nodes[at]) {
                if to != start && pass(to) && seen.insert(to) {
                    found.push(to);
                }
            }
            next = found.get(done).copied();
            done += 1;
        }
        found
    }
}

#[cfg(test)]
mod tests;
