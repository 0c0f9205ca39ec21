//! A worker that runs on although its attempt is over.

use super::verdict::{State, Verdict};
use super::{Action, SETTLING};
use crate::snapshot::{Agent, Stray};
use model::Address;
use std::time::Duration;
use town::worker::Astray;

/// Whoever takes a bead away stops the worker, and may need this long for it.
const TAKING: Duration = Duration::from_secs(20);

/// It is stopped where nobody else will, once its ticket is retired. As long as
/// that stands nothing is stopped: git, which has brought what the bead says, may
/// bring it back. One that has ended its own work is left to the doctor.
pub(super) fn judge(agent: &Agent, stray: &Stray) -> Verdict {
    let verdict = Verdict {
        bead: Some(stray.bead.clone()),
        attempt: Some(stray.attempt),
        ..Verdict::new(agent, State::Over)
    };
    let verdict = verdict
        .because(format!("its worker still runs, but {}", why(stray)))
        .remedy(remedy(&agent.address, stray));
    if stray.why == Astray::Lingers || agent.is_busy {
        return verdict;
    }
    let patience = if stray.has_ticket { SETTLING } else { TAKING };
    if stray.seen_for < patience {
        return verdict.wake(patience - stray.seen_for);
    }
    if stray.has_ticket {
        return verdict.notable();
    }
    let stop = Action::Stop(agent.address.clone(), stray.nonce.clone());
    verdict.action(stop).notable()
}

fn remedy(agent: &Address, stray: &Stray) -> String {
    let bead = &stray.bead;
    match stray.has_ticket {
        true => format!(
            "`gt release {bead}` takes it off that hook here and stops {agent}, whose worktree and branch stay; or bring the bead back with git, and {agent} works on"
        ),
        false => {
            "`gt doctor --fix` stops it, and so does the watcher; its worktree and branch stay"
                .to_owned()
        }
    }
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
