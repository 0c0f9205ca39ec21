//! Commands that a repository proposes, and this clone's word on them.
//!
//! Promises: `.beads/trusted.yaml` is inert until a person was shown exactly
//! its bytes and approved them; they are hashed again at each use, as they are
//! at the tip of the branch that work lands on. What was approved is noted in
//! the clone's own folder, out of git's reach.
//!
//! Never: runs anything, or takes a proposal from the branch that is merged or
//! from the work tree.

mod approvals;
mod proposal;

use crate::Town;
use crate::config::Gate;
use crate::error::Error;
use crate::sling::target_tip;
use git::{BranchName, Oid};

pub use approvals::{Approval, FILE, approvals, revoke};
pub use proposal::{PATH, Proposal};

/// What the repository proposes at one commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// The branch whose tip it was read at.
    pub branch: String,
    /// That commit.
    pub tip: String,
    /// The proposal; none where there is no such file.
    pub proposal: Option<Proposal>,
    /// Who approved these bytes, and when.
    pub approved: Option<Approval>,
}

/// The gates that a merge request has to pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gates {
    /// These; none is possible.
    Run(Vec<Gate>),
    /// It has to wait, for this reason.
    Wait(String),
}

/// The gates for work that lands on a commit: the user's own, then the approved
/// ones of the repository. Of two of one name the user's is run.
pub fn gates(town: &Town, tip: &Oid) -> Result<Gates, Error> {
    let proposal = match Proposal::at(town, tip)? {
        Ok(proposal) => proposal,
        Err(flaw) => return Ok(Gates::Wait(flaw)),
    };
    let approved = match &proposal {
        Some(proposal) => approvals::find(town, &proposal.sha256)?.is_some(),
        None => true,
    };
    if !approved {
        return Ok(Gates::Wait(format!(
            "{PATH} proposes commands that nobody has approved here: `gt trust` shows them"
        )));
    }
    let own = town.user()?.gates_of(town.rig()).to_vec();
    Ok(Gates::Run(joined(own, proposal)))
}

fn joined(own: Vec<Gate>, proposal: Option<Proposal>) -> Vec<Gate> {
    let proposed = proposal.map(|it| it.gates).unwrap_or_default();
    let is_new = |gate: &Gate| own.iter().all(|it| it.name != gate.name);
    let new: Vec<Gate> = proposed.into_iter().filter(is_new).collect();
    own.into_iter().chain(new).collect()
}

/// What the repository proposes for work that lands on `branch`, or on the
/// rig's target.
pub fn proposed(town: &Town, branch: Option<&str>) -> Result<Proposed, Error> {
    let branch = BranchName::parse(branch.unwrap_or(&town.config().target))?;
    let tip = target_tip(town, &branch)?;
    let proposal = Proposal::at(town, &tip)?.map_err(|flaw| {
        Error::new(model::Class::Damaged, format!("{flaw} (on {branch})"))
            .with_hint("correct the file, and commit it there")
    })?;
    let approved = match &proposal {
        Some(proposal) => approvals::find(town, &proposal.sha256)?,
        None => None,
    };
    Ok(Proposed {
        branch: branch.to_string(),
        tip: tip.to_string(),
        proposal,
        approved,
    })
}

/// Approves the bytes that were shown. False if they were approved before.
pub fn approve(town: &Town, shown: &Proposal) -> Result<bool, Error> {
    check_person(town, "approve commands")?;
    let approval = Approval {
        sha256: shown.sha256.clone(),
        by: town.actor.to_string(),
        at: town.now(),
    };
    approvals::add(town, approval)
}

/// That the command is not run by a worker: whoever works on the code does not
/// decide what may run on this machine.
pub(crate) fn check_person(town: &Town, what: &str) -> Result<(), Error> {
    match town.actor.address().filter(|agent| agent.is_spawned()) {
        None => Ok(()),
        Some(agent) => Err(Error::refused(
            format!("{agent} is a worker, which may not {what}"),
            "ask the person whose machine it is: `gt mail send overseer`",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn gate(name: &str, program: &str) -> Gate {
        Gate {
            name: name.to_owned(),
            command: vec![program.to_owned()],
            timeout: Duration::from_secs(1),
        }
    }

    #[test]
    fn the_users_gates_come_first_and_win() {
        let own = vec![gate("test", "mine"), gate("lint", "mine")];
        let proposal = Proposal {
            text: String::new(),
            sha256: String::new(),
            gates: vec![gate("lint", "theirs"), gate("docs", "theirs")],
        };
        let all = joined(own, Some(proposal));
        let all: Vec<_> = all
            .iter()
            .map(|gate| (gate.name.as_str(), gate.command[0].as_str()))
            .collect();
        assert_eq!(
            all,
            [("test", "mine"), ("lint", "mine"), ("docs", "theirs")]
        );
        assert!(joined(Vec::new(), None).is_empty());
    }
}
