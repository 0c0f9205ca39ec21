//! Measuring in turns: every subject once, then every subject again, in a new
//! order, since a process after a large one finds less in the processor's caches.

use crate::chance::Chance;
use crate::subjects::{Subject, Yardstick};
use std::time::Duration;

/// What came of one subject.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measured {
    /// How many beads the store has, or files the repository.
    pub(crate) size: usize,
    /// The subject's name.
    pub(crate) name: &'static str,
    /// What it is compared with.
    pub(crate) yardstick: Yardstick,
    sorted: Vec<Duration>,
}

impl Measured {
    /// The one in the middle.
    pub(crate) fn median(&self) -> Duration {
        self.sorted[self.sorted.len() / 2]
    }

    /// The fastest.
    pub(crate) fn min(&self) -> Duration {
        self.sorted[0]
    }

    /// The slowest.
    pub(crate) fn max(&self) -> Duration {
        self.sorted[self.sorted.len() - 1]
    }
}

/// Runs all subjects so many times in turns, after once to warm up.
pub(crate) fn measure(mut subjects: Vec<Subject<'_>>, rounds: usize) -> Vec<Measured> {
    assert!(rounds > 0, "nothing would be measured");
    let mut times = vec![Vec::with_capacity(rounds); subjects.len()];
    let mut chance = Chance::new(rounds as u64);
    for round in 0..=rounds {
        for at in chance.order(subjects.len()) {
            let taken = (subjects[at].run)(round);
            if round > 0 {
                times[at].push(taken);
            }
        }
    }
    let measured = |(subject, mut sorted): (Subject<'_>, Vec<Duration>)| {
        sorted.sort();
        Measured {
            size: subject.size,
            name: subject.name,
            yardstick: subject.yardstick,
            sorted,
        }
    };
    subjects.into_iter().zip(times).map(measured).collect()
}
