//! The graph against its slow reference, on small stores with every kind of
//! trouble in them: cycles, dangling edges, closed parents.

use crate::{arbitrary, config, reference};
use model::graph::parent_ids;
use model::ready::{explain, is_ready, ready};
use model::tree::tree;
use model::{
    Bead, Dependency, DependencyType, Direction, Graph, Id, Kind, Priority, ReadyOptions, Status,
    Time, Value,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::HashSet;

const COUNT: usize = 9;

fn name(number: usize) -> Id {
    Id::parse(&format!("gt-{number}")).expect("it is an ID")
}

/// One number more than there are beads, so that some edges dangle.
fn target() -> impl Strategy<Value = Id> {
    (0..=COUNT).prop_map(name)
}

fn edges() -> impl Strategy<Value = Vec<(Id, DependencyType)>> {
    vec((target(), arbitrary::dependency_type()), 0..3)
}

fn day() -> impl Strategy<Value = Time> {
    (1..=28).prop_map(|day| Time::parse(&format!("2026-01-{day:02}")).expect("it is a date"))
}

fn now() -> jiff::Timestamp {
    "2026-01-15T00:00:00Z".parse().expect("it is a time")
}

prop_compose! {
    fn unnamed_bead()(
        status in prop_oneof![3 => Just(Status::Open), 2 => arbitrary::status()],
        (created_at, defer_until) in (day(), option::weighted(0.2, day())),
        (kind, priority) in ("(task|task|gate)", "[0-4]"),
        (parent, edges) in (option::weighted(0.4, target()), edges()),
        flag in option::weighted(0.1, "(pinned|ephemeral)"),
    ) -> Bead {
        let mut bead = Bead::new(name(0), "any", created_at, "ann");
        bead.kind = Kind::parse(&kind).expect("it is a type");
        bead.priority = Priority::parse(&priority).expect("it is a priority");
        (bead.status, bead.defer_until, bead.parent) = (status, defer_until, parent);
        for (target, kind) in edges {
            bead.add_dependency(Dependency::new(target, kind));
        }
        if let Some(flag) = flag {
            bead.set_extra(&flag, Value::Bool(true));
        }
        bead
    }
}

fn beads() -> impl Strategy<Value = Vec<Bead>> {
    vec(unnamed_bead(), 0..=COUNT).prop_map(|mut beads| {
        for (number, bead) in beads.iter_mut().enumerate() {
            bead.id = name(number);
        }
        beads
    })
}

fn connect(bead: &mut Bead, target: Id, kind: DependencyType) {
    bead.add_dependency(Dependency::new(target, kind));
}

/// Whether a path ends where it began, at a bead that waits for itself, and
/// each step is to a bead that is waited for, or from one to its own child:
/// who waits for all children is named with their parent.
fn is_cycle(path: &[Id], beads: &[Bead]) -> bool {
    let closure = reference::waits_for(beads);
    let at = |id: &Id| beads.iter().position(|bead| bead.id == *id);
    let is_step = |step: &[Id]| match (at(&step[0]), at(&step[1])) {
        (Some(from), Some(to)) => {
            closure[from][to] || parent_ids(&beads[to]).any(|id| *id == step[0])
        }
        _ => false,
    };
    path.len() > 1
        && path.first() == path.last()
        && at(&path[0]).is_some_and(|start| closure[start][start])
        && path.windows(2).all(is_step)
}

proptest! {
    #![proptest_config(config(1_500))]

    #[test]
    fn blocked_as_the_reference_says(beads in beads()) {
        let graph = Graph::new(&beads);
        let blocked = reference::blocked(&beads);
        for bead in &beads {
            let expected = blocked.contains(&&bead.id);
            prop_assert_eq!(graph.is_blocked(&bead.id), expected, "{}", bead.id);
            let blockers = graph.blockers(&bead.id);
            prop_assert_eq!(!blockers.is_empty(), expected, "{}", bead.id);
            for blocker in blockers {
                prop_assert!(graph.get(blocker).is_some_and(|it| !it.status.is_closed()));
            }
        }
    }

    #[test]
    fn ready_as_the_reference_says(beads in beads()) {
        let graph = Graph::new(&beads);
        let found = ready(&graph, &ReadyOptions::default(), now());
        let ids: Vec<&Id> = found.iter().map(|bead| &bead.id).collect();
        prop_assert_eq!(&ids, &reference::ready(&beads, now()));
        for bead in &beads {
            let is_listed = ids.contains(&&bead.id);
            prop_assert!(!(is_listed && graph.is_blocked(&bead.id)));
            prop_assert_eq!(is_ready(&graph, bead, now()), is_listed);
            let reasons = explain(&graph, &bead.id, now()).expect("the graph has it");
            prop_assert_eq!(reasons.is_empty(), is_listed, "{:?}", reasons);
        }
    }

    #[test]
    fn cycles_as_the_reference_says(beads in beads()) {
        let graph = Graph::new(&beads);
        let closure = reference::waits_for(&beads);
        let cycles = graph.cycles();
        for (at, bead) in beads.iter().enumerate() {
            let own = graph.cycle_through(&bead.id);
            prop_assert_eq!(own.is_some(), closure[at][at], "{}", bead.id);
            let in_group = |path: &Vec<Id>| {
                let other = beads.iter().position(|it| it.id == path[0]).expect("a bead");
                closure[at][other] && closure[other][at]
            };
            let groups = cycles.iter().filter(|path| in_group(path)).count();
            prop_assert_eq!(groups, usize::from(closure[at][at]), "{}", bead.id);
        }
        for path in &cycles {
            prop_assert!(is_cycle(path, &beads), "{path:?}");
        }
    }

    /// A store that only ever took edges which close no cycle has none, and an
    /// edge that was refused would have made one.
    #[test]
    fn refusing_cycles_keeps_a_store_free_of_them(
        wanted in vec((0..COUNT, 0..COUNT, arbitrary::dependency_type()), 0..25),
    ) {
        let time = Time::parse("2026-01-15").expect("it is a date");
        let new = |number| Bead::new(name(number), "any", time.clone(), "ann");
        let mut beads: Vec<Bead> = (0..COUNT).map(new).collect();
        for (from, to, kind) in wanted {
            let refused = Graph::new(&beads).would_cycle(&name(from), &name(to), &kind);
            let mut changed = beads.clone();
            connect(&mut changed[from], name(to), kind);
            prop_assert_eq!(Graph::new(&changed).cycles().is_empty(), refused.is_none());
            match refused {
                None => beads = changed,
                Some(path) => {
                    prop_assert_eq!(&path[0], &name(from));
                    prop_assert!(is_cycle(&path, &changed), "{path:?}");
                }
            }
        }
    }

    /// What the refusal of cycles is for: work never comes to a standstill.
    #[test]
    fn without_cycles_all_work_can_be_done(mut beads in beads()) {
        if !Graph::new(&beads).cycles().is_empty() {
            return Ok(());
        }
        while beads.iter().any(|bead| !bead.status.is_closed()) {
            let graph = Graph::new(&beads);
            let next = beads
                .iter()
                .position(|bead| !bead.status.is_closed() && !graph.is_blocked(&bead.id));
            let next = next.ok_or_else(|| TestCaseError::fail("all open beads are blocked"))?;
            beads[next].status = Status::Closed;
        }
    }

    #[test]
    fn a_tree_expands_each_bead_once(beads in beads(), root in target()) {
        let graph = Graph::new(&beads);
        for direction in [Direction::Down, Direction::Up] {
            let lines = tree(&graph, &root, direction);
            prop_assert_eq!((lines[0].depth, &lines[0].id), (0, &root));
            let mut seen = HashSet::new();
            for line in &lines {
                prop_assert_eq!(seen.insert(&line.id), !line.repeated);
            }
            prop_assert!(lines.windows(2).all(|two| two[1].depth <= two[0].depth + 1));
        }
    }

    #[test]
    fn dangling_edges_are_told(beads in beads()) {
        let graph = Graph::new(&beads);
        let missing = name(COUNT);
        let names_missing = |bead: &&Bead| {
            bead.parent.as_ref() == Some(&missing)
                || bead.dependencies.iter().any(|it| it.id == missing)
        };
        for bead in beads.iter().filter(names_missing) {
            prop_assert!(graph.dangling().contains(&(&bead.id, &missing)));
        }
        for (from, to) in graph.dangling() {
            prop_assert!(graph.get(from).is_some() && graph.get(to).is_none());
        }
    }
}
