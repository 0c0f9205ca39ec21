//! The commit that would land.

use super::message;
use super::queue::Request;
use crate::Town;
use crate::config::Gate;
use crate::error::Error;
use git::{Git, Identity, Oid, identity, merge};
use model::config::Strategy;
use model::{Bead, Time};

/// Writes the commit of a merged tree on top of the target's tip.
///
/// The author is that of the work; the committer is whom git's configuration
/// names, else the refinery. Both dates are the clock's.
pub(super) fn commit(
    town: &Town,
    request: &Request,
    bead: &Bead,
    gates: &[Gate],
    merged: &Merged,
) -> Result<Oid, Error> {
    let git = town.git();
    let parents = match town.config().merge.strategy {
        Strategy::Merge => vec![merged.tip.clone(), merged.head.clone()],
        Strategy::Squash => vec![merged.tip.clone()],
    };
    let text = message::message(bead, request.attempt, gates);
    let author = author(&git, &merged.head)?;
    let committer = match identity::configured(&git)? {
        Some(identity) => identity,
        None => refinery(town),
    };
    let dated = dated(&git, &town.now());
    Ok(merge::commit_tree(
        &dated,
        &merged.tree,
        &parents,
        &text,
        &author,
        &committer,
    )?)
}

/// A merge that is clean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Merged {
    /// The target's tip.
    pub(super) tip: Oid,
    /// The work.
    pub(super) head: Oid,
    /// Both.
    pub(super) tree: Oid,
}

fn refinery(town: &Town) -> Identity {
    let email = format!("refinery@{}.plaintown.invalid", town.rig());
    Identity::new(&super::address(town).to_string(), &email)
}

/// Who wrote the last commit of the work.
fn author(git: &Git, head: &Oid) -> Result<Identity, Error> {
    let args = ["show", "-s", "--format=%an%x00%ae", head.as_str()];
    let answer = git.run("read the author of the work", args)?;
    let text = String::from_utf8_lossy(&answer);
    let (name, email) = text.trim_end().split_once('\0').unwrap_or_default();
    let name = if name.is_empty() { "unknown" } else { name };
    Ok(Identity::new(name, email))
}

fn dated(git: &Git, now: &Time) -> Git {
    let date = format!("{} +0000", now.timestamp().as_second());
    git.clone()
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
}
