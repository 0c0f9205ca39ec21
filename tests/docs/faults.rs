//! The page of faults names every sweep that there is, and no other.

use super::root;
use std::collections::BTreeSet;
use std::process::Command;

/// What begins the name of a test that only those run who ask.
const ASKED_FOR: &str = "torture_";

/// All such tests, as the runner lists them.
fn tests() -> BTreeSet<String> {
    let listed = Command::new(std::env::current_exe().unwrap())
        .args(["--list", "--format", "terse", "--ignored", ASKED_FOR])
        .output()
        .unwrap();
    assert!(listed.status.success(), "{listed:?}");
    let text = String::from_utf8(listed.stdout).unwrap();
    let names = text.lines().filter_map(|line| line.strip_suffix(": test"));
    let found: BTreeSet<String> = names.map(str::to_owned).collect();
    assert!(!found.is_empty(), "{text}");
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
