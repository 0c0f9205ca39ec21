//! Handing off: by a person, and by the agent itself, whose session is then
//! ended by somebody else.
//!
//! Which session it is is told by the recorded process: the sweep ends all that
//! runs, so that an agent may never come to log its start.

use std::fs;

use testkit::Town;

use super::{Operation, as_worker, at_work, standing};
use crate::gt::life::support::{LONG, plain};

const BEFORE: &str = "in_progress, app/polecats/toast, hooked, in its first session";
const AFTER: &str = "in_progress, app/polecats/toast, hooked, in a fresh session";

pub(crate) const HANDOFF: Operation = Operation {
    name: "gt handoff BEAD",
    make: || {
        let town = at_work();
        let (process, _) = session(&town);
        fs::write(town.root().join("first"), process).expect("a town can be written to");
        town
    },
    command: |town| town.call("gt", &["handoff", "gt-one", "-m", "go on"]),
    acknowledged: "Handed off gt-one",
    state: |town| {
        town.wait_until(LONG, || town.processes().is_empty());
        let first = fs::read_to_string(town.root().join("first")).unwrap_or_default();
        let which = match session(town) {
            (_, due) if due != "null" => "to be in a fresh session",
            (process, _) if process == first => "in its first session",
            (process, _) if process == "null" => "in no session",
            _ => "in a fresh session",
        };
        format!("{}, {which}", standing(town))
    },
    start: BEFORE,
    end: AFTER,
    is_sound_before: true,
};

pub(crate) const HANDOFF_OWN: Operation = Operation {
    name: "gt handoff",
    command: |town| as_worker(town, &["handoff", "-m", "go on"]),
    ..HANDOFF
};

/// The recorded process, and since when a fresh one is due.
fn session(town: &Town) -> (String, String) {
    let text = town.read(".git/plaintown/sessions/app/polecats/toast.yaml");
    let value = |key| plain(&text, key).unwrap_or_default();
    (value("process"), value("handoff"))
}
