use super::*;
use crate::events::Event;
use std::fs::OpenOptions;

fn problem(what: impl Into<String>) -> Noticed {
    Noticed::now(Event::Problem {
        what: what.into(),
        remedy: None,
    })
}

fn said(events: &[Noticed]) -> Vec<String> {
    let what = |it: &Noticed| match &it.event {
        Event::Problem { what, .. } => what.clone(),
        other => panic!("{other}"),
    };
    events.iter().map(what).collect()
}

#[test]
fn it_stays_small() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path());
    let noticed = problem("x".repeat(1 << 20));
    for _ in 0..14 {
        journal.add(&noticed).unwrap();
    }
    let size = |name: &str| folder.path().join(name).metadata().unwrap().len();
    assert!(size("events.jsonl") <= LIMIT + (2 << 20));
    assert!(size("events.jsonl.1") <= LIMIT + (2 << 20));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    assert!(journal.read().unwrap().len() >= 4);
}

#[test]
fn a_torn_line_is_passed_over_and_tears_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path());
    journal.add(&problem("one")).unwrap();
    journal.add(&problem("two")).unwrap();
    let path = folder.path().join("events.jsonl");
    let size = path.metadata().unwrap().len();
    OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(size - 7)
        .unwrap();
    assert_eq!(said(&journal.read().unwrap()), ["one"]);
    journal.add(&problem("three")).unwrap();
    journal.add(&problem("four")).unwrap();
    assert_eq!(said(&journal.read().unwrap()), ["one", "three", "four"]);
}

#[test]
fn many_at_once_lose_and_tear_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path());
    // Three times around the limit.
    let filler = "y".repeat(40_000);
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let (journal, filler) = (&journal, &filler);
            scope.spawn(move || {
                for number in 0..40 {
                    let text = format!("{writer} {number} {filler}");
                    journal.add(&problem(text)).unwrap();
                }
            });
        }
    });
    let path = folder.path();
    let text = |name: &str| std::fs::read_to_string(path.join(name)).unwrap();
    let lines = text("events.jsonl.1") + &text("events.jsonl");
    let whole = |line: &str| serde_json::from_str::<Noticed>(line).is_ok();
    // Who looks while another writes may take its line for a torn one.
    assert!(lines.lines().filter(|it| !it.is_empty()).all(whole));
    let last = journal.read().unwrap();
    assert!(last.len() > 100, "{}", last.len());
}

#[test]
fn a_tail_goes_on_in_the_next_file() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path());
    let mut tail = Tail::new(journal.clone());
    assert!(tail.news().unwrap().is_empty());
    journal.add(&problem("one")).unwrap();
    assert_eq!(said(&tail.news().unwrap()), ["one"]);
    journal.add(&problem("two")).unwrap();
    std::fs::rename(
        folder.path().join("events.jsonl"),
        folder.path().join("events.jsonl.1"),
    )
    .unwrap();
    journal.add(&problem("three")).unwrap();
    assert_eq!(said(&tail.news().unwrap()), ["two", "three"]);
    assert!(tail.news().unwrap().is_empty());
}
