//! What was recorded explains every step: what the cast noted, the commits of `main`
//! with their trailers, the merge requests, the comments, and the feed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use testkit::Town;

use super::cast::{CAST, gate};
use super::feed;
use super::overseer::morning;
use crate::gt::life::support::{bead_file, plain};

/// What the liars tried, each of which has to be refused.
const REFUSED: [&str; 4] = [
    "gt-empty1 done without a commit",
    "gt-dirty1 done with a dirty tree",
    "gt-thief1 done as another agent",
    "gt-thief1 closing what another has on its hook",
];

/// Why what is not merged is not.
const REASONS: [&str; 2] = [
    "it is escalated: its worker ended 3 times in a row",
    "it is deferred: it needs the key of next week",
];

/// One first-parent commit of `main`.
pub(super) struct Landing {
    pub(super) commit: String,
    pub(super) bead: String,
    attempt: usize,
}

pub(super) fn check(town: &Town) {
    confessions(town);
    let landings = landings(town);
    each_once(town, &landings);
    each_passes(town, &landings);
    each_explained(town, &landings);
    feed::check(town, &landings);
    let morning = morning(town);
    for reason in REASONS {
        assert!(morning.contains(reason), "{reason}: {morning}");
    }
}

/// What the agents noted of themselves: never two at once on one attempt, and no lie
/// was believed.
fn confessions(town: &Town) {
    let noted = |kind: &str| {
        let path = town.root().join(format!("agents.log.{kind}"));
        std::fs::read_to_string(path).unwrap_or_default()
    };
    assert_eq!(noted("overlaps"), "");
    assert_eq!(noted("accepted"), "");
    let refused = noted("refused");
    let refused: BTreeSet<_> = refused.lines().collect();
    assert_eq!(refused, BTreeSet::from(REFUSED));
}

fn landings(town: &Town) -> Vec<Landing> {
    let format = "--format=%H %(trailers:key=Bead,valueonly,separator=%x2C) \
                  %(trailers:key=Attempt,valueonly,separator=%x2C)";
    let log = town.git(&["log", "--first-parent", "--reverse", format, "main"]);
    let log = log.ok().stdout;
    let landing = |line: &str| {
        let mut words = line.split_whitespace();
        let mut next = || words.next().map(str::to_owned);
        let (commit, bead) = (next()?, next()?);
        let attempt = next()?.parse().ok()?;
        Some(Landing {
            commit,
            bead,
            attempt,
        })
    };
    log.lines().filter_map(landing).collect()
}

/// What is closed has landed once, by the merge request that says so; nothing else has.
fn each_once(town: &Town, landings: &[Landing]) {
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for landing in landings {
        *times.entry(landing.bead.as_str()).or_default() += 1;
        let name = landing.bead.trim_start_matches("gt-");
        let request = bead_file(town, &format!("gt-mr-{name}.{}", landing.attempt));
        assert_eq!(plain(&request, "outcome").as_deref(), Some("merged"));
        let commit = plain(&request, "merge_commit");
        assert_eq!(commit.as_ref(), Some(&landing.commit));
    }
    let closed = CAST.iter().filter(|part| part.end == "closed");
    assert_eq!(times, closed.map(|part| (part.bead, 1)).collect());
}

/// Each commit on `main` passes the gate, not only the last.
fn each_passes(town: &Town, landings: &[Landing]) {
    let copy = town.root().join("audit");
    let path = copy.to_str().unwrap();
    town.git(&["clone", "--quiet", "--shared", ".", path]).ok();
    for landing in landings {
        town.git(&["-C", path, "checkout", "--quiet", &landing.commit])
            .ok();
        assert!(passes(&copy), "{} of {}", landing.commit, landing.bead);
    }
}

fn passes(folder: &Path) -> bool {
    let gate = Command::new("sh").arg(gate()).current_dir(folder).status();
    gate.unwrap().success()
}

/// Each attempt but the one that landed was sent back with a word.
fn each_explained(town: &Town, landings: &[Landing]) {
    for landing in landings {
        let comments = town.bd(&["comments", &landing.bead]).ok().stdout;
        let words = comments.matches("Sent back by the refinery: ").count();
        assert_eq!(words + 1, landing.attempt, "{}: {comments}", landing.bead);
    }
    let came_back = |bead: &str| landings.iter().any(|it| it.bead == bead && it.attempt > 1);
    assert!(came_back("gt-bad1"), "the gate stops what does not pass it");
    assert!(came_back("gt-smuggle1"), "no branch brings state");
    let conflicts = ["gt-same1", "gt-same2"].iter().filter(|it| came_back(it));
    assert_eq!(conflicts.count(), 1, "the second of two in conflict");
}
