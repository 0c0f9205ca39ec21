//! What must be true of a store and its clone after every fault, seen from outside.
//!
//! Promises one sentence for each broken rule, with the file or the id. Reads files
//! and asks git; only [`settle`] runs the binaries under test. Never changes a file,
//! and never trusts the code that wrote them.

mod convoys;
mod document;
mod hooks;
mod lives;
mod merges;
mod repository;
mod store;

use std::path::Path;

use serde_json::Value;

use crate::town::Town;
use repository::Repository;
use store::Store;

/// Every broken rule of the town's repository; none is what a test wants.
pub fn check(town: &Town) -> Vec<String> {
    check_in(town, &town.repo())
}

/// The same for another clone of the town.
pub fn check_in(town: &Town, clone: &Path) -> Vec<String> {
    let repository = Repository::new(town, clone);
    let mut store = Store::load(&clone.join(".beads"));
    store.add_wisps(&repository.own().join("wisps"));
    let mut broken = store.broken();
    broken.extend(lives::broken(&store));
    broken.extend(hooks::broken(&store, &repository));
    broken.extend(convoys::broken(&store));
    broken.extend(merges::broken(&store, &repository));
    broken.extend(repository.broken());
    broken
}

/// [`check`], as the result of a sweep's check.
///
/// # Errors
/// With all that is broken, a line each.
pub fn hold(town: &Town) -> Result<(), String> {
    let broken = check(town);
    if broken.is_empty() {
        return Ok(());
    }
    Err(broken.join("\n"))
}

/// Lets `gt doctor --fix` repair the town, twice: the second run must succeed and
/// find nothing.
///
/// # Errors
/// With what the doctor said.
pub fn settle(town: &Town) -> Result<(), String> {
    let doctor = || town.gt(&["doctor", "--fix", "--json"]);
    doctor();
    let second = doctor();
    let found: Value = serde_json::from_str(&second.stdout)
        .map_err(|error| format!("expected JSON ({error}) of {second}"))?;
    if second.status.success() && finds_nothing(&found) {
        return Ok(());
    }
    Err(format!("a second repair still found something: {second}"))
}

/// Whether every list in a doctor's answer is empty, whatever they are called.
fn finds_nothing(answer: &Value) -> bool {
    match answer {
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(finds_nothing),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
