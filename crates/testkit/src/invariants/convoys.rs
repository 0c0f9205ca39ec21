//! Convoys against their beads.
//!
//! Pure: recomputes what the entries should say. Never judges beads of another rig.

use super::document::Document;
use super::store::Store;

pub(super) fn broken(store: &Store) -> Vec<String> {
    let mut broken = Vec::new();
    for (id, convoy) in &store.convoys {
        let entries = convoy.pairs("beads", "id", "status");
        for &(bead, seen) in &entries {
            broken.extend(stale(store, id, bead, seen));
        }
        let over = !entries.is_empty() && entries.iter().all(|&(_, seen)| seen == "closed");
        broken.extend(wrong_end(id, convoy, over));
    }
    broken
}

fn stale(store: &Store, convoy: &str, bead: &str, seen: &str) -> Option<String> {
    match store.beads.get(bead).map(|found| found.text("status")) {
        Some(status) if status != Some(seen) => {
            let status = status.unwrap_or("nothing");
            Some(format!("{convoy} has {bead} as {seen}, and it is {status}"))
        }
        None if store.is_local(bead) => Some(format!("{convoy} names {bead}, which is not there")),
        _ => None,
    }
}

/// A convoy may be closed by hand before its beads are; then it says why.
fn wrong_end(id: &str, convoy: &Document, over: bool) -> Option<String> {
    let closed = convoy.text("status") == Some("closed");
    if closed != convoy.has("closed_at") {
        return Some(format!(
            "{id} is closed or not, and closed_at says otherwise"
        ));
    }
    match (over, closed) {
        (true, false) => Some(format!("{id} is open, and all its beads are closed")),
        (false, true) if !convoy.has("close_reason") => {
            Some(format!("{id} is closed, and some of its beads are not"))
        }
        _ => None,
    }
}
