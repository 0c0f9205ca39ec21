//! That the sweep can fail: operations that are known to be wrong.

use testkit::killat::{Failure, Fault, Points};
use testkit::{Call, Town};

use super::operations::{self, CLOSE, HOOK, Operation, RELEASE};
use super::visit;
use crate::gt::life::support;

/// A bead in no convoy, in a clone that has been a host before.
fn alone() -> Town {
    let town = operations::empty();
    support::bead(&town, "gt-one", "One");
    support::sling(&town, "gt-one", &["--no-spawn"]);
    town.gt(&["release", "gt-one"]).ok();
    town
}

/// Hooks as `gt hook` does, with the hook before the bead and no ticket.
const HOOK_FIRST: Operation = Operation {
    name: "hook before bead",
    make: alone,
    command: |town| {
        shell(town, "
        hooks=.beads/hooks; bead=.beads/beads/o/gt-one.yaml
        printf 'format: 1\\n\\nagent: overseer\\n\\nbead: gt-one\\n\\ntitle: \"One\"\\n\\nattempt: 2\\n\\nnonce: abc\\n\\nhost: h-1\\n\\nruntime: null\\n\\nbranch: null\\n\\ntarget: null\\n\\ninstructions: null\\n\\nmolecule: null\\n\\nwhat_to_do: null\\n\\nstep: null\\n\\nparked: null\\n\\nhooked_at: 2026-01-01T00:00:00Z\\n\\nhooked_by: overseer\\n' >../hook
        mkdir -p $hooks; mv ../hook $hooks/overseer.yaml
        sed 's/^status: open/status: hooked/; s/^assignee: null/assignee: overseer/; s/^attempt: 1/attempt: 2/' $bead >../bead
        mv ../bead $bead")
    },
    ..HOOK
};

/// Closes as `bd close` does, in place.
const IN_PLACE: Operation = Operation {
    name: "write in place",
    make: alone,
    command: |town| {
        shell(town, "
        bead=.beads/beads/o/gt-one.yaml
        text=$(sed 's/^status: open/status: closed/; s/^closed_at: null/closed_at: 2026-01-01T00:00:00Z/' $bead)
        printf '%s\\n' \"$text\" >$bead")
    },
    ..CLOSE
};

/// Gives a bead back as `gt release` does, but for what its ticket says before.
const UNANNOUNCED: Operation = Operation {
    name: "a release that nothing announces",
    command: |town| {
        shell(
            town,
            "
        bead=.beads/beads/o/gt-one.yaml
        sed 's/^status: in_progress/status: open/; s/^assignee: .*/assignee: null/' $bead >../bead
        mv ../bead $bead
        rm .beads/hooks/app/polecats/*.yaml .git/plaintown/tickets/app/polecats/*.yaml",
        )
    },
    ..RELEASE
};

fn shell(town: &Town, script: &str) -> Call {
    town.call("sh", &["-c", script])
}

/// That the operation is found wrong where it is killed, and only there.
#[track_caller]
fn is_found(operation: &Operation, words: &str) {
    let report = visit(Fault::Kill, Points::All, operation);
    let found = |failure: &Failure| failure.n > 0 && failure.reason.contains(words);
    assert!(report.failures.iter().any(found), "{report}");
    let killed = report.failures.iter().all(|failure| failure.n > 0);
    assert!(killed, "wrong even without a crash: {report}");
}

#[test]
fn a_wrong_order_is_found() {
    is_found(&HOOK_FIRST, "gt-one is on the hook of overseer and open");
}

#[test]
fn an_end_that_nothing_announces_is_found() {
    is_found(&UNANNOUNCED, "no command here has ended attempt");
}

#[test]
fn a_file_that_is_written_in_place_is_found() {
    is_found(&IN_PLACE, "gt-one.yaml");
}
