//! The tree of a bead's dependencies, line by line.
//!
//! Each bead is expanded once, so that cycles end and a shared part is not
//! repeated; where it turns up again, the line says so.

use crate::{DependencyType, Graph, Id};
use std::collections::HashSet;

/// Which way a tree grows from its root.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// To what the bead needs and is part of.
    #[default]
    Down,
    /// To what needs it and is part of it.
    Up,
    /// Down, then up.
    Both,
}

/// One line of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeLine {
    /// 0 for the root.
    pub depth: usize,
    /// The bead, which the graph may not know.
    pub id: Id,
    /// How it hangs on the line above it; none for the root.
    pub kind: Option<DependencyType>,
    /// Whether the line lies up from the root: it needs the one that it hangs
    /// on, and not the other way round.
    pub up: bool,
    /// Whether it stood above already, with what hangs on it.
    pub repeated: bool,
}

/// The tree of a bead; the root is its first line.
pub fn tree(graph: &Graph<'_>, root: &Id, direction: Direction) -> Vec<TreeLine> {
    let mut lines = Vec::new();
    if direction != Direction::Up {
        grow(graph, root, false, &mut lines);
    }
    if direction != Direction::Down {
        let roots = lines.len().min(1);
        let mut up = Vec::new();
        grow(graph, root, true, &mut up);
        lines.extend(up.into_iter().skip(roots));
    }
    lines
}

fn grow(graph: &Graph<'_>, root: &Id, up: bool, lines: &mut Vec<TreeLine>) {
    let mut expanded = HashSet::new();
    let mut pending = vec![(0, root.clone(), None)];
    while let Some((depth, id, kind)) = pending.pop() {
        let first = expanded.insert(id.clone());
        if first {
            let mut next = neighbours(graph, &id, up);
            next.reverse();
            pending.extend(
                next.into_iter()
                    .map(|(id, kind)| (depth + 1, id, Some(kind))),
            );
        }
        lines.push(TreeLine {
            depth,
            id,
            kind,
            up,
            repeated: !first,
        });
    }
}

fn neighbours(graph: &Graph<'_>, id: &Id, up: bool) -> Vec<(Id, DependencyType)> {
    if up {
        let dependents = graph.dependents(id).into_iter();
        return dependents
            .map(|(bead, kind)| (bead.id.clone(), kind.clone()))
            .collect();
    }
    let Some(bead) = graph.get(id) else {
        return Vec::new();
    };
    let parent = bead
        .parent
        .iter()
        .map(|id| (id.clone(), DependencyType::parent_child()));
    let others = bead
        .dependencies
        .iter()
        .map(|it| (it.id.clone(), it.kind.clone()));
    let mut next: Vec<_> = parent.chain(others).collect();
    next.sort();
    next.dedup();
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bead, Dependency, Time};

    fn bead(id: &str, needs: &[&str]) -> Bead {
        let time = Time::parse("2026-01-15T10:30:00Z").unwrap();
        let mut bead = Bead::new(Id::parse(id).unwrap(), id, time, "ann");
        for need in needs {
            let id = Id::parse(need).unwrap();
            bead.add_dependency(Dependency::new(id, DependencyType::blocks()));
        }
        bead
    }

    fn drawn(beads: &[Bead], root: &str, direction: Direction) -> String {
        let draw = |line: TreeLine| {
            let mark = if line.repeated { "=" } else { "" };
            let way = if line.up { "^" } else { "" };
            format!("{}{way}{}{mark}", line.depth, &line.id.as_str()[3..])
        };
        let root = Id::parse(root).unwrap();
        let lines = tree(&Graph::new(beads), &root, direction);
        lines.into_iter().map(draw).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn shared_parts_are_expanded_once() {
        let mut beads = [
            bead("gt-a", &["gt-b", "gt-c"]),
            bead("gt-b", &["gt-d"]),
            bead("gt-c", &["gt-d", "gt-gone"]),
            bead("gt-d", &[]),
        ];
        beads[3].parent = Some(beads[0].id.clone());
        assert_eq!(
            drawn(&beads, "gt-a", Direction::Down),
            "0a 1b 2d 3a= 1c 2d= 2gone"
        );
        assert_eq!(
            drawn(&beads, "gt-b", Direction::Up),
            "0^b 1^a 2^d 3^b= 3^c 4^a="
        );
    }

    #[test]
    fn both_ways_share_the_root() {
        let beads = [
            bead("gt-a", &["gt-b"]),
            bead("gt-b", &["gt-c"]),
            bead("gt-c", &[]),
        ];
        assert_eq!(drawn(&beads, "gt-b", Direction::Both), "0b 1c 1^a");
        assert_eq!(drawn(&beads, "gt-x", Direction::Both), "0x");
    }
}
