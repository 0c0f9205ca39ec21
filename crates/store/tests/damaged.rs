//! Files that are there and cannot be understood: each is reported with its
//! line and a remedy, is in nobody's way, and is never overwritten.
//!
//! Every `fixtures/malformed/X.yaml` stands in for the file of `gt-abc12`;
//! `X.txt` is what is said of it: `line: what`, and the remedy below.

use crate::support::{Rig, bead, parse, save};
use model::{Bead, Fault, Status};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::{Error, Problem};

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/malformed");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"))
        .collect();
    paths.sort();
    paths
}

/// Plants a damaged file beside a good one and tries everything on it.
/// Returns what is said of it.
#[track_caller]
fn problem_of(bytes: &[u8]) -> Problem {
    let rig = Rig::new();
    let store = rig.open();
    save(&store, &bead("gt-good", "Good")).unwrap();
    let path = rig.plant("gt-abc12", bytes);

    let snapshot = store.load().unwrap();
    assert_eq!(snapshot.beads.len(), 1, "the good one is read");
    assert_eq!(snapshot.problems.len(), 1);
    let problem = snapshot.problems[0].clone();
    assert_eq!(problem.path, path);
    assert!(!problem.remedy.is_empty());
    assert_eq!(store.problems().unwrap(), snapshot.problems);

    let error = store.read::<Bead>(&parse("gt-abc12")).unwrap_err();
    assert_eq!(error.hint().as_ref(), Some(&problem.remedy));
    assert_eq!(error.class(), model::Class::Damaged);
    assert!(error.to_string().starts_with(&path.display().to_string()));

    for title in ["New title", "Fix login redirect loop"] {
        let refused = save(&store, &bead("gt-abc12", title)).unwrap_err();
        assert!(matches!(refused, Error::Problem(_)), "{refused}");
    }
    assert_eq!(fs::read(&path).unwrap(), bytes, "not one byte changed");
    problem
}

fn said(problem: &Problem) -> String {
    let line = problem
        .line
        .map_or_else(|| "-".to_owned(), |line| line.to_string());
    format!("{line}: {}\n{}\n", problem.what, problem.remedy)
}

#[test]
fn each_is_reported_as_expected() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 30);
    // At once: each waits for a while, in case it was only half written.
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let checks: Vec<_> = fixtures
            .iter()
            .map(|path| scope.spawn(move || unexpected(path)))
            .collect();
        let results = checks.into_iter().map(|check| check.join().unwrap());
        results.flatten().collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is said of a fixture, if it is not what should be.
fn unexpected(path: &Path) -> Option<String> {
    let said = said(&problem_of(&fs::read(path).unwrap()));
    let expected = fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
    (said != expected).then(|| format!("{}\n{said}", path.display()))
}

#[test]
fn a_large_file_is_not_even_parsed() {
    let start = Instant::now();
    let problem = problem_of(&vec![b'['; 10 << 20]);
    assert!(start.elapsed() < Duration::from_secs(30));
    assert!(problem.what.contains("10485760 bytes"), "{problem}");
}

#[test]
fn bytes_that_are_no_text() {
    let good = store::yaml::Document::render(&bead("gt-abc12", "Title"));
    let with = |bytes: &[u8]| [&good.as_bytes()[..10], bytes, &good.as_bytes()[10..]].concat();
    let problem = problem_of(&with(b"\xff\xfe"));
    assert_eq!(
        (problem.line, problem.what.as_str()),
        (Some(2), "is not UTF-8")
    );
    let problem = problem_of(&with(b"#\0\n"));
    assert_eq!(problem.line, Some(2), "{problem}");
    problem_of(&[0; 4096]);
}

/// Each of these is a file just below the limit that is made to be slow, or to
/// grow when it is read.
#[test]
fn hostile_files_are_quick() {
    let limit = usize::try_from(store::store::FILE_LIMIT).unwrap() - 64;
    let fill = |piece: &str| piece.repeat(limit / piece.len());
    let mut cases = vec![
        ("flow lists", format!("a: {}", fill("["))),
        ("flow maps", format!("a: {}", fill("{x: "))),
        ("flow over lines", format!("a: {}", fill("[\n "))),
        ("json maps", format!("a: {}", fill("{\"]\":"))),
        ("quoted closers", format!("a: {}", fill("[{\"a\":\"]\"},"))),
        ("apostrophes", format!("a: it's {}", fill("["))),
        ("after plain text", format!("a: x\n  \"b\nc: {}", fill("["))),
        (
            "after plain text, single",
            format!("a: x\n  'b\nc: {}", fill("[")),
        ),
        ("after a fake block", format!("a: \"x |\n b: {}", fill("["))),
        ("plain in flow", format!("a: [x\n \"y, {}", fill("["))),
        ("compact lists", fill("- ")),
        ("question marks", fill("? ")),
        ("a long key", format!("{}: 1", fill("k"))),
        (
            "many keys",
            (0..limit / 12).map(|at| format!("k{at}: 1\n")).collect(),
        ),
        ("commas", format!("a: [{}]", fill("a,"))),
        ("comment", format!("a: 1 #{}", fill("["))),
    ];
    let limit_of_time = Duration::from_millis(if cfg!(debug_assertions) { 2_000 } else { 200 });
    let depth = 600;
    cases.push((
        "indentation",
        (0..depth)
            .map(|at| format!("{}k:\n", " ".repeat(at)))
            .collect(),
    ));
    for (name, text) in cases {
        let start = time_of_this_thread();
        let read = store::yaml::Document::<Bead>::read(&text);
        let took = time_of_this_thread() - start;
        assert!(read.is_err(), "{name}");
        assert!(took < limit_of_time, "{name} took {took:?}");
    }
}

/// What this thread had of a processor: others may be at work, too.
fn time_of_this_thread() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds = text.split(' ').next().unwrap();
    Duration::from_nanos(nanoseconds.parse().unwrap())
}

/// Deep, but within the limit of depth: understood, and quickly.
#[test]
fn text_with_many_brackets_is_no_nesting() {
    let mut bead = bead("gt-abc12", "Title [[[ {{{ 'quote \"double");
    bead.notes = Some(format!("\u{1b}[31m{}", "\u{1b}[1m it's [".repeat(500)));
    bead.description = Some("[".repeat(5_000));
    let text = store::yaml::Document::render(&bead);
    assert_eq!(store::yaml::Document::<Bead>::read(&text).unwrap(), bead);
}

/// A good bead as another editor saved it is still a good bead.
fn rewritten(change: impl Fn(&str) -> String) -> (Rig, PathBuf, String) {
    let rig = Rig::new();
    let mut bead = bead("gt-abc12", "Title");
    bead.description = Some("One.\n\nTwo.".to_owned());
    let text = change(&store::yaml::Document::render(&bead));
    let path = rig.plant("gt-abc12", &text);
    (rig, path, text)
}

/// Closes the bead and returns the file's new text.
fn close(rig: &Rig, path: &Path) -> String {
    let store = rig.open();
    assert_eq!(store.problems().unwrap(), []);
    let mut bead = store.bead(&parse("gt-abc12")).unwrap();
    assert_eq!(bead.description.as_deref(), Some("One.\n\nTwo."));
    bead.move_to(Status::Closed, &crate::support::now());
    bead.notes = Some("First.\nSecond.".to_owned());
    assert!(save(&store, &bead).unwrap());
    assert_eq!(store.bead(&parse("gt-abc12")).unwrap(), bead);
    fs::read_to_string(path).unwrap()
}

#[test]
fn crlf_is_read_and_kept() {
    let (rig, path, before) = rewritten(|text| text.replace('\n', "\r\n"));
    let after = close(&rig, &path);
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    let wanted = before
        .replace("status: open", "status: closed")
        .replace("closed_at: null", "closed_at: 2026-01-15T10:30:00Z")
        .replace(
            "notes: null\r\n\r\n",
            "notes: |-\r\n  First.\r\n  Second.\r\n\r\n\r\n",
        );
    assert_eq!(after, wanted);
}

#[test]
fn a_byte_order_mark_is_read_and_kept() {
    let (rig, path, before) = rewritten(|text| format!("\u{feff}{text}"));
    let after = close(&rig, &path);
    assert!(after.starts_with("\u{feff}format: 1\n\nid: "));
    assert_ne!(after, before);
}

#[test]
fn a_missing_last_line_end_is_no_damage() {
    let (rig, path, _) = rewritten(|text| text.trim_end().to_owned());
    let after = close(&rig, &path);
    assert!(after.contains("\ncreated_by: overseer"));
}

#[test]
fn keys_and_comments_of_others_survive() {
    let (rig, path, _) = rewritten(|text| {
        let text = text.replace("priority:", "# how bad\npriority:");
        text.replace(
            "created_at:",
            "estimate: {points: 3,   by: 'ann'}\n\ncreated_at:",
        )
    });
    let after = close(&rig, &path);
    assert!(after.contains("\n# how bad\npriority: 2\n"));
    assert!(after.contains("\nestimate: {points: 3,   by: 'ann'}\n\ncreated_at:"));
}

#[test]
fn many_damaged_files_are_said_in_one_breath() {
    let rig = Rig::new();
    for at in 0..200 {
        rig.plant(&format!("gt-a{at}"), "id: [");
    }
    let start = Instant::now();
    let snapshot = rig.open().load().unwrap();
    assert_eq!(snapshot.problems.len(), 200);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}
