//! How long it takes to read ten thousand beads, next to what `git status`
//! takes for the same files.

use crate::support::{Rig, bead, git_command};
use std::time::{Duration, Instant};
use store::yaml::Document;

const BEADS: usize = 10_000;

fn generate(rig: &Rig) {
    let mut random = fastrand::Rng::with_seed(1);
    for at in 0..BEADS {
        let shard = char::from_digit(random.u32(..36), 36).unwrap();
        let mut bead = bead(&format!("gt-{shard}{at:04}"), "Fix the login redirect loop");
        bead.labels = vec!["auth".to_owned(), "web".to_owned()];
        bead.description = Some("The callback loses a parameter.\n\n".repeat(15) + "End.");
        bead.acceptance_criteria = Some("- the deep link survives\n".repeat(5) + "- it is fast");
        bead.assignee = Some("gastown/polecats/toast".to_owned());
        rig.plant(bead.id.as_str(), Document::render(&bead));
    }
    rig.commit_all("generated");
}

/// The median of five.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[2]
}

#[test]
#[ignore = "a measurement: run it alone, with --release --nocapture"]
fn bench_load() {
    let rig = Rig::new();
    generate(&rig);
    let status = || {
        let output = git_command(&rig.root())
            .args(["status", "--porcelain"])
            .output();
        assert!(output.unwrap().stdout.is_empty());
    };
    status();
    let git = median(status);
    let store = rig.open();
    let ours = median(|| {
        let snapshot = store.load().unwrap();
        assert_eq!(snapshot.beads.len(), BEADS);
        assert!(snapshot.problems.is_empty());
    });
    let ratio = ours.as_secs_f64() / git.as_secs_f64();
    eprintln!("load {BEADS} beads: {ours:?}; git status: {git:?}; ratio {ratio:.1}");
    assert!(
        ratio <= 10.0,
        "load takes {ratio:.1} times as long as git status"
    );
}
