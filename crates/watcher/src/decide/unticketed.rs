//! A hook that this clone has no ticket for: nothing is started for it, and
//! whoever asks is told what helps.

use super::verdict::{State, Verdict};
use crate::snapshot::{Agent, Hook, Snapshot};
use town::unticketed::{self, Here, Offer, Standing, unreadable_remedy};

pub(super) fn judge(agent: &Agent, snapshot: &Snapshot) -> Verdict {
    let file = agent.file();
    let offer = match &agent.hook {
        Hook::Missing => return Verdict::new(agent, State::HookMissing),
        Hook::Unreadable(what, remedy) => {
            return Verdict::new(agent, State::Unreadable)
                .because(what)
                .remedy(format!("{}; or {remedy}", unreadable_remedy(&file, false)));
        }
        Hook::There {
            bead,
            attempt,
            host,
            says,
            ..
        } => Offer {
            agent: &agent.address,
            bead,
            attempt: *attempt,
            host,
            says: says.as_ref(),
        },
    };
    let here = Here {
        rig: &snapshot.rig,
        host: snapshot.host.as_deref(),
        file: &file,
    };
    let judged = unticketed::judge(&offer, &here);
    let state = match judged.standing {
        Standing::Unaccepted => State::Unaccepted,
        Standing::Elsewhere => State::Elsewhere,
        Standing::Broken => State::Broken,
        Standing::Over { .. } => State::Over,
    };
    Verdict::new(agent, state)
        .because(judged.why)
        .remedy(judged.remedy)
}
