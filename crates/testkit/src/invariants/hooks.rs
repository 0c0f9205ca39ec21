//! Hooks against beads, and against the tickets of this clone.
//!
//! Never judges what lives elsewhere: a bead of another rig, or a hook of another
//! host.

use std::collections::BTreeMap;

use super::document::Document;
use super::lives::HELD;
use super::repository::Repository;
use super::store::Store;

pub(super) fn broken(store: &Store, repository: &Repository<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    let mut holders: BTreeMap<&str, &str> = BTreeMap::new();
    for (agent, hook) in &store.hooks {
        let id = hook.text("bead").unwrap_or_default();
        if let Some(other) = holders.insert(id, agent) {
            broken.push(format!("{id} is on the hooks of {other} and {agent}"));
        }
        match store.beads.get(id) {
            Some(bead) => broken.extend(disagreements(agent, hook, bead)),
            None if store.is_local(id) => {
                broken.push(format!(
                    "the hook of {agent} names {id}, which is not there"
                ));
            }
            None => {}
        }
    }
    broken.extend(tickets(store, repository));
    broken
}

fn disagreements(agent: &str, hook: &Document, bead: &Document) -> Vec<String> {
    let id = bead.text("id").unwrap_or_default();
    let status = bead.text("status").unwrap_or_default();
    let mut broken = Vec::new();
    if !HELD.contains(&status) {
        broken.push(format!("{id} is on the hook of {agent} and {status}"));
    }
    if bead.text("assignee") != Some(agent) {
        let assignee = bead.text("assignee").unwrap_or("nobody");
        broken.push(format!("{id} is on the hook of {agent}, and {assignee}'s"));
    }
    if bead.number("attempt") != hook.number("attempt") {
        broken.push(format!(
            "{id} and the hook of {agent} are at different attempts"
        ));
    }
    broken
}

/// Each hook of this host has its ticket, and each ticket its hook.
fn tickets(store: &Store, repository: &Repository<'_>) -> Vec<String> {
    let (tickets, mut broken) = repository.tickets();
    for (agent, hook) in &store.hooks {
        let ours = hook
            .text("host")
            .is_none_or(|host| repository.is_host(host));
        match tickets.get(agent) {
            None if ours => broken.push(format!("the hook of {agent} has no ticket")),
            Some(ticket) if !same_attempt(hook, ticket) => {
                broken.push(format!(
                    "hook and ticket of {agent} are of different attempts"
                ));
            }
            _ => {}
        }
    }
    let orphans = tickets
        .keys()
        .filter(|agent| !store.hooks.contains_key(*agent));
    broken.extend(orphans.map(|agent| format!("the ticket of {agent} has no hook")));
    broken
}

fn same_attempt(hook: &Document, ticket: &Document) -> bool {
    hook.text("bead") == ticket.text("bead")
        && hook.text("nonce") == ticket.text("nonce")
        && hook.number("attempt") == ticket.number("attempt")
}
