use super::*;
use crate::{Dependency, Status, Time};

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

/// `gt-a`, then `needs` as `type:id`, `parent:id`, or `closed`.
fn bead(name: &str, needs: &[&str]) -> Bead {
    let now = Time::parse("2026-01-15T10:30:00Z").unwrap();
    let mut bead = Bead::new(id(name), name, now.clone(), "ann");
    for need in needs {
        match need.split_once(':') {
            Some(("parent", parent)) => bead.parent = Some(id(parent)),
            Some((kind, target)) => {
                let kind = DependencyType::parse(kind).unwrap();
                bead.add_dependency(Dependency::new(id(target), kind));
            }
            None => bead.move_to(Status::parse(need).unwrap(), &now),
        }
    }
    bead
}

fn blockers(beads: &[Bead], of: &str) -> String {
    let graph = Graph::new(beads);
    let found = graph.blockers(&id(of));
    assert_eq!(graph.is_blocked(&id(of)), !found.is_empty());
    found
        .iter()
        .map(|id| id.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn names(path: Option<Vec<Id>>) -> String {
    let path = path.unwrap_or_default();
    path.iter().map(Id::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn only_open_targets_of_blocking_types_block() {
    let beads = [
        bead(
            "gt-a",
            &[
                "blocks:gt-b",
                "related:gt-c",
                "blocks:gt-d",
                "blocks:gt-gone",
            ],
        ),
        bead("gt-b", &[]),
        bead("gt-c", &[]),
        bead("gt-d", &["closed"]),
        bead("gt-e", &["conditional-blocks:gt-f"]),
        bead("gt-f", &["completed"]),
        bead("gt-g", &["blocks:gt-d", "blocks:gt-gone"]),
    ];
    assert_eq!(blockers(&beads, "gt-a"), "gt-b");
    assert_eq!(blockers(&beads, "gt-e"), "gt-f", "completed is not closed");
    assert_eq!(blockers(&beads, "gt-g"), "");
    assert_eq!(
        Graph::new(&beads).dangling(),
        [(&id("gt-a"), &id("gt-gone")), (&id("gt-g"), &id("gt-gone"))]
    );
}

#[test]
fn a_parent_blocks_only_while_it_is_blocked_itself() {
    let mut beads = [
        bead("gt-p", &["blocks:gt-b"]),
        bead("gt-c", &["parent:gt-p"]),
        bead("gt-g", &["parent-child:gt-c"]),
        bead("gt-b", &[]),
    ];
    assert_eq!(blockers(&beads, "gt-g"), "gt-b");
    let graph = Graph::new(&beads);
    let reason = graph.why_blocked(&beads[2].id)[0];
    assert_eq!(reason.ancestor, Some(&beads[0].id));
    beads[3].status = Status::Closed;
    assert_eq!(blockers(&beads, "gt-g"), "");
    beads[3].status = Status::Open;
    beads[1].status = Status::Closed;
    assert_eq!(
        blockers(&beads, "gt-g"),
        "",
        "a closed parent passes nothing on"
    );
}

#[test]
fn waits_for_waits_for_the_children() {
    let mut beads = [
        bead("gt-a", &["waits-for:gt-t"]),
        bead("gt-t", &[]),
        bead("gt-c", &["parent:gt-t"]),
        bead("gt-d", &["parent:gt-t", "closed"]),
    ];
    assert_eq!(blockers(&beads, "gt-a"), "gt-c");
    let graph = Graph::new(&beads);
    assert_eq!(
        graph.why_blocked(&beads[0].id)[0].child_of,
        Some(&beads[1].id)
    );
    beads[2].status = Status::Closed;
    assert_eq!(
        blockers(&beads, "gt-a"),
        "",
        "the open parent itself is not waited for"
    );
}

#[test]
fn beads_elsewhere_block_while_open() {
    let beads = [
        bead("gt-a", &["blocks:xy-1"]),
        bead("gt-b", &["blocks:xy-2"]),
    ];
    let foreign = HashMap::from([(id("xy-1"), false), (id("xy-2"), true)]);
    let graph = Graph::with_foreign(&beads, &foreign);
    assert_eq!(graph.blockers(&beads[0].id), [&id("xy-1")]);
    assert!(!graph.is_blocked(&beads[1].id));
    assert!(graph.dangling().is_empty());
}

#[test]
fn family_and_dependents() {
    let beads = [
        bead("gt-d", &["parent:gt-p", "parent-child:gt-p", "blocks:gt-p"]),
        bead("gt-c", &["parent:gt-p"]),
        bead("gt-p", &[]),
        bead("gt-g", &["parent:gt-c"]),
        bead("gt-p", &["closed"]),
    ];
    let graph = Graph::new(&beads);
    let ids = |beads: Vec<&Bead>| beads.iter().map(|it| it.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(graph.children(&id("gt-p"))), ["gt-c", "gt-d"]);
    assert_eq!(
        ids(graph.descendants(&id("gt-p"))),
        ["gt-c", "gt-d", "gt-g"]
    );
    assert_eq!(ids(graph.open_ancestors(&id("gt-g"))), ["gt-c", "gt-p"]);
    let dependents = graph.dependents(&id("gt-p")).into_iter();
    assert_eq!(
        dependents
            .map(|(bead, kind)| format!("{} {kind}", bead.id))
            .collect::<Vec<_>>(),
        ["gt-c parent-child", "gt-d blocks", "gt-d parent-child"]
    );
    assert_eq!(graph.dependent_count(&id("gt-p")), 3);
    assert_eq!(
        graph.beads().count(),
        4,
        "the first of two with one ID counts"
    );
    assert_eq!(graph.get(&id("gt-p")).unwrap().status, Status::Open);
}

#[test]
fn cycles_are_named_from_the_bead_that_asks() {
    let beads = [
        bead("gt-a", &["blocks:gt-b"]),
        bead("gt-b", &["blocks:gt-c"]),
        bead("gt-c", &["related:gt-a"]),
    ];
    let graph = Graph::new(&beads);
    let would = |from, to, kind| {
        let kind = DependencyType::parse(kind).unwrap();
        names(graph.would_cycle(&id(from), &id(to), &kind))
    };
    assert_eq!(would("gt-c", "gt-a", "blocks"), "gt-c gt-a gt-b gt-c");
    assert_eq!(would("gt-c", "gt-a", "parent-child"), "gt-c gt-a gt-b gt-c");
    assert_eq!(would("gt-c", "gt-a", "related"), "");
    assert_eq!(would("gt-a", "gt-c", "blocks"), "");
    assert_eq!(would("gt-a", "gt-a", "blocks"), "gt-a gt-a");
    assert_eq!(would("gt-c", "gt-gone", "blocks"), "");
    assert!(graph.cycles().is_empty());
}

#[test]
fn an_epic_may_not_need_its_own_child() {
    let beads = [bead("gt-p", &[]), bead("gt-c", &["parent:gt-p"])];
    let graph = Graph::new(&beads);
    let path = graph.would_cycle(&id("gt-p"), &id("gt-c"), &DependencyType::blocks());
    assert_eq!(names(path), "gt-p gt-c gt-p");
}

#[test]
fn waiting_for_a_brood_closes_cycles_from_both_sides() {
    let waits_for = DependencyType::parse("waits-for").unwrap();
    let beads = [
        bead("gt-t", &[]),
        bead("gt-c", &["parent:gt-t"]),
        bead("gt-w", &["waits-for:gt-t"]),
        bead("gt-x", &["blocks:gt-w"]),
    ];
    let graph = Graph::new(&beads);
    let own_brood = graph.would_cycle(&id("gt-c"), &id("gt-t"), &waits_for);
    assert_eq!(names(own_brood), "gt-c gt-t gt-c");
    let new_child = graph.would_cycle(&id("gt-x"), &id("gt-t"), &PARENT_CHILD);
    assert_eq!(names(new_child), "gt-x gt-w gt-t gt-x");
    assert!(graph.cycles().is_empty());
}

#[test]
fn every_cycle_is_found_once() {
    let beads = [
        bead("gt-z", &["blocks:gt-y"]),
        bead("gt-y", &["parent:gt-z"]),
        bead("gt-a", &["blocks:gt-a"]),
        bead("gt-b", &["blocks:gt-a", "waits-for:gt-b"]),
        bead("gt-c", &["blocks:gt-z"]),
    ];
    let graph = Graph::new(&beads);
    let cycles = graph.cycles().into_iter().map(|it| names(Some(it)));
    assert_eq!(
        cycles.collect::<Vec<_>>(),
        ["gt-a gt-a", "gt-b gt-b", "gt-y gt-z gt-y"]
    );
    assert_eq!(graph.cycle_through(&id("gt-c")), None);
}

#[test]
fn a_long_chain_does_not_overflow_the_stack() {
    let name = |n: usize| format!("gt-{n:05}");
    let mut beads: Vec<Bead> = (0..20_000)
        .map(|n| bead(&name(n), &[&format!("parent:{}", name(n + 1))]))
        .collect();
    beads.push(bead(&name(20_000), &["blocks:gt-00000"]));
    let graph = Graph::new(&beads);
    assert_eq!(graph.cycles()[0].len(), 20_002);
    assert!(graph.is_blocked(&id("gt-00000")));
}
