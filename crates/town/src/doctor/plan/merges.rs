//! Completed work: its merge request, its branch, and whether it has landed.

use super::super::clone::Branch;
use super::super::{Facts, Fix, Item};
use model::{Bead, Id, Kind, Status};

pub(super) fn items(facts: &Facts) -> Vec<Item> {
    let mut items: Vec<Item> = facts
        .beads
        .iter()
        .filter(|bead| bead.status == Status::Completed)
        .filter_map(|bead| completed(facts, bead))
        .collect();
    items.extend(facts.clone.requests.iter().filter_map(|id| over(facts, id)));
    items
}

/// A bead whose work is done has a merge request, whose head is on its branch.
fn completed(facts: &Facts, bead: &Bead) -> Option<Item> {
    let branch = facts.clone.branches.get(&bead.id)?;
    let id = &bead.id;
    let request = facts.bead(&id.merge_request(bead.attempt));
    let anew = format!(
        "`gt sling {id} {} --force` hands it out again, on its branch if that is there",
        facts.rig
    );
    let Some(request) = request else {
        return branch.is_ours.then(|| unfiled(bead, branch, anew));
    };
    if branch.has_landed {
        let what = format!("{id}: close it, {} has landed", request.id);
        return Some(Item::fix(what, Fix::Land(id.clone())));
    }
    if request.status.is_closed() {
        let what = format!("{id} is completed, and {} is closed", request.id);
        return Some(Item::report(what, anew));
    }
    if !branch.is_ours || branch.holds_head {
        return None;
    }
    Some(astray(bead, request, branch, anew))
}

fn unfiled(bead: &Bead, branch: &Branch, anew: String) -> Item {
    let (id, missing) = (&bead.id, bead.id.merge_request(bead.attempt));
    match &branch.head {
        Some(head) if branch.has_head && branch.tip.is_some() => {
            let name = bead.branch.as_deref().unwrap_or_default();
            let what = format!(
                "{id}: file {missing} anew, with {} of {name}",
                head.get(..7).unwrap_or(head)
            );
            Item::fix(what, Fix::FileRequest(id.clone()))
        }
        _ => Item::report(
            format!("{id} is completed, and neither {missing} nor its branch is there"),
            anew,
        ),
    }
}

/// The branch is gone, or is not where it was when the work was filed.
fn astray(bead: &Bead, request: &Bead, branch: &Branch, anew: String) -> Item {
    let name = bead.branch.as_deref().unwrap_or("its branch");
    let head = request.merge_request.as_ref().map(|it| it.head.clone());
    let head = head.unwrap_or_default();
    match (&branch.tip, &bead.branch) {
        (None, Some(branch_name)) if branch.has_head => Item::fix(
            format!("{}: bring back {name} at the head that was filed", bead.id),
            Fix::RestoreBranch {
                bead: bead.id.clone(),
                branch: branch_name.clone(),
                head,
            },
        ),
        (Some(_), _) if branch.has_head => Item::report(
            format!(
                "{} is completed, and {name} does not hold {head}, which was filed",
                bead.id
            ),
            format!("the refinery lands {head} all the same; {anew}"),
        ),
        _ => Item::report(
            format!(
                "{} is completed, and {head}, which was filed, is not in this clone",
                bead.id
            ),
            anew,
        ),
    }
}

/// A merge request that nobody waits for any more.
fn over(facts: &Facts, id: &Id) -> Option<Item> {
    let request = facts
        .bead(id)
        .filter(|it| it.kind == Kind::merge_request())?;
    let merge = request.merge_request.as_ref()?;
    let attempt: u32 = id.as_str().rsplit('.').next()?.parse().ok()?;
    let bead = facts.bead(&merge.source)?;
    let is_under_way = facts
        .tickets
        .iter()
        .any(|held| held.ticket.bead == bead.id && held.ticket.attempt == attempt);
    let went_on = bead.attempt > attempt
        || (bead.attempt == attempt
            && bead.status != Status::Completed
            && !bead.status.is_on_a_hook());
    (went_on && !is_under_way).then(|| {
        let what = format!("{id}: close it, {} is {} without it", bead.id, bead.status);
        Item::fix(what, Fix::JudgeRequest(id.clone()))
    })
}
