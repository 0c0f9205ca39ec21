//! The page of faults names every sweep that there is, and no other.

use super::root;
use std::collections::BTreeSet;
use std::path::Path;

/// What begins the name of a test that only those run who ask.
const ASKED_FOR: &str = "torture_";

/// The names of such tests in a text.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words
        .filter(|word| word.len() > ASKED_FOR.len() && word.starts_with(ASKED_FOR))
        .collect()
}

/// The path of a file of tests, as their names begin.
fn module(file: &Path) -> String {
    let parts = file.with_extension("");
    let parts: Vec<_> = parts.iter().map(|part| part.to_string_lossy()).collect();
    let kept: Vec<&str> = parts
        .iter()
        .map(AsRef::as_ref)
        .filter(|it| *it != "mod")
        .collect();
    kept.join("::")
}

fn tests() -> BTreeSet<String> {
    let tests = root().join("tests");
    let mut found = BTreeSet::new();
    let mut folders = vec![tests.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("docs") {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let module = module(path.strip_prefix(&tests).unwrap());
                found.extend(names(&text).iter().map(|name| format!("{module}::{name}")));
            }
        }
    }
    found
}

/// The rows of the table: the name, the points, the failures.
fn rows(page: &str) -> Vec<[&str; 3]> {
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line
            .strip_prefix("| `")?
            .split('|')
            .map(str::trim)
            .collect();
        let [name, points, failed, ""] = cells[..] else {
            return None;
        };
        Some([name.trim_end_matches('`'), points, failed])
    });
    rows.filter(|row| row[0].contains(ASKED_FOR)).collect()
}

#[test]
fn the_page_of_faults_names_every_sweep() {
    let page = std::fs::read_to_string(root().join("docs/faults.md")).unwrap();
    let rows = rows(&page);
    let named: BTreeSet<String> = rows.iter().map(|row| row[0].to_owned()).collect();
    let tests = tests();
    let differ: Vec<&String> = named.symmetric_difference(&tests).collect();
    assert!(
        differ.is_empty(),
        "only the tests or only docs/faults.md name {differ:?}: a sweep that was not run \
         whole yet has a row `| `name` | | |`"
    );
    for [name, points, failed] in rows {
        let is_number = |cell: &str| cell.replace(',', "").parse::<u32>().is_ok();
        let is_run = is_number(points) && is_number(failed);
        let is_open = points.is_empty() && failed.is_empty();
        assert!(is_run || is_open, "{name}: {points:?}, {failed:?}");
    }
}
