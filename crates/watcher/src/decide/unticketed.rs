//! A hook that this clone has no ticket for: it came by git or by hand. Nothing
//! is started for it, whatever it says.

use super::verdict::{State, Verdict};
use crate::snapshot::{Agent, Hook, Says, Snapshot};
use model::{Address, Id};

/// A hook as far as it matters here.
struct Offer<'a> {
    agent: &'a Agent,
    bead: &'a Id,
    attempt: u32,
    host: &'a str,
}

pub(super) fn judge(agent: &Agent, snapshot: &Snapshot) -> Verdict {
    let offer = match &agent.hook {
        Hook::Missing => return Verdict::new(agent, State::HookMissing),
        Hook::Unreadable(what, remedy) => {
            return Verdict::new(agent, State::Unreadable)
                .because(what)
                .remedy(format!("{}; or {remedy}", drop_it(agent)));
        }
        Hook::There {
            bead,
            attempt,
            host,
            ..
        } => Offer {
            agent,
            bead,
            attempt: *attempt,
            host,
        },
    };
    let rig = offer.agent.address.rig();
    if let Some(other) = rig.filter(|rig| *rig != snapshot.rig) {
        return Verdict::new(agent, State::Elsewhere)
            .because(format!(
                "it is for an agent of the rig {other}, and this is {}",
                snapshot.rig
            ))
            .remedy(drop_it(agent));
    }
    let Some(says) = hooked_bead(agent) else {
        return Verdict::new(agent, State::Broken)
            .because(format!("there is no bead {}", offer.bead))
            .remedy(format!(
                "{}; or bring the bead: it came without it",
                drop_it(agent)
            ));
    };
    stands_against(&offer, says, snapshot).unwrap_or_else(|| acceptable(&offer, snapshot))
}

fn hooked_bead(agent: &Agent) -> Option<&Says> {
    match &agent.hook {
        Hook::There { says, .. } => says.as_ref(),
        _ => None,
    }
}

/// Why it could not be accepted as it is.
fn stands_against(offer: &Offer<'_>, says: &Says, snapshot: &Snapshot) -> Option<Verdict> {
    let verdict = |state| Verdict::new(offer.agent, state);
    let bead = offer.bead;
    let is_ours = snapshot.host.as_deref() == Some(offer.host);
    let is_over = says.attempt > offer.attempt
        || (says.attempt == offer.attempt && !says.status.is_on_a_hook());
    if is_over || says.status.is_closed() {
        let because = format!(
            "{bead} is {} at attempt {}: what is left of attempt {} is in the way",
            says.status, says.attempt, offer.attempt
        );
        // Those of other hosts are left alone by the doctor.
        let remedy = if is_ours && is_over {
            "`gt doctor --fix` removes the hook".to_owned()
        } else {
            drop_it(offer.agent)
        };
        return Some(verdict(State::Over).because(because).remedy(remedy));
    }
    let other = says.agent.as_ref().filter(|_| says.status.is_on_a_hook());
    if let Some(other) = other.filter(|other| **other != offer.agent.address) {
        return Some(taken(offer, other));
    }
    (offer.attempt > says.attempt.saturating_add(1)).then(|| {
        verdict(State::Broken)
            .because(format!(
                "it is for attempt {} at {bead}, whose own file says {}: one of the two files is older",
                offer.attempt, says.attempt
            ))
            .remedy(format!("{}; or pull and merge what is missing", drop_it(offer.agent)))
    })
}

fn taken(offer: &Offer<'_>, other: &Address) -> Verdict {
    Verdict::new(offer.agent, State::Unaccepted)
        .because(format!(
            "this clone has no ticket for it, and {} is on the hook of {other}",
            offer.bead
        ))
        .remedy(format!(
            "{}; `gt sling {} {} --force` moves the bead here instead",
            drop_it(offer.agent),
            offer.bead,
            offer.agent.address
        ))
}

fn acceptable(offer: &Offer<'_>, snapshot: &Snapshot) -> Verdict {
    let agent = &offer.agent.address;
    if snapshot.host.as_deref() != Some(offer.host) {
        return Verdict::new(offer.agent, State::Elsewhere)
            .because(format!(
                "it belongs to host {}, whose workers run there",
                offer.host
            ))
            .remedy(format!("`gt hook accept {agent}` takes it over"));
    }
    Verdict::new(offer.agent, State::Unaccepted)
        .because("it came by git or by hand, and this clone has no ticket for it")
        .remedy(format!("`gt hook accept {agent}` lets it run here"))
}

fn drop_it(agent: &Agent) -> String {
    format!("`rm {}` drops the hook", agent.file())
}
