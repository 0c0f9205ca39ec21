//! Beads below their parents.

use super::bead::BeadView;
use super::list::Columns;
use crate::Look;
use std::collections::{HashMap, HashSet};

/// A line for each bead, children below their parents in the order given. A
/// bead whose parent is not among them stands at the left; beads that are each
/// other's parents do too, once each.
pub fn tree(beads: &[BeadView], look: &Look) -> String {
    let rows = Rows::arrange(beads);
    let columns = Columns::of(beads).indented(rows.deepest() * STEP);
    rows.0
        .iter()
        .map(|row| columns.line(row.bead, &row.lead, look) + "\n")
        .collect()
}

/// How many columns a level takes.
const STEP: usize = 3;

struct Row<'a> {
    bead: &'a BeadView,
    lead: String,
    depth: usize,
}

struct Rows<'a>(Vec<Row<'a>>);

/// A bead that waits for its turn, with the lines that pass it on the left.
struct Pending {
    at: usize,
    depth: usize,
    rails: String,
    branch: &'static str,
    below: &'static str,
}

impl<'a> Rows<'a> {
    // Depth first with a stack of our own: a long chain of parents must not
    // exhaust the thread's.
    fn arrange(beads: &'a [BeadView]) -> Self {
        let children = children(beads);
        let below: HashSet<usize> = children.values().flatten().copied().collect();
        let roots = (0..beads.len()).filter(|at| !below.contains(at));
        let mut rows = Vec::new();
        let mut seen = vec![false; beads.len()];
        for root in roots.chain(0..beads.len()) {
            let mut stack = vec![Pending::root(root)];
            while let Some(next) = stack.pop() {
                if std::mem::replace(&mut seen[next.at], true) {
                    continue;
                }
                let bead = &beads[next.at];
                if let Some(list) = children.get(bead.id.as_str()) {
                    stack.extend(next.children(list));
                }
                rows.push(Row {
                    bead,
                    lead: format!("{}{}", next.rails, next.branch),
                    depth: next.depth,
                });
            }
        }
        Self(rows)
    }

    fn deepest(&self) -> usize {
        self.0.iter().map(|row| row.depth).max().unwrap_or(0)
    }
}

impl Pending {
    fn root(at: usize) -> Self {
        Self {
            at,
            depth: 0,
            rails: String::new(),
            branch: "",
            below: "",
        }
    }

    /// In reverse, so that the first is popped first.
    fn children(&self, list: &[usize]) -> Vec<Self> {
        let rails = format!("{}{}", self.rails, self.below);
        let child = |(behind, at): (usize, &usize)| Self {
            at: *at,
            depth: self.depth + 1,
            rails: rails.clone(),
            branch: if behind == 0 { "└─ " } else { "├─ " },
            below: if behind == 0 { "   " } else { "│  " },
        };
        list.iter().rev().enumerate().map(child).collect()
    }
}

/// The positions of each bead's children, by its ID.
fn children(beads: &[BeadView]) -> HashMap<&str, Vec<usize>> {
    let known: HashMap<&str, usize> = beads
        .iter()
        .enumerate()
        .map(|(at, bead)| (bead.id.as_str(), at))
        .collect();
    let mut children: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, bead) in beads.iter().enumerate() {
        let parent = bead.parent.as_deref();
        if let Some(parent) = parent.filter(|id| known.contains_key(id)) {
            children.entry(parent).or_default().push(at);
        }
    }
    children
}

#[cfg(test)]
mod tests {
    use super::super::samples::{child, view};
    use super::*;

    #[test]
    fn children_stand_below_their_parents() {
        let beads = [
            view("gt-abc12", "Login"),
            child("gt-abc12.k3x", "Callback", "gt-abc12"),
            child("gt-abc12.k3x.9aa", "Tests", "gt-abc12.k3x"),
            child("gt-abc12.z00", "Docs", "gt-abc12"),
            child("gt-lone1", "Parent elsewhere", "gt-other"),
        ];
        insta::assert_snapshot!(tree(&beads, &Look::default()), @r"
        gt-abc12                P2  open  task  Login
        ├─ gt-abc12.k3x         P2  open  task  Callback
        │  └─ gt-abc12.k3x.9aa  P2  open  task  Tests
        └─ gt-abc12.z00         P2  open  task  Docs
        gt-lone1                P2  open  task  Parent elsewhere
        ");
    }

    #[test]
    fn a_circle_of_parents_ends() {
        let beads = [
            child("gt-aaaaa", "A", "gt-bbbbb"),
            child("gt-bbbbb", "B", "gt-aaaaa"),
            child("gt-ccccc", "C", "gt-ccccc"),
        ];
        assert_eq!(tree(&beads, &Look::default()).lines().count(), 3);
    }

    #[test]
    fn a_deep_chain_is_no_trouble() {
        let id = |n: usize| format!("gt-{n:05}");
        let beads: Vec<BeadView> = (0..2_000).map(|n| child(&id(n), "x", &id(n + 1))).collect();
        assert_eq!(Rows::arrange(&beads).0.len(), beads.len());
    }
}
