//! How long the questions take that every command asks. In a release build:
//! `cargo test --release -p plaintown-model --test properties -- --ignored --nocapture`

use model::ready::ready;
use model::{Bead, Dependency, DependencyType, Graph, Id, ReadyOptions, Time};
use std::io::Write as _;
use std::time::{Duration, Instant};

fn name(number: usize) -> Id {
    Id::parse(&format!("gt-{number:05}")).expect("it is an ID")
}

/// Epics of 20 beads, each of which needs the one before it or another epic's.
fn store(count: usize) -> Vec<Bead> {
    let time = Time::parse("2026-01-15T10:30:00Z").expect("it is a time");
    let bead = |number: usize| {
        let mut bead = Bead::new(name(number), "Some title", time.clone(), "ann");
        if !number.is_multiple_of(20) {
            bead.parent = Some(name(number / 20 * 20));
        }
        if number.is_multiple_of(3) && number > 1 {
            let target = if number.is_multiple_of(2) {
                number - 1
            } else {
                number / 2
            };
            bead.add_dependency(Dependency::new(name(target), DependencyType::blocks()));
        }
        bead
    };
    (0..count).map(bead).collect()
}

fn best_of(runs: usize, mut run: impl FnMut()) -> Duration {
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

#[test]
#[ignore = "a measurement, for a release build on an idle machine"]
fn ten_thousand_beads() {
    let beads = store(10_000);
    let options = ReadyOptions::default();
    let now = "2026-01-20T00:00:00Z".parse().expect("it is a time");
    let build = best_of(20, || drop(Graph::new(&beads)));
    let graph = Graph::new(&beads);
    let list = best_of(20, || assert!(!ready(&graph, &options, now).is_empty()));
    let cycles = best_of(5, || drop(graph.cycles()));
    writeln!(
        std::io::stderr(),
        "10,000 beads: graph {build:?}, ready {list:?}, cycles {cycles:?}"
    )
    .expect("standard error is open");
    assert!(build + list < Duration::from_millis(10));
}
