//! Handing off: by a person, and by the agent itself, whose session is then
//! ended by somebody else.
//!
//! Which session it is is told by the recorded process: the sweep ends all that
//! runs, so that an agent may never come to log its start.

use std::fs;

use testkit::Town;

use super::{Operation, as_worker, at_work, standing};
use crate::gt::life::support::{LONG, plain};

const SESSION: &str = ".git/plaintown/sessions/app/polecats/toast.yaml";

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

/// What carries it out for an agent, which asked for it and has ended.
pub(crate) const RELIEVE: Operation = Operation {
    name: "gt internal relieve",
    make: || {
        let town = (HANDOFF.make)();
        let text = town.read(SESSION);
        let marked = text.replace("handoff: null", "handoff: 2026-01-15T10:00:00Z");
        town.write(SESSION, &marked);
        town
    },
    command: |town| {
        let ended = "an-earlier-boot:7:99";
        town.call("gt", &["internal", "relieve", "app/polecats/toast", ended])
    },
    acknowledged: "\u{0}never: nobody reads along",
    start: "in_progress, app/polecats/toast, hooked, to be in a fresh session",
    is_sound_before: false,
    ..HANDOFF
};

/// The recorded process, and since when a fresh one is due.
fn session(town: &Town) -> (String, String) {
    let text = town.read(SESSION);
    let value = |key| plain(&text, key).unwrap_or_default();
    (value("process"), value("handoff"))
}
