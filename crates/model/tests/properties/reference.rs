//! The rules of readiness once more, as slow and as literal as can be.

use model::{Bead, Id, Status};

fn find<'a>(beads: &'a [Bead], id: &Id) -> Option<&'a Bead> {
    beads.iter().find(|bead| bead.id == *id)
}

fn is_open(bead: &Bead) -> bool {
    !bead.status.is_closed()
}

fn targets<'a>(bead: &'a Bead, kinds: &[&str]) -> Vec<&'a Id> {
    let of_kind = bead
        .dependencies
        .iter()
        .filter(|it| kinds.contains(&it.kind.as_str()))
        .map(|it| &it.id);
    let parent = bead
        .parent
        .iter()
        .filter(|_| kinds.contains(&"parent-child"));
    of_kind.chain(parent).collect()
}

fn children<'a>(beads: &'a [Bead], of: &Id) -> Vec<&'a Bead> {
    let is_child = |bead: &&Bead| targets(bead, &["parent-child"]).contains(&of);
    beads.iter().filter(is_child).collect()
}

fn parents<'a>(beads: &'a [Bead], of: &Bead) -> Vec<&'a Bead> {
    let ids = targets(of, &["parent-child"]).into_iter();
    ids.filter_map(|id| find(beads, id)).collect()
}

fn is_blocked_by_itself(beads: &[Bead], bead: &Bead) -> bool {
    let needs = targets(bead, &["blocks", "conditional-blocks"]);
    let broods = targets(bead, &["waits-for"]);
    needs.iter().any(|id| find(beads, id).is_some_and(is_open))
        || broods
            .iter()
            .filter(|id| find(beads, id).is_some())
            .any(|id| children(beads, id).into_iter().any(is_open))
}

/// Passes a property of open beads on to their open children until nothing
/// changes.
fn handed_down(beads: &[Bead], has: impl Fn(&Bead) -> bool) -> Vec<&Id> {
    let mut ids: Vec<&Id> = beads
        .iter()
        .filter(|bead| is_open(bead) && has(bead))
        .map(|bead| &bead.id)
        .collect();
    loop {
        let next = beads.iter().find(|bead| {
            let inherits = |parent: &&Bead| is_open(parent) && ids.contains(&&parent.id);
            is_open(bead) && !ids.contains(&&bead.id) && parents(beads, bead).iter().any(inherits)
        });
        match next {
            Some(bead) => ids.push(&bead.id),
            None => return ids,
        }
    }
}

pub(crate) fn blocked(beads: &[Bead]) -> Vec<&Id> {
    handed_down(beads, |bead| is_blocked_by_itself(beads, bead))
}

pub(crate) fn ready(beads: &[Bead], now: jiff::Timestamp) -> Vec<&Id> {
    let blocked = blocked(beads);
    let is_later = |bead: &Bead| {
        bead.defer_until
            .as_ref()
            .is_some_and(|it| it.timestamp() > now)
    };
    let deferred = handed_down(beads, is_later);
    let left_out = [
        "merge-request",
        "gate",
        "molecule",
        "message",
        "agent",
        "convoy",
        "event",
    ];
    let words = ["blocked", "pinned", "tombstone"];
    let mut ready: Vec<&Bead> = beads
        .iter()
        .filter(|bead| match &bead.status {
            Status::Open => true,
            Status::Custom(name) => !words.contains(&name.as_ref()),
            _ => false,
        })
        .filter(|bead| !bead.flag("pinned") && !bead.flag("ephemeral"))
        .filter(|bead| !left_out.contains(&bead.kind.as_str()))
        .filter(|bead| !blocked.contains(&&bead.id) && !deferred.contains(&&bead.id))
        .collect();
    ready.sort_by_key(|bead| (bead.priority, bead.created_at.timestamp(), bead.id.clone()));
    ready.into_iter().map(|bead| &bead.id).collect()
}

/// For each bead, which beads it waits for, however indirectly.
pub(crate) fn waits_for(beads: &[Bead]) -> Vec<Vec<bool>> {
    let waits = |bead: &Bead, other: &Bead| {
        let plain = ["blocks", "conditional-blocks", "parent-child", "waits-for"];
        let is_in_brood =
            |id: &Id| find(beads, id).is_some() && targets(other, &["parent-child"]).contains(&id);
        targets(bead, &plain).contains(&&other.id)
            || targets(bead, &["waits-for"]).into_iter().any(is_in_brood)
    };
    let mut closure: Vec<Vec<bool>> = beads
        .iter()
        .map(|bead| beads.iter().map(|other| waits(bead, other)).collect())
        .collect();
    for via in 0..beads.len() {
        for from in 0..beads.len() {
            for to in 0..beads.len() {
                closure[from][to] |= closure[from][via] && closure[via][to];
            }
        }
    }
    closure
}
