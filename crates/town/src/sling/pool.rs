//! Which polecat a bead gets, and its place: a name that nobody has, a worktree and
//! a branch where nothing else stands. Writes nothing.

use super::begin::{place_for, target_tip};
use super::ground::occupied;
use super::{Place, Request};
use crate::error::Error;
use crate::{Town, worker};
use git::{BranchName, Oid, refs};
use model::{Address, Bead, Hook, Ticket};
use std::collections::BTreeSet;

/// What the branches of all polecats begin with.
const BRANCHES: &str = "polecat";

/// Names and branches that a new polecat cannot have.
#[derive(Debug)]
pub(super) struct InUse {
    names: BTreeSet<String>,
    /// None until somebody asks: it takes a process.
    branches: Option<Vec<BranchName>>,
}

impl InUse {
    /// The names of whoever has a hook, a ticket or a worktree.
    pub(super) fn new(town: &Town) -> Result<Self, Error> {
        let hooks = town.store.hooks()?.records.into_iter();
        let hooks = hooks.map(|hook: Hook| hook.agent);
        let tickets = town.store.tickets()?.records.into_iter();
        let tickets = tickets.map(|ticket: Ticket| ticket.agent);
        let agents = hooks.chain(tickets).map(|agent| agent.name().to_owned());
        let trees = git::worktree::list(town.common())?.into_iter();
        Ok(Self {
            names: agents.chain(trees.map(|tree| tree.name)).collect(),
            branches: None,
        })
    }

    /// The branches below `polecat`, and one of that name.
    fn branches(&mut self, town: &Town) -> Result<&[BranchName], Error> {
        if self.branches.is_none() {
            let found = refs::branches_matching(&town.git(), BRANCHES)?;
            self.branches = Some(found.into_iter().map(|(branch, _)| branch).collect());
        }
        Ok(self.branches.as_deref().unwrap_or_default())
    }

    /// A branch beside which git cannot make this one: each would be a folder of
    /// the other. One that is in the way of all polecats is an error.
    fn in_the_way(&mut self, town: &Town, wanted: &str) -> Result<Option<BranchName>, Error> {
        let found = in_the_way(self.branches(town)?, wanted).cloned();
        match found {
            Some(branch) if branch.as_str() == BRANCHES => Err(Error::refused(
                format!(
                    "the branch `{branch}` leaves no room for the branches of polecats, such as `{wanted}`"
                ),
                format!("give it another name: `git branch -m {branch} NAME`"),
            )),
            found => Ok(found),
        }
    }
}

fn in_the_way<'b>(branches: &'b [BranchName], wanted: &str) -> Option<&'b BranchName> {
    let is_below = |inner: &str, outer: &str| {
        let rest = inner.strip_prefix(outer);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    branches
        .iter()
        .find(|it| is_below(wanted, it.as_str()) || is_below(it.as_str(), wanted))
}

/// The place of the polecat that gets a bead: the one that was asked for, else the
/// next free one.
pub(super) fn place(
    town: &Town,
    request: &Request,
    bead: &Bead,
    target: &BranchName,
    agent: Option<Address>,
    in_use: &mut InUse,
) -> Result<Place, Error> {
    let runtime = match &request.runtime {
        Some(name) => name,
        None => town.user()?.default_runtime(),
    };
    if request.spawn {
        worker::check_runtime(town, runtime, request.session)?;
    }
    git::version::check()?;
    let base = target_tip(town, target)?;
    match agent {
        Some(agent) => named(town, bead, agent, &base, runtime, in_use),
        None => pooled(town, bead, &base, runtime, in_use, 0),
    }
}

/// The place of a polecat that was asked for by name.
fn named(
    town: &Town,
    bead: &Bead,
    agent: Address,
    base: &Oid,
    runtime: &str,
    in_use: &mut InUse,
) -> Result<Place, Error> {
    let another = format!(
        "`gt sling {} {}` takes another polecat",
        bead.id,
        town.rig()
    );
    if let Some(id) = other_bead(town, &agent, bead)? {
        return Err(Error::refused(
            format!("{agent} still has the worktree of {id}, which may hold work"),
            format!("{another}; `gt polecat status {}` shows it", agent.name()),
        ));
    }
    let Some(place) = place_for(town, bead, agent.clone(), base, runtime)? else {
        let kept = bead.branch.as_deref().unwrap_or_default();
        return Err(Error::refused(
            format!(
                "the branch of {agent} for {} lacks what was done since on {kept}",
                bead.id
            ),
            format!("{another}, which continues there"),
        ));
    };
    if let Some(other) = in_use.in_the_way(town, &place.branch)? {
        return Err(Error::refused(
            format!(
                "git has no room for the branch `{}` beside `{other}`",
                place.branch
            ),
            format!("{another}; or give that branch another name: `git branch -m {other} NAME`"),
        ));
    }
    match occupied(town, &bead.id, &place)? {
        Some(reason) => Err(Error::refused(reason.to_string(), another)),
        None => Ok(place),
    }
}

/// The bead whose worktree an agent still has, if it is another one.
fn other_bead(town: &Town, agent: &Address, bead: &Bead) -> Result<Option<String>, Error> {
    let trees = git::worktree::list(town.common())?;
    let own = trees.into_iter().find(|tree| tree.name == agent.name());
    let marked = own.and_then(|tree| {
        let mut lines = tree.marker.lines();
        lines.find_map(|line| line.strip_prefix("bead: ").map(str::to_owned))
    });
    Ok(marked.filter(|id| id != bead.id.as_str()))
}

/// The place of the next free polecat of the pool that can continue the work.
fn pooled(
    town: &Town,
    bead: &Bead,
    base: &Oid,
    runtime: &str,
    in_use: &mut InUse,
    from: usize,
) -> Result<Place, Error> {
    loop {
        let name = agent::names::pick(&in_use.names, from);
        in_use.names.insert(name.clone());
        let agent = Address::Polecat {
            rig: town.rig().to_owned(),
            name,
        };
        if let Some(place) = place_for(town, bead, agent, base, runtime)?
            && in_use.in_the_way(town, &place.branch)?.is_none()
            && occupied(town, &bead.id, &place)?.is_none()
        {
            return Ok(place);
        }
    }
}

/// The same place under the next free name.
pub(super) fn renamed(town: &Town, bead: &Bead, place: &Place) -> Result<Place, Error> {
    let base = Oid::parse(&place.base)?;
    let from = fastrand::usize(..agent::names::POOL.len());
    let mut in_use = InUse::new(town)?;
    pooled(town, bead, &base, &place.runtime, &mut in_use, from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_leaves_no_room_above_or_below_it() {
        let branches: Vec<BranchName> = ["polecat/nux", "polecat/rust/gt-one/try"]
            .map(|name| BranchName::parse(name).unwrap())
            .to_vec();
        let found = |wanted| in_the_way(&branches, wanted).map(BranchName::as_str);
        assert_eq!(found("polecat/nux/gt-one"), Some("polecat/nux"));
        assert_eq!(
            found("polecat/rust/gt-one"),
            Some("polecat/rust/gt-one/try")
        );
        for free in [
            "polecat/nuxes/gt-one",
            "polecat/rust/gt-two",
            "polecat/rust/gt-one/try",
        ] {
            assert_eq!(found(free), None, "{free}");
        }
    }
}
