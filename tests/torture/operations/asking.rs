//! Asking and answering: escalations, gates, hooks from elsewhere, mail.

use std::fs;

use testkit::Town;

use super::{Operation, RELEASE, as_worker, at_work, standing};
use crate::gt::life::support;

/// What starts its worker, whose output comes in between.
const PARKED: &str = "in_progress, app/polecats/toast, parked";
const HOOKED: &str = "in_progress, app/polecats/toast, hooked";

pub(crate) const ASK: Operation = Operation {
    name: "gt escalate",
    command: |town| town.call("gt", &["escalate", "gt-one", "-m", "why?"]),
    acknowledged: "Escalated gt-one",
    end: "escalated, app/polecats/toast, parked",
    ..RELEASE
};

pub(crate) const ACK: Operation = Operation {
    name: "gt escalate ack",
    make: escalated,
    command: |town| town.call("gt", &["escalate", "ack", "gt-one"]),
    acknowledged: "Acknowledged gt-one",
    state: |town| {
        let text = support::bead_file(town, "gt-one");
        let seen = support::plain(&text, "  acked_by").unwrap_or_default();
        format!("{}, seen by {seen}", standing(town))
    },
    start: "escalated, app/polecats/toast, parked, seen by null",
    end: "escalated, app/polecats/toast, parked, seen by overseer",
    is_sound_before: true,
};

pub(crate) const ANSWER: Operation = Operation {
    name: "gt escalate resolve",
    make: escalated,
    command: |town| town.call("gt", &["escalate", "resolve", "gt-one", "-m", "so"]),
    acknowledged: "Resolved gt-one",
    state: standing,
    start: "escalated, app/polecats/toast, parked",
    end: HOOKED,
    is_sound_before: true,
};

pub(crate) const RESUME: Operation = Operation {
    name: "gt resume",
    make: || {
        let town = at_work();
        as_worker(&town, &["done", "--phase"]).run().ok();
        town
    },
    command: |town| town.call("gt", &["resume", "gt-one"]),
    acknowledged: "Resumed gt-one",
    state: standing,
    start: PARKED,
    end: HOOKED,
    is_sound_before: true,
};

pub(crate) const ACCEPT: Operation = Operation {
    name: "gt hook accept",
    make: || {
        let town = at_work();
        let ticket = support::ticket_file(&town, "app/polecats/toast");
        fs::remove_file(ticket).expect("it was slung here");
        town
    },
    command: |town| town.call("gt", &["hook", "accept", "app/toast", "--yes"]),
    acknowledged: "Accepted gt-one",
    state: |town| {
        let attempt = support::field(town, "gt-one", "attempt");
        let attempt = if attempt == "1" { "first" } else { "later" };
        let ticket = support::ticket_file(town, "app/polecats/toast").exists();
        let known = if ticket { "a ticket" } else { "no ticket" };
        format!("{}, {attempt} attempt, {known}", standing(town))
    },
    start: "in_progress, app/polecats/toast, hooked, first attempt, no ticket",
    end: "hooked, app/polecats/toast, hooked, later attempt, a ticket",
    is_sound_before: false,
};

pub(crate) const SEND: Operation = Operation {
    name: "gt mail send",
    make: super::empty,
    command: |town| town.call("gt", &["mail", "send", "mayor", "-s", "Done?", "-m", "Yes"]),
    acknowledged: "Sent ",
    state: |town| format!("{} letters", letters(town)),
    start: "0 letters",
    end: "1 letters",
    is_sound_before: true,
};

pub(crate) const READ: Operation = Operation {
    name: "gt mail read",
    make: || {
        let town = super::empty();
        town.gt(&["mail", "send", "overseer", "-s", "Done?", "-m", "Yes"])
            .ok();
        town
    },
    command: |town| town.call("gt", &["mail", "read", "1"]),
    acknowledged: "\u{0}never: what it shows is there before it is marked",
    state: |town| {
        let unread = town.gt(&["mail", "inbox", "--json"]).ok().json();
        format!("{} unread", unread.as_array().map_or(0, Vec::len))
    },
    start: "1 unread",
    end: "0 unread",
    is_sound_before: true,
};

fn escalated() -> Town {
    let town = at_work();
    town.gt(&["escalate", "gt-one", "-m", "why?"]).ok();
    town
}

fn letters(town: &Town) -> usize {
    let inbox = town.repo().join(".beads/mail/mayor");
    fs::read_dir(inbox).map_or(0, |files| {
        let names = files.flatten().map(|file| file.file_name());
        names
            .filter(|name| !name.to_string_lossy().starts_with('.'))
            .count()
    })
}
