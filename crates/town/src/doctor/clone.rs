//! The clone around a store: its worktrees, branches, locks and folders.
//! Looks, and changes nothing.

use super::facts::Held;
use super::locks::{self, GitLock};
use super::trees::{self, Tree};
use crate::Town;
use crate::error::Error;
use crate::merge_request;
use crate::refinery::{self, Leftover};
use git::status::{self, Scope};
use git::{BranchName, Git, Oid, refs};
use model::{Address, Bead, Id, MergeRequest, Outcome, Status};
use std::collections::BTreeMap;
use std::path::PathBuf;
use store::look;
use store::tree::Content;

/// What was found in the clone.
#[derive(Debug, std::clone::Clone, Default)]
pub struct Clone {
    /// Processes of gates that a killed refinery left running.
    pub gates: Vec<u32>,
    /// Whether a landing was cut short.
    pub landing: bool,
    /// Files of any worktree's git folder that are empty, so that git fails.
    pub hollow: Vec<PathBuf>,
    /// Our worktrees that are not whole.
    pub trees: Vec<Tree>,
    /// Agents whose worktree was begun and is not whole.
    pub half_made: Vec<Address>,
    /// Agents whose branch somebody deleted under their worktree.
    pub branchless: Vec<(Address, String)>,
    /// Half-made things that nobody works on any more.
    pub scraps: Vec<PathBuf>,
    /// What landed work left, and can go.
    pub landed: Vec<Leftover>,
    /// Locks of git's.
    pub locks: Vec<GitLock>,
    /// What has become of the branches of completed beads.
    pub branches: BTreeMap<Id, Branch>,
    /// Open merge requests of this host.
    pub requests: Vec<Id>,
    /// What the store lacks besides its beads.
    pub lacks: Vec<String>,
    /// What is wrong with its attributes and cannot be completed.
    pub attributes: Option<String>,
}

/// The branch of completed work.
#[derive(Debug, std::clone::Clone, PartialEq, Eq)]
pub struct Branch {
    /// Where it is; none if it is not there.
    pub tip: Option<String>,
    /// The commit that was filed, as the merge request has it; where that is
    /// gone, as this clone remembers it.
    pub head: Option<String>,
    /// Whether the commit that was filed is in this clone.
    pub has_head: bool,
    /// Whether the branch holds that commit.
    pub holds_head: bool,
    /// Whether the merge request was closed as merged, and what landed is on
    /// the target.
    pub has_landed: bool,
    /// Whether this clone did the work.
    pub is_ours: bool,
}

/// Looks at it all.
pub(super) fn gather(town: &Town, beads: &[Bead], tickets: &[Held]) -> Result<Clone, Error> {
    // What a refinery is in the middle of is no finding.
    let at_rest = refinery::is_at_rest(town)?;
    let private = town.store.private_path();
    let landing = at_rest && look::is_there(&private.join("landing"))?;
    Ok(Clone {
        landing,
        gates: if at_rest {
            refinery::stray_gates(town)?
        } else {
            Vec::new()
        },
        hollow: trees::hollow(town)?,
        trees: trees::gather(town, tickets)?,
        half_made: trees::half_made(tickets)?,
        branchless: trees::branchless(town, tickets)?,
        scraps: trees::scraps(&private.join("tmp"))?,
        landed: if at_rest { landed(town)? } else { Vec::new() },
        locks: if landing {
            Vec::new()
        } else {
            locks::gather(town)?
        },
        branches: branches(town, beads)?,
        requests: if at_rest { requests(town)? } else { Vec::new() },
        lacks: lacks(town),
        attributes: attributes(town),
    })
}

/// Leftovers that nothing speaks against removing.
fn landed(town: &Town) -> Result<Vec<Leftover>, Error> {
    let mut landed = Vec::new();
    for leftover in refinery::leftovers(town)? {
        if refinery::can_remove(town, &leftover)? && is_clean(town, &leftover)? {
            landed.push(leftover);
        }
    }
    Ok(landed)
}

/// Whether the branch is checked out nowhere but in its worker's worktree, and
/// nothing there would be lost.
fn is_clean(town: &Town, it: &Leftover) -> Result<bool, Error> {
    let trees = git::worktree::list(town.common())?;
    let own = trees
        .into_iter()
        .find(|tree| tree.branch.as_ref() == Some(&it.branch));
    match own {
        Some(tree)
            if look::is_folder(&tree.path)? && look::is_there(&tree.git_dir.join("index"))? =>
        {
            let is_its = tree.name == it.worker.name();
            let is_idle = status::in_progress(&tree.git_dir)?.is_none();
            Ok(is_its && is_idle && status::dirty(&Git::at(&tree.path), Scope::All)?.is_empty())
        }
        Some(tree) => Ok(tree.name == it.worker.name()),
        None => Ok(!refinery::is_checked_out(town, &it.branch)?),
    }
}

fn branches(town: &Town, beads: &[Bead]) -> Result<BTreeMap<Id, Branch>, Error> {
    let mut branches = BTreeMap::new();
    for bead in beads.iter().filter(|it| it.status == Status::Completed) {
        let request = bead.id.merge_request(bead.attempt);
        let request = beads.iter().find(|it| it.id == request);
        branches.insert(bead.id.clone(), branch(town, bead, request)?);
    }
    Ok(branches)
}

fn branch(town: &Town, bead: &Bead, request: Option<&Bead>) -> Result<Branch, Error> {
    let git = town.git();
    let name = bead
        .branch
        .as_deref()
        .and_then(|it| BranchName::parse(it).ok());
    let tip = match &name {
        Some(name) => refs::resolve(&git, &name.full_ref())?,
        None => None,
    };
    let merge = request.and_then(|it| it.merge_request.as_ref());
    let filed = merge_request::filed_here(town, &bead.id, bead.attempt)?;
    let head = merge.map(|it| &it.head);
    let head = head.or(filed.as_ref().map(|it| &it.head));
    let head = head.and_then(|head| Oid::parse(head).ok());
    let has_head = match &head {
        Some(head) => refs::resolve(&git, &format!("{head}^{{commit}}"))?.is_some(),
        None => false,
    };
    let holds_head = match (&head, &tip) {
        (Some(head), Some(tip)) if has_head => refs::is_ancestor(&git, head, tip)?,
        _ => false,
    };
    let host = town.store.host()?;
    Ok(Branch {
        tip: tip.map(|tip| tip.to_string()),
        head: head.map(|head| head.to_string()),
        has_head,
        holds_head,
        has_landed: merge.map_or(Ok(false), |merge| has_landed(town, &git, merge))?,
        is_ours: merge.map_or(filed.is_some(), |merge| Some(&merge.host) == host.as_ref()),
    })
}

fn has_landed(town: &Town, git: &Git, merge: &MergeRequest) -> Result<bool, Error> {
    let commit = merge.merge_commit.as_deref().map(Oid::parse);
    let (Some(Outcome::Merged), Some(Ok(commit))) = (merge.outcome, commit) else {
        return Ok(false);
    };
    let (target, remote) = (&merge.target, &town.config().remote);
    for name in [
        format!("refs/heads/{target}"),
        format!("refs/remotes/{remote}/{target}"),
    ] {
        if let Some(tip) = refs::resolve(git, &name)?
            && refs::resolve(git, &format!("{commit}^{{commit}}"))?.is_some()
            && refs::is_ancestor(git, &commit, &tip)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The open merge requests that this host's refinery has to do with.
fn requests(town: &Town) -> Result<Vec<Id>, Error> {
    let host = town.store.host()?;
    let pending = refinery::pending(town)?.requests.into_iter();
    let ours = pending.filter(|it| Some(it.host(town.config())) == host.as_deref());
    Ok(ours.map(|it| it.bead.id).collect())
}

/// None of them is larger, in bytes.
const COMPANION_LIMIT: u64 = 64 << 10;

/// What making a store writes besides its beads.
pub(super) const COMPANIONS: [(&str, &str); 2] = [
    (".gitattributes", "* text eol=lf"),
    (".gitignore", ".*.tmp"),
];

/// One of these files, as the store reads its own: links are refused, and what is too
/// large for a file of a few lines.
fn companion(town: &Town, name: &str) -> Option<String> {
    match town.store.tracked().read(name, COMPANION_LIMIT) {
        Ok(Content::Bytes(bytes)) => String::from_utf8(bytes).ok(),
        _ => None,
    }
}

fn lacks(town: &Town) -> Vec<String> {
    let beads = &town.store.located().beads;
    let has = |name: &str, line: &str| {
        let text = companion(town, name).unwrap_or_default();
        text.lines().any(|it| it.trim() == line)
    };
    COMPANIONS
        .iter()
        .filter(|(name, line)| !has(name, line))
        .map(|(name, line)| format!("{} has no line `{line}`", beads.join(name).display()))
        .collect()
}

/// Joining both sides of a merge makes keys twice and files that no reader takes.
fn attributes(town: &Town) -> Option<String> {
    let path = town.store.located().beads.join(".gitattributes");
    let text = companion(town, ".gitattributes")?;
    let line = text.lines().position(|it| it.contains("merge=union"))?;
    Some(format!(
        "{}:{}: says `merge=union`, which joins both sides of a conflict",
        path.display(),
        line + 1
    ))
}
