//! `cargo bench --bench commands`: what the commands cost as whole processes,
//! next to `git status` on the same files.
//!
//! Everything is measured in one run and in turns, in a new order each time, so
//! that a busy machine and what ran before slow all of it alike: the ratios tell
//! more than the milliseconds. It is no test:
//! it fails if a command fails, never because one was slow.
//!
//! Slings are measured beside `git worktree add`, in repositories of their own, and
//! so are the starts of workers by a watcher.
//!
//! `BENCH_BEADS=100,1000` and `BENCH_ROUNDS=31` choose the sizes of the stores
//! and how often each command runs; `UPDATE_DOCS=1` also writes `docs/bench.md`.

mod beads;
mod chance;
mod fixture;
mod machine;
mod report;
mod rounds;
mod slings;
mod starts;
mod subjects;

use fixture::Fixture;
use report::Report;
use std::io::Write;
use std::path::Path;

const SIZES: [usize; 3] = [100, 1_000, 10_000];

const ROUNDS: usize = 21;

fn main() {
    let sizes = sizes();
    let rounds = number("BENCH_ROUNDS").unwrap_or(ROUNDS);
    // Beside the build, which is on a disk where temporary folders may not be.
    let root = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the build can be written");
    let fixtures: Vec<[Fixture; 2]> = sizes
        .iter()
        .map(|size| ["reading", "writing"].map(|name| fixture(root.path(), name, *size)))
        .collect();
    let subjects = fixtures
        .iter()
        .flat_map(|[reading, writing]| subjects::all(reading, writing, rounds))
        .collect();
    say(&format!("measuring {rounds} rounds\n"));
    let measured = rounds::measure(subjects, rounds);
    say(&format!("measuring {rounds} rounds of slings\n"));
    let slings = slings::measure(root.path(), rounds);
    say("measuring starts\n");
    let starts = starts::measure(root.path());
    let report = Report {
        machine: machine::describe(root.path()),
        rounds,
        sizes,
        measured,
        slings,
        starts,
    };
    say(&report.tables());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/bench.md");
        std::fs::write(page, report.page()).expect("the docs can be written");
    }
}

fn fixture(root: &Path, name: &str, size: usize) -> Fixture {
    say(&format!("making {size} beads for {name}\n"));
    Fixture::make(&root.join(format!("{name}-{size}")), size)
}

fn sizes() -> Vec<usize> {
    let parse = |word: &str| word.trim().parse().expect("BENCH_BEADS holds numbers");
    match std::env::var("BENCH_BEADS") {
        Ok(words) => words.split(',').map(parse).collect(),
        Err(_) => SIZES.to_vec(),
    }
}

fn number(name: &str) -> Option<usize> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("it is a number"))
}

fn say(text: &str) {
    // Nobody has to read it.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
