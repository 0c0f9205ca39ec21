//! A worker that runs on although its attempt is over.

use super::verdict::{State, Verdict};
use super::{Action, SETTLING};
use crate::snapshot::{Agent, Stray};
use town::worker::Astray;

/// It is stopped, unless whoever took its bead away does that. One that has ended
/// its own work is left to the doctor.
pub(super) fn judge(agent: &Agent, stray: &Stray) -> Verdict {
    let verdict = Verdict {
        bead: Some(stray.bead.clone()),
        attempt: Some(stray.attempt),
        ..Verdict::new(agent, State::Over)
    };
    let verdict = verdict
        .because(format!("its worker still runs, but {}", why(stray)))
        .remedy(
            "`gt doctor --fix` stops it, and so does the watcher; its worktree and branch stay",
        );
    if stray.why == Astray::Lingers || agent.is_busy {
        return verdict;
    }
    if stray.seen_for < SETTLING {
        return verdict.wake(SETTLING - stray.seen_for);
    }
    let stop = Action::Stop(agent.address.clone(), stray.nonce.clone());
    verdict.action(stop).notable()
}

fn why(stray: &Stray) -> String {
    let what = stray.why.describe(&stray.bead);
    match (&stray.why, &stray.says.agent) {
        (Astray::TakenAway, Some(who)) => {
            format!("{what}: {who} has it at attempt {}", stray.says.attempt)
        }
        (Astray::TakenAway, None) => format!("{what}: nobody has it"),
        _ => what,
    }
}
