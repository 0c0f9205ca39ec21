//! The watcher, killed at each of its own system calls while what it started
//! lives on; then another one, and the doctor.
//!
//! Whether a worker was started twice is counted by the agents' own log.

use std::fs;
use std::time::Duration;

use testkit::killat::{Fault, Outcome, Points, Report, Running, sweep_by};
use testkit::{Town, invariants};

use super::operations::empty;
use crate::gt::life::support::*;

/// So many points of each sweep in an ordinary run.
const SAMPLE: Points = Points::Sample(5);

/// Something that a watcher does.
struct Deed {
    /// The town before: what is due is due when the watcher begins.
    make: fn() -> Town,
    /// Whether it is done, by looking at files.
    is_done: fn(&Town) -> bool,
    /// How often an agent was started by then, crashes included.
    starts: usize,
}

/// A hook that was slung, and no worker.
const START: Deed = Deed {
    make: || {
        let town = watched("hang", "");
        sling(&town, "gt-one", &["--no-spawn"]);
        town
    },
    is_done: |town| status(town, "gt-one") == "in_progress",
    starts: 1,
};

/// A worker that crashed.
const RESTART: Deed = Deed {
    make: || crashed("stumble", ""),
    is_done: |town| status(town, "gt-one") == "in_progress" && starts(town) == 2,
    starts: 2,
};

/// One that crashed too often.
const ESCALATE: Deed = Deed {
    make: || crashed("crash", "  crash_budget: 1\n"),
    is_done: |town| {
        let mail = ["mayor", "overseer"]
            .iter()
            .all(|owner| has_mail(town, owner));
        let hook = fs::read_to_string(hook_file(town, AGENT)).unwrap_or_default();
        let says_why = hook.contains("ended 1 times in a row");
        mail && status(town, "gt-one") == "escalated" && is_parked(town) && says_why
    },
    starts: 1,
};

/// One that shows no progress: it is told so, escalated, and stopped.
const STALL: Deed = Deed {
    make: || {
        let town = watched("hang", "  stalled_after: 1s\n  escalate_after: 1s\n");
        sling(&town, "gt-one", &["--no-spawn"]);
        town
    },
    is_done: |town| {
        let is_stopped = town.agent_log().iter().any(|entry| !entry.start);
        is_stopped && status(town, "gt-one") == "escalated" && is_parked(town)
    },
    starts: 1,
};

/// A parked hook whose gate is open.
const WAKE: Deed = Deed {
    make: || {
        let town = watched("phase", "");
        sling(&town, "gt-one", &[]);
        town.wait_until(LONG, || is_parked(&town) && town.processes().is_empty());
        let hook = fs::read_to_string(hook_file(&town, AGENT)).expect("it is parked");
        let gate = hook.split_whitespace().find(|word| word.contains("-gate-"));
        town.bd(&["close", gate.expect("it waits for a gate")]).ok();
        town
    },
    is_done: |town| status(town, "gt-one") == "completed",
    starts: 2,
};

/// Work that is completed, in a convoy that it is the last bead of.
const REFINE: Deed = Deed {
    make: || {
        let town = watched("ignore", "  refinery: true\n");
        let slung = idle(&town, "gt-one");
        slung.commit(&town, "work.txt");
        slung.gt(&town, &["done"]).ok();
        town
    },
    is_done: |town| {
        let branch = town
            .repo()
            .join(".git/refs/heads")
            .join("polecat/toast/gt-one");
        status(town, "gt-one") == "closed" && convoy_is_closed(town) && !branch.exists()
    },
    starts: 1,
};

/// A convoy whose only bead was closed by somebody else's hand.
const TIDY: Deed = Deed {
    make: || {
        let town = watched("ignore", "");
        let path = ".beads/beads/o/gt-one.yaml";
        let text = town.read(path).replace("status: open", "status: closed");
        let closed = "closed_at: 2026-01-15T10:30:00Z";
        town.write(path, &text.replace("closed_at: null", closed));
        town
    },
    is_done: convoy_is_closed,
    starts: 0,
};

const AGENT: &str = "app/polecats/toast";

/// A bead in a convoy, and a user who is impatient.
fn watched(agent: &str, settings: &str) -> Town {
    let mut town = empty();
    town.agents(agent);
    let path = town.root().join("config.yaml");
    let agents = fs::read_to_string(&path).expect("it was just written");
    let refinery = if settings.contains("refinery") {
        ""
    } else {
        "  refinery: false\n"
    };
    town.config(&format!("{agents}\nwatcher:\n{settings}{refinery}"));
    bead(&town, "gt-one", "One");
    town.gt(&["convoy", "create", "Alone", "gt-one"]).ok();
    town
}

/// One whose worker has crashed when nobody watched.
fn crashed(agent: &str, settings: &str) -> Town {
    let town = watched(agent, settings);
    town.gt(&["sling", "gt-one", "app"]);
    town.wait_until(LONG, || starts(&town) == 1 && town.processes().is_empty());
    town
}

fn starts(town: &Town) -> usize {
    town.agent_log().iter().filter(|entry| entry.start).count()
}

fn is_parked(town: &Town) -> bool {
    let hook = fs::read_to_string(hook_file(town, AGENT)).unwrap_or_default();
    hook.contains("\nparked:\n")
}

fn has_mail(town: &Town, owner: &str) -> bool {
    let folder = town.repo().join(".beads/mail").join(owner);
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    names
        .map(|entry| entry.file_name())
        .any(|name| !name.to_string_lossy().starts_with('.'))
}

fn convoy_is_closed(town: &Town) -> bool {
    let folder = town.repo().join(".beads/convoys");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
    texts.any(|text| text.contains("\nstatus: closed\n"))
}

/// A watcher that is killed at its `n`-th call, or goes on until it is done.
fn watch(deed: &Deed, town: &Town, n: u64) -> Outcome {
    let call = town.call("gt", &["up", "--foreground"]).limit(LONG);
    let watcher = Running::start(Fault::KillFirst, n, &call).expect("it can be traced");
    watcher
        .wait(|| (deed.is_done)(town))
        .expect("it can be traced")
}

/// Another watcher brings it to its end, and nothing was done twice.
fn judge(deed: &Deed, town: &Town, outcome: &Outcome) -> Result<(), String> {
    if !outcome.killed && !outcome.status.success() {
        return Err(format!("it failed: {}", outcome.stderr));
    }
    town.gt(&["up"]).ok();
    let is_quiet = || (deed.is_done)(town) && is_settled(town);
    if !within(LONG, is_quiet) {
        let status = town.gt(&["status"]);
        return Err(format!("it is never done: {status}"));
    }
    town.gt(&["down"]).ok();
    let beside = town.agents_beside_each_other(|_| false);
    if !beside.is_empty() {
        return Err(beside.join("\n"));
    }
    if starts(town) != deed.starts {
        return Err(format!(
            "{} starts instead of {}",
            starts(town),
            deed.starts
        ));
    }
    town.kill_all();
    invariants::settle(town)?;
    invariants::hold(town)
}

/// Whether the watcher has looked at everything and has nothing left to do.
fn is_settled(town: &Town) -> bool {
    let status = town.gt(&["status", "--json"]).json();
    let agents = status["agents"].as_array().cloned().unwrap_or_default();
    let is_ready = status["watcher"]["ready"].as_bool() != Some(false);
    is_ready
        && agents
            .iter()
            .all(|agent| matches!(agent["state"].as_str(), Some("working" | "parked")))
}

fn within(limit: Duration, condition: impl Fn() -> bool) -> bool {
    let end = std::time::Instant::now() + limit;
    while !condition() {
        if std::time::Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

fn sweep(points: Points, deed: &Deed) -> Report {
    let run = |town: &Town, n| watch(deed, town, n);
    let check = |town: &Town, outcome: &Outcome| judge(deed, town, outcome);
    sweep_by(points, deed.make, run, check).assert_clean()
}

/// A test that visits a sample, for every day.
macro_rules! samples {
    ($($name:ident: $deed:ident;)*) => {$(
        #[test]
        fn $name() {
            println!("watcher, {}: {}", stringify!($name), sweep(SAMPLE, &$deed));
        }
    )*};
}

/// A test that visits every point, for those who ask.
macro_rules! sweeps {
    ($($name:ident: $deed:ident;)*) => {$(
        #[test]
        #[ignore = "visits every point"]
        fn $name() {
            println!("watcher, {}: {}", stringify!($name), sweep(Points::All, &$deed));
        }
    )*};
}

samples! {
    start: START;
    restart: RESTART;
    escalate: ESCALATE;
    stall: STALL;
    wake: WAKE;
    refine: REFINE;
    tidy: TIDY;
}

sweeps! {
    torture_start: START;
    torture_restart: RESTART;
    torture_escalate: ESCALATE;
    torture_stall: STALL;
    torture_wake: WAKE;
    torture_refine: REFINE;
    torture_tidy: TIDY;
}
