//! `gt convoy`: batches of beads that close by themselves.

mod broken;
mod changes;
mod races;
mod shown;

use super::store;
use testkit::Town;

const FIRST: &str = "gt-abc12";
const SECOND: &str = "gt-def34";

/// A store with two beads.
fn two_beads() -> Town {
    let town = store();
    bead(&town, FIRST, "Fix login redirect loop");
    bead(&town, SECOND, "Add email validation");
    town
}

fn bead(town: &Town, id: &str, title: &str) {
    town.bd(&["create", title, "--id", id]).ok();
}

/// Makes a convoy and returns its ID.
fn convoy(town: &Town, title: &str, beads: &[&str]) -> String {
    let args = [&["convoy", "create", title, "--json"], beads].concat();
    let made = town.gt(&args).ok().json();
    made["id"].as_str().expect("a convoy has an ID").to_owned()
}

fn path(convoy: &str) -> String {
    format!(".beads/convoys/{convoy}.yaml")
}

/// Whether the file says that the convoy is open or closed.
fn written_status(town: &Town, convoy: &str) -> String {
    let text = town.read(path(convoy));
    let line = text.lines().find_map(|line| line.strip_prefix("status: "));
    line.expect("a convoy has a status").to_owned()
}
