//! Convoys, and the merge that brings one to its end.

use std::fs;

use testkit::{Call, Town};

use super::{Operation, as_worker, at_work, in_convoy, standing};
use crate::gt::life::support;

pub(crate) const CONVOY: Operation = Operation {
    name: "gt convoy create",
    make: in_convoy,
    command: |town| town.call("gt", &["convoy", "create", "Second", "gt-one"]),
    acknowledged: "Created convoy",
    state: |town| format!("{} convoys", convoys(town).len()),
    start: "1 convoys",
    end: "2 convoys",
    is_sound_before: true,
};

pub(crate) const ADD: Operation = Operation {
    name: "gt convoy add",
    make: || {
        let town = in_convoy();
        support::bead(&town, "gt-two", "Two");
        town
    },
    command: |town| on_convoy(town, "add", &["gt-two"]),
    acknowledged: "Added to",
    state: |town| {
        let beads = only(town).matches("id: gt-").count();
        format!("{beads} beads")
    },
    start: "1 beads",
    end: "2 beads",
    is_sound_before: true,
};

pub(crate) const END: Operation = Operation {
    name: "gt convoy close",
    make: in_convoy,
    command: |town| on_convoy(town, "close", &["--force", "--reason", "enough"]),
    acknowledged: "Closed hq-cv-",
    state: |town| support::plain(&only(town), "status").unwrap_or_default(),
    start: "open",
    end: "closed",
    is_sound_before: true,
};

pub(crate) const MERGE: Operation = Operation {
    name: "gt refinery run",
    make: || {
        let town = at_work();
        as_worker(&town, &["done"]).run().ok();
        town
    },
    command: |town| town.call("gt", &["refinery", "run"]),
    acknowledged: "\u{0}never: it goes on with branches and worktrees",
    state: |town| {
        let landed = town.git(&["log", "--format=%s", "main", "--", "work.txt"]);
        let times = landed.text().lines().count();
        match (standing(town), times) {
            // What has landed is noted by the next run.
            (standing, 0 | 1) if standing.starts_with("completed") => standing,
            (standing, times) => {
                let convoy = support::plain(&only(town), "status").unwrap_or_default();
                format!("{standing}, convoy {convoy}, landed {times}")
            }
        }
    },
    start: "completed, app/polecats/toast, unhooked",
    end: "closed, app/polecats/toast, unhooked, convoy closed, landed 1",
    is_sound_before: true,
};

fn on_convoy(town: &Town, verb: &str, more: &[&str]) -> Call {
    let ids = convoys(town);
    let mut args = vec!["convoy", verb, &ids[0]];
    args.extend(more);
    town.call("gt", &args)
}

/// The IDs of all convoys, by their files.
fn convoys(town: &Town) -> Vec<String> {
    let files = fs::read_dir(town.repo().join(".beads/convoys")).into_iter();
    let names = files.flatten().flatten().map(|file| file.file_name());
    let mut ids: Vec<String> = names
        .filter_map(|name| {
            let id = name.to_str()?.strip_suffix(".yaml")?;
            (!id.starts_with('.')).then(|| id.to_owned())
        })
        .collect();
    ids.sort();
    ids
}

/// The file of the only convoy.
fn only(town: &Town) -> String {
    town.read(format!(".beads/convoys/{}.yaml", convoys(town)[0]))
}
