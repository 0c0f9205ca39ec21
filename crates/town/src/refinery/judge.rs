//! What is to be done with a merge request. Pure.

use super::candidate::Merged;
use super::facts::{Facts, Filed, Merge};
use super::words;
use crate::trust::Gates;
use git::Oid;
use model::{Outcome, Status};

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Complete what an earlier run decided.
    Resume,
    /// It is on the target as this commit: close what is left open.
    AlreadyLanded(Oid),
    /// Its bead went on without it.
    Superseded(String),
    /// It cannot be merged.
    SendBack(Outcome, String),
    /// Later, perhaps.
    Wait(String),
    /// Test it and land it.
    Land(Merged),
}

/// Decides by the facts. What has happened comes before what is known to be
/// over, and both come before what could be done.
pub(super) fn judge(facts: &Facts) -> Verdict {
    if facts.decided.is_some() {
        return Verdict::Resume;
    }
    if let Some(commit) = &facts.landed {
        return Verdict::AlreadyLanded(commit.clone());
    }
    if let Some(reason) = &facts.unknown_target {
        return Verdict::Wait(reason.clone());
    }
    source(facts).unwrap_or_else(|| merge(facts))
}

/// What the bead says against merging, if anything.
fn source(facts: &Facts) -> Option<Verdict> {
    let Some((status, attempt)) = &facts.source else {
        return Some(Verdict::Wait("its bead is not in this store".to_owned()));
    };
    let superseded = |reason: String| Some(Verdict::Superseded(reason));
    if *attempt > facts.attempt {
        return superseded(format!("its bead is at attempt {attempt} now"));
    }
    if *attempt < facts.attempt {
        let reason = format!("its bead went back to attempt {attempt}: `gt doctor` says more");
        return Some(Verdict::Wait(reason));
    }
    match status {
        Status::Completed => stranger(facts).map(Verdict::Wait),
        status if status.is_on_a_hook() => Some(Verdict::Wait(format!(
            "its bead is {status}, not completed: `gt doctor` says more"
        ))),
        status if status.is_closed() => superseded("its bead was closed without it".to_owned()),
        status => superseded(format!("its bead is {status} again")),
    }
}

/// Why a merge request that this clone did not file, or that git changed since,
/// has to be looked at by a person first: merging runs what it brings.
fn stranger(facts: &Facts) -> Option<String> {
    let id = &facts.id;
    match &facts.filed {
        Filed::AsItIs => None,
        Filed::Elsewhere => Some(format!(
            "this clone did not file it: `gt mq accept {id}` shows what it brings"
        )),
        Filed::Changed => Some(format!(
            "this clone filed it otherwise: `gt mq accept {id}` shows what it brings now"
        )),
    }
}

fn merge(facts: &Facts) -> Verdict {
    match &facts.merge {
        Merge::HeadGone => Verdict::SendBack(
            Outcome::Rejected,
            "the commit to merge is not in this clone any more".to_owned(),
        ),
        Merge::TouchesBeads(paths) => {
            let paths = words::listed(paths);
            let reason = format!(
                "it would change the store on the target, which code branches must not: {paths}"
            );
            Verdict::SendBack(Outcome::Rejected, reason)
        }
        Merge::Conflict(paths) => {
            let reason = format!("it conflicts with the target in {}", words::listed(paths));
            Verdict::SendBack(Outcome::Conflict, reason)
        }
        Merge::Clean(merged) => gates(facts).unwrap_or_else(|| Verdict::Land(merged.clone())),
    }
}

/// What the gates say against landing it, if anything.
fn gates(facts: &Facts) -> Option<Verdict> {
    match &facts.gates {
        Gates::Wait(reason) => Some(Verdict::Wait(reason.clone())),
        Gates::Run(gates) if facts.require_gate && gates.is_empty() => Some(Verdict::Wait(
            "no gate is configured here, and `merge.require_gate` asks for one".to_owned(),
        )),
        Gates::Run(_) => None,
    }
}

#[cfg(test)]
mod tests;
