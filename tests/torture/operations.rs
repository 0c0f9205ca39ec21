//! The operations that are swept: a town for each, its command, and how what it
//! did is told from outside.

mod asking;
mod batches;
mod handoff;

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use testkit::{Call, Town};

use crate::gt::life::support::{self, Slung};

pub(super) use asking::*;
pub(super) use batches::*;
pub(super) use handoff::*;

/// One operation.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// The town as it is before.
    pub(crate) make: fn() -> Town,
    /// The command.
    pub(crate) command: fn(&Town) -> Call,
    /// What it prints once it is done.
    pub(crate) acknowledged: &'static str,
    /// The state that it changes.
    pub(crate) state: fn(&Town) -> String,
    /// That state before.
    pub(crate) start: &'static str,
    /// That state after.
    pub(crate) end: &'static str,
    /// Whether the doctor finds nothing before.
    pub(crate) is_sound_before: bool,
}

pub(super) const CREATE: Operation = Operation {
    name: "bd create",
    make: empty,
    command: |town| town.call("bd", &["create", "Two", "--id", "gt-two", "-d", "text"]),
    acknowledged: "Created issue",
    state: |town| {
        let there = town.repo().join(".beads/beads/t/gt-two.yaml").exists();
        if there { "there" } else { "none" }.to_owned()
    },
    start: "none",
    end: "there",
    is_sound_before: true,
};

pub(super) const CLOSE: Operation = Operation {
    name: "bd close",
    make: in_convoy,
    command: |town| town.call("bd", &["close", "gt-one"]),
    acknowledged: "Closed gt-one",
    state: standing,
    start: "open, nobody, unhooked",
    end: "closed, nobody, unhooked",
    is_sound_before: true,
};

pub(super) const SLING: Operation = Operation {
    name: "gt sling --no-spawn",
    make: in_convoy,
    command: |town| town.call("gt", &["sling", "gt-one", "app/toast", "--no-spawn"]),
    acknowledged: "Slung gt-one",
    state: standing,
    start: "open, nobody, unhooked",
    end: "hooked, app/polecats/toast, hooked",
    is_sound_before: true,
};

pub(super) const SPAWN: Operation = Operation {
    name: "gt sling",
    make: in_convoy,
    command: |town| town.call("gt", &["sling", "gt-one", "app/toast"]),
    acknowledged: "\u{0}never: the worker goes on",
    state: |town| match standing(town).as_str() {
        "hooked, app/polecats/toast, hooked" | "in_progress, app/polecats/toast, hooked" => {
            "begun".to_owned()
        }
        other => other.to_owned(),
    },
    start: "open, nobody, unhooked",
    end: "begun",
    is_sound_before: true,
};

pub(super) const HOOK: Operation = Operation {
    name: "gt hook",
    make: in_convoy,
    command: |town| town.call("gt", &["hook", "gt-one"]),
    acknowledged: "Hooked gt-one",
    state: standing,
    start: "open, nobody, unhooked",
    end: "hooked, overseer, hooked",
    is_sound_before: true,
};

pub(super) const RELEASE: Operation = Operation {
    name: "gt release",
    make: at_work,
    command: |town| town.call("gt", &["release", "gt-one"]),
    acknowledged: "Released gt-one",
    state: standing,
    start: "in_progress, app/polecats/toast, hooked",
    end: "open, nobody, unhooked",
    is_sound_before: true,
};

pub(super) const UNSLING: Operation = Operation {
    name: "gt unsling",
    command: |town| town.call("gt", &["unsling", "gt-one"]),
    ..RELEASE
};

pub(super) const MOVE: Operation = Operation {
    name: "gt sling --force",
    make: at_work,
    command: |town| {
        town.call(
            "gt",
            &["sling", "gt-one", "app/rusty", "--force", "--no-spawn"],
        )
    },
    acknowledged: "Slung gt-one",
    state: standing,
    start: "in_progress, app/polecats/toast, hooked",
    end: "hooked, app/polecats/rusty, hooked",
    is_sound_before: true,
};

pub(super) const CLOSE_HELD: Operation = Operation {
    name: "bd close --force",
    command: |town| town.call("bd", &["close", "gt-one", "--force"]),
    acknowledged: "Closed gt-one",
    end: "closed, app/polecats/toast, unhooked",
    ..RELEASE
};

pub(super) const RELEASE_PARKED: Operation = Operation {
    name: "gt release of what waits for a gate",
    make: at_gate,
    start: "in_progress, app/polecats/toast, parked",
    ..RELEASE
};

pub(super) const MOVE_PARKED: Operation = Operation {
    name: "gt sling --force of what waits for a gate",
    make: at_gate,
    start: "in_progress, app/polecats/toast, parked",
    ..MOVE
};

pub(super) const DONE: Operation = Operation {
    name: "gt done",
    command: |town| as_worker(town, &["done"]),
    acknowledged: "COMPLETED gt-one",
    end: "completed, app/polecats/toast, unhooked",
    ..RELEASE
};

pub(super) const DONE_NO_MR: Operation = Operation {
    name: "gt done --no-mr",
    command: |town| as_worker(town, &["done", "--no-mr"]),
    acknowledged: "COMPLETED gt-one",
    end: "closed, app/polecats/toast, unhooked",
    ..RELEASE
};

pub(super) const DEFER: Operation = Operation {
    name: "gt done --defer",
    command: |town| as_worker(town, &["done", "--defer", "-m", "later"]),
    acknowledged: "DEFERRED gt-one",
    end: "deferred, nobody, unhooked",
    ..RELEASE
};

pub(super) const ESCALATE: Operation = Operation {
    name: "gt done --escalate",
    command: |town| as_worker(town, &["done", "--escalate", "-m", "help"]),
    acknowledged: "ESCALATED gt-one",
    end: "escalated, app/polecats/toast, parked",
    ..RELEASE
};

pub(super) const PHASE: Operation = Operation {
    name: "gt done --phase",
    command: |town| as_worker(town, &["done", "--phase"]),
    acknowledged: "PHASE_COMPLETE gt-one",
    end: "in_progress, app/polecats/toast, parked",
    ..RELEASE
};

pub(super) fn empty() -> Town {
    let builder = Town::builder(env!("CARGO_BIN_EXE_gt"));
    let disk = DISK.with_borrow(Clone::clone);
    let town = match &disk {
        Some(disk) => builder.below(disk).build(),
        None => builder.in_memory().build(),
    };
    support::in_rig(town, "ignore")
}

thread_local! {
    /// Where this thread makes its towns, if not in memory.
    static DISK: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// A town of an operation, made on a disk.
pub(super) fn on_disk(disk: &Path, make: fn() -> Town) -> Town {
    DISK.set(Some(disk.to_owned()));
    let town = make();
    DISK.set(None);
    town
}

/// One bead, in a convoy.
fn in_convoy() -> Town {
    let town = empty();
    support::bead(&town, "gt-one", "One");
    town.gt(&["convoy", "create", "Alone", "gt-one"]).ok();
    town
}

/// The same, with a polecat that has committed something.
fn at_work() -> Town {
    let town = in_convoy();
    let slung = support::idle(&town, "gt-one");
    slung.commit(&town, "work.txt");
    // What the worker is, for whoever takes its place.
    let call = slung.call(&town, "gt", &[]);
    let attempt = &call.env[std::ffi::OsStr::new("GT_ATTEMPT")];
    let lines = [slung.worktree.as_os_str(), attempt.as_os_str()];
    let text = lines.map(|line| line.to_string_lossy().into_owned());
    fs::write(town.root().join("worker"), text.join("\n")).expect("a town can be written to");
    town
}

/// The same, whose phase is done.
fn at_gate() -> Town {
    let town = at_work();
    as_worker(&town, &["done", "--phase"]).run().ok();
    town
}

fn as_worker(town: &Town, args: &[&str]) -> Call {
    let text = fs::read_to_string(town.root().join("worker")).expect("the worker was noted");
    let (worktree, attempt) = text.split_once('\n').expect("two lines were noted");
    let slung = Slung {
        bead: "gt-one".to_owned(),
        agent: "app/polecats/toast".to_owned(),
        branch: String::new(),
        worktree: worktree.into(),
    };
    slung.call(town, "gt", args).env("GT_ATTEMPT", attempt)
}

/// Status, holder and hook of the bead.
fn standing(town: &Town) -> String {
    let status = support::status(town, "gt-one");
    let assignee = support::field(town, "gt-one", "assignee");
    let holder = if assignee == "null" {
        "nobody"
    } else {
        &assignee
    };
    let hook = fs::read_to_string(support::hook_file(town, holder)).ok();
    let hooked = match hook.map(|text| support::plain(&text, "parked")) {
        None => "unhooked",
        Some(Some(_)) => "hooked",
        Some(None) => "parked",
    };
    format!("{status}, {holder}, {hooked}")
}
