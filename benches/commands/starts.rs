//! From a hook that is renamed into place to a worker that runs, under a watcher:
//! one by one, one by one while git checks out, and many at once.

use crate::fixture::{Fixture, GT};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// So many repositories, one after the other.
const RIGS: usize = 10;

/// So many in each one by one, and as many while git checks out.
const ONE_BY_ONE: usize = 100;

/// So many in each at once.
const AT_ONCE: usize = 50;

const HOOKS: usize = 2 * ONE_BY_ONE + AT_ONCE;

/// The files that differ between the two branches that git switches between.
const FILES: usize = 300;

/// Nobody waits longer than this: it was lost.
const LOST: Duration = Duration::from_secs(60);

/// What came of it, each in order.
#[derive(Default)]
pub(crate) struct Starts {
    /// Hooks that appear one by one.
    pub(crate) calm: Vec<Duration>,
    /// The same while git checks out.
    pub(crate) disturbed: Vec<Duration>,
    /// Of hooks that appear at once, until the last worker runs.
    pub(crate) last: Vec<Duration>,
}

impl Starts {
    /// How many hooks each repository has.
    pub(crate) const HOOKS: usize = HOOKS;

    /// How many appear at once.
    pub(crate) const AT_ONCE: usize = AT_ONCE;
}

/// A hook that waits aside to be put in place.
struct Hidden {
    bead: String,
    aside: PathBuf,
    place: PathBuf,
}

/// Measures in repositories that are made below `root`.
pub(crate) fn measure(root: &Path) -> Starts {
    let mut starts = Starts::default();
    for number in 0..RIGS {
        let rig = rig(&root.join(format!("starts-{number}")));
        let hidden = prepare(&rig);
        rig.succeed(GT, &["up"]);
        let (calm, rest) = hidden.split_at(ONE_BY_ONE);
        let (disturbed, together) = rest.split_at(ONE_BY_ONE);
        starts.calm.extend(each(&rig, calm));
        let times = beside_checkouts(&rig, || each(&rig, disturbed));
        starts.disturbed.extend(times);
        starts.last.push(all(&rig, together));
        rig.succeed(GT, &["down"]);
    }
    for times in [&mut starts.calm, &mut starts.disturbed, &mut starts.last] {
        times.sort();
    }
    starts
}

fn rig(root: &Path) -> Fixture {
    let fixture = Fixture::make(root, 3 * HOOKS);
    // It says that it runs, and ends; nobody starts it again meanwhile.
    fixture.configure(
        "default_runtime: brief\nruntimes:\n  brief:\n    command: \
        [sh, -c, 'echo \"$GT_BEAD\" >>\"$HOME/started\"', '{prompt}']\n\
        watcher:\n  crash_budget: 1000\n  backoff: 2h\n  backoff_max: 2h\n  refinery: false\n",
    );
    fixture.allow(HOOKS);
    for branch in ["one", "two"] {
        fixture.succeed("git", &["checkout", "--quiet", "-b", branch, "main"]);
        std::fs::create_dir_all(fixture.repo().join("src")).expect("the build can be written");
        for number in 0..FILES {
            let file = fixture.repo().join(format!("src/{number}.rs"));
            std::fs::write(file, branch.repeat(200)).expect("the build can be written");
        }
        fixture.commit(branch);
    }
    fixture.succeed("git", &["checkout", "--quiet", "main"]);
    fixture
}

/// Hands out all beads, so that there is a worktree for each, and puts the hooks
/// aside as if nobody had started anything yet.
fn prepare(rig: &Fixture) -> Vec<Hidden> {
    let beads = &rig.open()[1..=HOOKS];
    let slung: Vec<Hidden> = beads
        .chunks(AT_ONCE)
        .flat_map(|batch| sling(rig, batch))
        .collect();
    assert_eq!(slung.len(), HOOKS, "every bead was handed out");
    for it in &slung {
        wait_for(rig, &it.bead);
        std::fs::rename(&it.place, &it.aside).expect("its hook is there");
    }
    let sessions = rig.repo().join(".git/plaintown/sessions");
    std::fs::remove_dir_all(sessions).expect("workers were started");
    std::fs::remove_file(log(rig)).expect("they said so");
    slung
}

fn sling(rig: &Fixture, beads: &[String]) -> Vec<Hidden> {
    let mut args = vec!["sling", "--force", "--json"];
    args.extend(beads.iter().map(String::as_str));
    args.push("bench");
    // A worker that has ended already is a failure, and no matter here.
    let output = rig.command(GT, &args).stdout(Stdio::piped()).output();
    let output = output.expect("gt can be run");
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let slung = said["slung"].as_array().cloned().unwrap_or_default();
    let hidden = |it: &serde_json::Value| {
        let [bead, agent] = ["bead", "agent"].map(|key| it[key].as_str().unwrap_or_default());
        Hidden {
            bead: bead.to_owned(),
            aside: rig.repo().join("..").join(format!("{bead}.yaml")),
            place: rig.repo().join(format!(".beads/hooks/{agent}.yaml")),
        }
    };
    slung.iter().map(hidden).collect()
}

fn each(rig: &Fixture, hidden: &[Hidden]) -> Vec<Duration> {
    let chunks = hidden.chunks(1);
    chunks.map(|one| all(rig, one)).collect()
}

/// From before the first hook is there until the last worker runs.
fn all(rig: &Fixture, hidden: &[Hidden]) -> Duration {
    let start = Instant::now();
    for it in hidden {
        std::fs::rename(&it.aside, &it.place).expect("it is aside");
    }
    for it in hidden {
        wait_for(rig, &it.bead);
    }
    start.elapsed()
}

fn beside_checkouts<T>(rig: &Fixture, work: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _over = Over(&is_over);
        scope.spawn(|| {
            for branch in ["one", "two"].iter().cycle() {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                rig.succeed("git", &["checkout", "--quiet", branch]);
            }
        });
        work()
    })
}

/// However the work ends: git would else go on for ever beside a panic.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn wait_for(rig: &Fixture, bead: &str) {
    let log = log(rig);
    let end = Instant::now() + LOST;
    let has_started = || {
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        text.lines().any(|line| line == bead)
    };
    while !has_started() {
        assert!(Instant::now() < end, "the worker of {bead} never ran");
        std::thread::sleep(Duration::from_micros(200));
    }
}

fn log(rig: &Fixture) -> PathBuf {
    rig.repo().join("../home/started")
}
