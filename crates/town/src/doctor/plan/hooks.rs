//! Hooks, tickets and the beads they hold.

use super::super::{Facts, Fix, Item};
use crate::done::phase::is_left_behind;
use crate::resume::kept_by;
use crate::unticketed::{Here, Judged, Offer, Says, Standing, judge, unreadable_remedy};
use crate::work::{Finding, settle};
use model::{Address, Bead, Hook, Id, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::layout;

/// All but what has to wait until the workers of these agents are stopped.
pub(super) fn items(facts: &Facts, stopped: &BTreeSet<&Address>) -> Vec<Item> {
    let mut items = half_done(facts, stopped);
    items.extend(
        facts
            .hooks
            .iter()
            .filter_map(|hook| unticketed(facts, hook)),
    );
    let doubtful = facts.doubtful.iter();
    items.extend(doubtful.filter_map(|(agent, bead)| unreadable(facts, agent, bead)));
    items.extend(facts.changed.iter().map(changed));
    items.extend(shared(&facts.hooks));
    items.extend(unheld(facts));
    items.extend(parked(facts));
    items.extend(facts.beads.iter().filter_map(|it| gate(facts, it)));
    items
}

/// A gate that nobody waits for: who took its bead away was killed.
fn gate(facts: &Facts, gate: &Bead) -> Option<Item> {
    let bead = facts.bead(&kept_by(gate)?)?;
    if !is_left_behind(gate, bead) || is_outlived(facts, &bead.id) {
        return None;
    }
    let what = format!("{}: close it, {} waits for it no more", gate.id, bead.id);
    Some(Item::fix(
        what,
        Fix::CloseGate {
            gate: gate.id.clone(),
            bead: bead.id.clone(),
        },
    ))
}

/// What a killed command left between a bead, its hook and its ticket.
fn half_done(facts: &Facts, stopped: &BTreeSet<&Address>) -> Vec<Item> {
    let mut items = Vec::new();
    let held = facts.tickets.iter();
    for held in held.filter(|it| !stopped.contains(&it.ticket.agent)) {
        let (agent, bead) = (&held.ticket.agent, &held.ticket.bead);
        for finding in settle(&held.situation) {
            items.push(match finding {
                Finding::Half(step) => Item::fix(
                    step.describe(agent, bead),
                    Fix::Settle {
                        agent: agent.clone(),
                        bead: bead.clone(),
                    },
                ),
                Finding::Outlived(outlived) => {
                    Item::report(outlived.describe(), outlived.remedy())
                }
                Finding::Report(what) => Item::report(
                    what,
                    format!("`gt release {bead}` takes it off the hook; or restore the file with `git checkout`"),
                ),
            });
        }
    }
    items
}

/// Whether a ticket stands for a bead that went on without it. What is around it
/// is left as it is.
pub(super) fn is_outlived(facts: &Facts, bead: &Id) -> bool {
    let mut held = facts.tickets.iter();
    let is_one = |it: Finding| it.outlived().is_some();
    held.any(|it| it.ticket.bead == *bead && settle(&it.situation).into_iter().any(is_one))
}

/// Lines that a ticket covers are not as they were slung.
fn changed((agent, lines): &(Address, Vec<String>)) -> Item {
    Item::report(
        format!(
            "the hook of {agent} is not as it was slung, and nothing is started for it: {}",
            lines.join("; ")
        ),
        format!("remove .beads/hooks/{agent}.yaml, then `gt doctor --fix` writes it again"),
    )
}

/// Hooks of this host that it has no ticket for. Those of other hosts are
/// their own affair.
fn unticketed(facts: &Facts, hook: &Hook) -> Option<Item> {
    let is_ours = Some(&hook.host) == facts.host.as_ref();
    let is_clear = !facts.unclear.contains(&hook.agent);
    if !is_ours || !is_clear || facts.ticket(&hook.agent).is_some() {
        return None;
    }
    if let Some(item) = unreadable(facts, &hook.agent, &hook.bead) {
        return Some(item);
    }
    let says = facts.bead(&hook.bead).map(|bead| Says {
        status: bead.status.clone(),
        attempt: bead.attempt,
        agent: bead.agent(),
    });
    let path = facts.tracked.join(layout::hook(&hook.agent).path());
    let offer = Offer {
        agent: &hook.agent,
        bead: &hook.bead,
        attempt: hook.attempt,
        host: &hook.host,
        says: says.as_ref(),
    };
    let here = Here {
        rig: &facts.rig,
        host: facts.host.as_deref(),
        file: &model::text::shell_word(&path.to_string_lossy()),
    };
    let Judged {
        standing,
        why,
        remedy,
    } = judge(&offer, &here);
    Some(match standing {
        Standing::Over { is_known: true } => Item::fix(
            format!("{}: remove the hook, {why}", hook.agent),
            Fix::RemoveHook(hook.agent.clone()),
        ),
        _ => Item::report(
            format!(
                "the hook of {} holds {}, without a ticket: {why}",
                hook.agent, hook.bead
            ),
            remedy,
        ),
    })
}

/// What helps with the file of a hook that cannot be read.
pub(super) fn unreadable_hook(facts: &Facts, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(facts.tracked.join(layout::HOOKS)).ok()?;
    let agent = Address::parse(relative.to_str()?.strip_suffix(".yaml")?).ok()?;
    let is_known = facts.ticket(&agent).is_some()
        || facts
            .doubtful
            .iter()
            .any(|(doubtful, _)| *doubtful == agent);
    let file = model::text::shell_word(&path.to_string_lossy());
    Some(unreadable_remedy(&file, is_known))
}

/// A bead that cannot be read is not one that is not there.
fn unreadable(facts: &Facts, agent: &Address, bead: &Id) -> Option<Item> {
    facts.unreadable(bead).map(|problem| {
        Item::report(
            format!("the hook of {agent} holds {bead}, which cannot be read: {problem}"),
            problem.remedy.clone(),
        )
    })
}

/// Whether a bead has gone on without the hook.
pub(in super::super) fn is_over(bead: &Bead, hook: &Hook) -> bool {
    bead.attempt > hook.attempt || (bead.attempt == hook.attempt && !bead.status.is_on_a_hook())
}

fn shared(hooks: &[Hook]) -> Vec<Item> {
    let mut holders: BTreeMap<&Id, Vec<String>> = BTreeMap::new();
    for hook in hooks {
        holders
            .entry(&hook.bead)
            .or_default()
            .push(hook.agent.to_string());
    }
    holders.retain(|_, agents| agents.len() > 1);
    holders
        .into_iter()
        .map(|(bead, agents)| {
            Item::report(
                format!("{bead} is on the hooks of {}", agents.join(" and ")),
                format!("`gt release {bead}`, then remove what is left of them"),
            )
        })
        .collect()
}

/// Beads that say an agent has them, and no agent has.
fn unheld(facts: &Facts) -> Vec<Item> {
    let is_held = |bead: &Bead| {
        facts.hooks.iter().any(|hook| hook.bead == bead.id)
            || facts.tickets.iter().any(|held| held.ticket.bead == bead.id)
            || facts.doubtful.iter().any(|(_, held)| *held == bead.id)
    };
    let lost = facts
        .beads
        .iter()
        .filter(|bead| needs_hook(bead) && !is_held(bead));
    lost.map(|bead| {
        Item::report(
            format!("{} is {}, and no hook holds it", bead.id, bead.status),
            format!("`gt release {}` gives it back", bead.id),
        )
    })
    .collect()
}

/// The steps of a molecule are worked on under the hook of their molecule.
fn needs_hook(bead: &Bead) -> bool {
    match bead.status {
        Status::Hooked | Status::Escalated => true,
        Status::InProgress => {
            bead.parent.is_none() && bead.agent().is_some_and(|agent| agent.is_spawned())
        }
        _ => false,
    }
}

/// Hooks that wait for what has happened, or for what can never happen.
fn parked(facts: &Facts) -> Vec<Item> {
    let mut items: Vec<Item> = facts
        .due
        .iter()
        .filter(|bead| !is_outlived(facts, bead))
        .map(|bead| {
            let what = format!("{bead}: let it go on, what its hook waits for has happened");
            Item::fix(what, Fix::Unpark(bead.clone()))
        })
        .collect();
    items.extend(facts.untold.iter().map(|bead| {
        let what = format!("{bead}: send the mail about its escalation");
        Item::fix(what, Fix::Tell(bead.clone()))
    }));
    let missing = facts.lost.iter().map(|(bead, on)| {
        Item::report(
            format!("{bead} waits for {on}, which is not there"),
            format!("`gt release {bead}`, or bring {on} back"),
        )
    });
    items.extend(missing);
    items
}
