//! What a worktree for a worker costs: `gt sling`, from its start to a worker
//! that runs, beside a plain `git worktree add` of the same commit.

use crate::fixture::{Fixture, GT};
use crate::rounds::{self, Measured};
use crate::subjects::{Subject, Yardstick};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// The numbers of files in the repositories.
const FILES: [usize; 2] = [300, 20_000];

/// So many slings at once.
const AT_ONCE: usize = 50;

/// The name of the subject that is git's.
pub(crate) const GIT_ADD: &str = "git worktree add";

/// A worker that lives for as long as its rig.
const WORKER: &str = "while [ -e \"$HOME\" ]; do sleep 1; done";

/// What came of it.
pub(crate) struct Slings {
    /// One after the other, by the number of files.
    pub(crate) measured: Vec<Measured>,
    /// How many were made at once, in the smallest repository.
    pub(crate) at_once: usize,
    /// When the last of them ended.
    pub(crate) last: Duration,
}

/// Measures in repositories that are made below `root`.
pub(crate) fn measure(root: &std::path::Path, rounds: usize) -> Slings {
    let rigs = FILES.map(|files| (files, rig(&root.join(format!("files-{files}")), files)));
    let subjects = rigs.iter().flat_map(|(files, rig)| {
        let subject = |name, run| Subject {
            size: *files,
            name,
            yardstick: Yardstick::None,
            run,
        };
        [subject(GIT_ADD, add(rig)), subject("gt sling", sling(rig))]
    });
    let measured = rounds::measure(subjects.collect(), rounds);
    let open = &rigs[0].1.open()[rounds + 2..];
    Slings {
        measured,
        at_once: AT_ONCE,
        last: all_at_once(&rigs[0].1, &open[..AT_ONCE]),
    }
}

fn rig(root: &std::path::Path, files: usize) -> Fixture {
    let fixture = Fixture::make(root, 400);
    for number in 0..files {
        let folder = fixture.repo().join(format!("src/{}", number / 100));
        std::fs::create_dir_all(&folder).expect("the build can be written");
        let text = format!("// {number}\n").repeat(40);
        std::fs::write(folder.join(format!("{number}.rs")), text)
            .expect("the build can be written");
    }
    fixture.configure(&format!(
        "default_runtime: idle\nruntimes:\n  idle:\n    command: [sh, -c, '{WORKER}', '{{prompt}}']\n"
    ));
    fixture.commit("files");
    fixture.allow(1000);
    fixture
}

fn add(rig: &Fixture) -> Box<dyn FnMut(usize) -> Duration + '_> {
    Box::new(move |round| {
        let place = rig.repo().join("../added");
        let place = place.to_str().expect("the build is at a plain path");
        let branch = format!("added-{round}");
        let start = Instant::now();
        rig.succeed("git", &["worktree", "add", "--quiet", "-b", &branch, place]);
        let taken = start.elapsed();
        rig.succeed("git", &["worktree", "remove", "--force", place]);
        taken
    })
}

fn sling(rig: &Fixture) -> Box<dyn FnMut(usize) -> Duration + '_> {
    Box::new(move |round| {
        let bead = rig.open()[round + 1].as_str();
        let mut command = rig.command(GT, &["sling", bead, "bench", "--json"]);
        let start = Instant::now();
        let output = command.stdout(Stdio::piped()).output();
        let taken = start.elapsed();
        let output = output.expect("gt can be run");
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let place = said["slung"][0]["worktree"].as_str();
        let place = place.unwrap_or_else(|| panic!("gt sling: {said}"));
        assert!(output.status.success(), "gt sling: {said}");
        rig.succeed(GT, &["release", bead]);
        rig.succeed("git", &["worktree", "remove", "-f", "-f", place]);
        taken
    })
}

/// Until the last has ended; none may fail.
fn all_at_once(rig: &Fixture, beads: &[String]) -> Duration {
    let start = Instant::now();
    let begin = |bead: &String| -> Child {
        let mut command = rig.command(GT, &["sling", bead, "bench"]);
        let begun = command.stderr(Stdio::piped()).spawn();
        begun.expect("gt can be run")
    };
    let children: Vec<Child> = beads.iter().map(begin).collect();
    let outputs: Vec<_> = children
        .into_iter()
        .map(|child| child.wait_with_output().expect("it is our child"))
        .collect();
    let taken = start.elapsed();
    for output in outputs {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "a sling failed: {said}");
    }
    taken
}
