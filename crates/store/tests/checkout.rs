//! Readers while git switches branches: git unlinks and writes files in place,
//! and no reader ever believes what it sees in between.

use crate::child;
use crate::support::{Rig, bead, git_command, open, parse};
use model::Bead;
use std::path::Path;
use std::time::{Duration, Instant};
use store::yaml::Document;

const BEADS: usize = 500;

/// So long is git believed to be at work.
const PATIENCE: Duration = Duration::from_secs(3);

/// The last words of every description, so that half a file shows.
const END: &str = "the end.";

fn id(at: usize) -> String {
    let shard = char::from_digit(at as u32 % 36, 36).unwrap();
    format!("gt-{shard}{at}")
}

fn write_all(rig: &Rig, branch: &str) {
    for at in 0..BEADS {
        let mut bead = bead(&id(at), branch);
        // Some are larger than what git writes at once.
        let words = if at % 10 == 0 { 6_000 } else { 150 };
        bead.description = Some(format!("{branch} {}{END}", "word ".repeat(words)));
        rig.plant(&id(at), Document::render(&bead));
    }
    rig.commit_all(branch);
}

fn is_whole(bead: &Bead) -> bool {
    let text = bead.description.as_deref().unwrap_or_default();
    text.starts_with(&bead.title) && text.ends_with(END) && bead.created_by == "overseer"
}

/// The job of a reading process: reads until the file `args[0]` is there.
/// Writes how much it read to `args[1]`.
pub(crate) fn watch(root: &Path, args: &[&str]) -> Result<bool, store::Error> {
    let store = open(root);
    let (mut reads, mut loads) = (0, 0);
    let mut random = fastrand::Rng::with_seed(7);
    while reads < 1_000 || !Path::new(args[0]).exists() {
        for _ in 0..100 {
            let id = parse(&id(random.usize(..BEADS)));
            let bead = store.bead(&id)?;
            assert!(is_whole(&bead), "{bead:?}");
            reads += 1;
        }
        let snapshot = store.load()?;
        assert_eq!(snapshot.problems, []);
        assert_eq!(snapshot.beads.len(), BEADS, "a bead is missing");
        assert!(snapshot.beads.iter().all(is_whole));
        loads += 1;
    }
    std::fs::write(args[1], format!("{reads} {loads}")).unwrap();
    Ok(true)
}

#[test]
fn readers_never_believe_a_checkout_under_way() {
    let rig = Rig::new();
    write_all(&rig, "main");
    rig.git(&["checkout", "-q", "-b", "other"]);
    write_all(&rig, "other");
    let stop = rig.home().join("stop");
    let counts = [rig.home().join("count-0"), rig.home().join("count-1")];
    let readers = counts.each_ref().map(|count| {
        let args = [stop.to_str().unwrap(), count.to_str().unwrap()];
        child::command("watch", &rig.root(), &args).spawn().unwrap()
    });
    let start = Instant::now();
    let mut switches = 0;
    while switches < 20 || start.elapsed() < Duration::from_secs(5) {
        let branch = ["main", "other"][switches % 2];
        let status = git_command(&rig.root())
            .args(["checkout", "-q", branch])
            .status();
        assert!(status.unwrap().success());
        switches += 1;
    }
    std::fs::write(stop, "").unwrap();
    for reader in readers {
        let output = reader.wait_with_output().unwrap();
        assert!(output.status.success(), "see the reader's message above");
    }
    let count = |at: usize| -> usize {
        let text = std::fs::read_to_string(&counts[at]).unwrap();
        text.split(' ').next().unwrap().parse().unwrap()
    };
    assert!(count(0) + count(1) >= 2_000);
}

/// A lock that git left behind when it was killed is not waited for again and
/// again.
#[test]
fn an_old_index_lock_costs_nothing() {
    let rig = Rig::new();
    let lock = rig.root().join(".git/index.lock");
    let file = std::fs::File::create(&lock).unwrap();
    let hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    file.set_modified(hour_ago).unwrap();
    let start = Instant::now();
    let store = rig.open();
    assert_eq!(store.read::<Bead>(&parse("gt-abc12")).unwrap(), None);
    assert_eq!(store.load().unwrap().beads.len(), 0);
    assert!(start.elapsed() < PATIENCE);
}

/// While git is at work, what it never knew is missing at once, and what it
/// knows may come back.
#[test]
fn only_what_git_knows_is_waited_for() {
    let rig = Rig::new();
    rig.plant("gt-known", Document::render(&bead("gt-known", "Known")));
    rig.commit_all("known");
    let path = rig.root().join(".beads/beads/k/gt-known.yaml");
    let aside = rig.home().join("aside");
    std::fs::rename(&path, &aside).unwrap();
    std::fs::File::create(rig.root().join(".git/index.lock")).unwrap();
    let store = rig.open();
    let start = Instant::now();
    assert_eq!(store.read::<Bead>(&parse("gt-other")).unwrap(), None);
    assert!(start.elapsed() < PATIENCE);
    std::thread::scope(|scope| {
        let known = scope.spawn(|| store.bead(&parse("gt-known")).unwrap());
        std::thread::sleep(Duration::from_millis(100));
        assert!(!known.is_finished());
        std::fs::rename(&aside, &path).unwrap();
        assert_eq!(known.join().unwrap().title, "Known");
    });
}
