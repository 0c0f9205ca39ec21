//! The life of each bead, from its own file and the hooks.
//!
//! Pure: judges what was read. Never asks whether a state could be reached.

use super::document::Document;
use super::store::Store;

/// The states in which a hook may hold a bead.
pub(super) const HELD: [&str; 3] = ["hooked", "in_progress", "escalated"];

pub(super) fn broken(store: &Store) -> Vec<String> {
    let mut broken = Vec::new();
    for (id, bead) in &store.beads {
        let Some(status) = bead.text("status") else {
            broken.push(format!("{id} has no status"));
            continue;
        };
        if (status == "closed") != bead.has("closed_at") {
            broken.push(format!("{id} is {status}, and closed_at says otherwise"));
        }
        broken.extend(unheld(store, id, bead, status));
    }
    broken
}

/// A bead that a polecat works on and no hook holds is lost work.
fn unheld(store: &Store, id: &str, bead: &Document, status: &str) -> Option<String> {
    let polecat = bead
        .text("assignee")
        .is_some_and(|name| name.contains("/polecats/"));
    let is_step = bead.path.starts_with("molecules");
    let needs = status == "hooked" || (status == "in_progress" && polecat && !is_step);
    let held = store
        .hooks
        .values()
        .any(|hook| hook.text("bead") == Some(id));
    (needs && !held).then(|| format!("{id} is {status}, and no hook holds it"))
}
