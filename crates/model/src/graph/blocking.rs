//! Who has to wait, and for whom.
//!
//! A closed bead is never blocked and passes no blockage on.

use super::{Graph, Node};
use crate::{Bead, Id};

/// One bead that has to be closed before another may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocker<'a> {
    /// The bead that has to be closed.
    pub id: &'a Id,
    /// The ancestor that is blocked by it, when the bead itself is not.
    pub ancestor: Option<&'a Id>,
    /// The bead whose children are waited for, if the blocker is one of them.
    pub child_of: Option<&'a Id>,
}

impl<'a> Graph<'a> {
    /// Whether a bead has to wait for another.
    ///
    /// It does while a bead that it needs (`blocks`, `conditional-blocks`) is
    /// open, while one whose children it `waits-for` has an open child, and
    /// while its parent has to wait. A parent that is only open blocks nobody.
    pub fn is_blocked(&self, id: &Id) -> bool {
        self.index.get(id).is_some_and(|&at| self.blocked[at])
    }

    /// The beads that have to be closed first, its own before those of its
    /// ancestors. Empty exactly when the bead is not blocked.
    pub fn blockers(&self, id: &Id) -> Vec<&'a Id> {
        let mut ids = Vec::new();
        for blocker in self.why_blocked(id) {
            if !ids.contains(&blocker.id) {
                ids.push(blocker.id);
            }
        }
        ids
    }

    /// Every reason why the bead has to wait.
    pub fn why_blocked(&self, id: &Id) -> Vec<Blocker<'a>> {
        let Some(&at) = self.index.get(id) else {
            return Vec::new();
        };
        if !self.blocked[at] {
            return Vec::new();
        }
        let inherited = self.open_ancestors(id).into_iter().flat_map(|ancestor| {
            self.own_blockers(self.index[&ancestor.id])
                .map(move |blocker| Blocker {
                    ancestor: Some(&ancestor.id),
                    ..blocker
                })
        });
        self.own_blockers(at).chain(inherited).collect()
    }

    /// The memo behind [`Graph::is_blocked`]: from every bead that is blocked
    /// by itself down to its open descendants, each visited once.
    pub(super) fn find_blocked(&self) -> Vec<bool> {
        let is_open = |at: usize| !self.beads[at].status.is_closed();
        let mut blocked: Vec<bool> = (0..self.beads.len())
            .map(|at| is_open(at) && self.own_blockers(at).next().is_some())
            .collect();
        let mut queue: Vec<usize> = (0..blocked.len()).filter(|&at| blocked[at]).collect();
        while let Some(at) = queue.pop() {
            for &child in &self.nodes[at].children {
                if !blocked[child] && is_open(child) {
                    blocked[child] = true;
                    queue.push(child);
                }
            }
        }
        blocked
    }

    fn own_blockers(&self, at: usize) -> impl Iterator<Item = Blocker<'a>> + '_ {
        let node = &self.nodes[at];
        let here = node.needs.iter().flat_map(move |(to, kind)| {
            let target = kind.blocks_start().then_some(self.beads[*to]);
            let waited_for = (kind.as_str() == "waits-for").then_some(*to);
            let direct = target.filter(|bead| is_open(bead)).map(Blocker::direct);
            direct
                .into_iter()
                .chain(waited_for.into_iter().flat_map(|to| self.open_children(to)))
        });
        here.chain(foreign(node))
    }

    fn open_children(&self, of: usize) -> impl Iterator<Item = Blocker<'a>> + '_ {
        let parent = &self.beads[of].id;
        let children = self.nodes[of].children.iter().map(|&at| self.beads[at]);
        children.filter(|bead| is_open(bead)).map(|bead| Blocker {
            child_of: Some(parent),
            ..Blocker::direct(bead)
        })
    }
}

impl<'a> Blocker<'a> {
    fn direct(bead: &'a Bead) -> Self {
        Self {
            id: &bead.id,
            ancestor: None,
            child_of: None,
        }
    }
}

fn foreign<'g, 'a>(node: &'g Node<'a>) -> impl Iterator<Item = Blocker<'a>> + 'g {
    node.foreign_blockers.iter().map(|id| Blocker {
        id,
        ancestor: None,
        child_of: None,
    })
}

fn is_open(bead: &Bead) -> bool {
    !bead.status.is_closed()
}
