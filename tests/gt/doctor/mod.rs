//! `gt doctor`: every finding forged, planned without a write, repaired, and
//! gone in the next run; work is never deleted.

mod clone;
mod files;
mod hooks;
mod kept;
mod killed;
mod merges;
mod races;
mod workers;

use super::life::support::*;
use serde_json::Value;
use testkit::{Town, invariants};

/// What the doctor says, as pairs of the sentence and whether it can be fixed.
fn said(town: &Town, args: &[&str], list: &str) -> Vec<(String, bool)> {
    let answer = town.gt(&[&["doctor", "--json"], args].concat());
    let answer: Value = serde_json::from_str(&answer.stdout)
        .unwrap_or_else(|error| panic!("expected JSON ({error}) of {answer}"));
    let items = answer[list].as_array().expect("a list").iter();
    items
        .map(|item| {
            let what = item["what"].as_str().expect("a sentence").to_owned();
            (what, item["can_fix"] == Value::Bool(true))
        })
        .collect()
}

/// That a finding with these words is planned, repaired and then gone.
#[track_caller]
fn repaired(town: &Town, words: &[&str]) {
    let plan = changes_nothing(town, || said(town, &["--dry-run"], "found"));
    for words in words {
        let planned = plan
            .iter()
            .any(|(what, can_fix)| *can_fix && what.contains(words));
        assert!(planned, "expected {words:?} in {plan:#?}");
    }
    let fixed = said(town, &["--fix"], "fixed");
    for item in plan.iter().filter(|(_, can_fix)| *can_fix) {
        assert!(
            fixed.contains(item),
            "{item:?} was planned, and {fixed:#?} done"
        );
    }
    let again = said(town, &["--fix"], "fixed");
    let left = said(town, &[], "found");
    assert!(
        again.is_empty() && left.is_empty(),
        "again {again:#?}, left {left:#?}"
    );
    assert_eq!(invariants::check(town), Vec::<String>::new());
}

/// That it is reported with a remedy, and that repairing leaves it alone.
#[track_caller]
fn reported(town: &Town, words: &str) {
    let plan = changes_nothing(town, || said(town, &[], "found"));
    let hit = plan
        .iter()
        .any(|(what, can_fix)| !can_fix && what.contains(words));
    assert!(hit, "expected {words:?} in {plan:#?}");
    let fixed = changes_nothing(town, || town.gt(&["doctor", "--fix"]).fails(5));
    assert!(fixed.stdout.contains(words), "{fixed}");
    let lines: Vec<&str> = fixed.stdout.lines().collect();
    let at = lines.iter().position(|line| line.contains(words));
    let remedy = at.and_then(|at| lines.get(at + 1));
    assert!(
        remedy.is_some_and(|line| line.trim().len() > 8),
        "no remedy: {fixed}"
    );
}

/// A rig with one bead on the hook of a polecat whose process has ended.
fn with_hook() -> (Town, Slung) {
    let town = rig("ignore");
    bead(&town, "gt-one", "One");
    let slung = idle(&town, "gt-one");
    (town, slung)
}

/// The same with its work completed, and not merged.
fn with_request() -> (Town, Slung) {
    let (town, slung) = with_hook();
    slung.commit(&town, "work.txt");
    slung.gt(&town, &["done"]).ok();
    (town, slung)
}

/// Replaces text in a file below the repository.
#[track_caller]
fn edit(town: &Town, file: &str, from: &str, to: &str) {
    let text = town.read(file);
    assert!(text.contains(from), "{file} has no {from:?}: {text}");
    town.write(file, &text.replacen(from, to, 1));
}

const ONE: &str = ".beads/beads/o/gt-one.yaml";

#[test]
fn a_sound_town_has_nothing_to_repair() {
    let (town, _) = with_request();
    for program in ["gt", "bd"] {
        let answer = changes_nothing(&town, || town.call(program, &["doctor"]).run()).ok();
        assert_eq!(answer.stdout, "Everything is as it should be\n");
    }
}
