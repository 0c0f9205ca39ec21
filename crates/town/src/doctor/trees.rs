//! Our worktrees, and what is wrong with them. Changes nothing.

use super::facts::Held;
use crate::Town;
use crate::error::Error;
use git::worktree::Ours;
use git::{BranchName, refs};
use model::Address;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use store::look;
use store::tree::read_small;

/// Nothing half-made is in use for this long.
const SCRAP_AGE: Duration = Duration::from_secs(3600);

/// The worktree in which the refinery tests. It has nothing to lose, and the
/// refinery makes it anew by itself.
const BENCH: &str = "refinery";

/// A worktree that is not whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// Its name in the clone.
    pub name: String,
    /// Where its files are, or were.
    pub path: PathBuf,
    /// What is wrong with it.
    pub state: State,
    /// The bead on the hook of its agent.
    pub bead: Option<model::Id>,
}

/// What is wrong with a worktree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The clone was moved: its files are there, the links lead nowhere.
    Moved,
    /// It belongs to the clone that this one is a copy of.
    Copied,
    /// A killed command began to make it.
    HalfMade,
    /// It has no index, and files that git did not check out.
    Unindexed,
    /// Its files are gone; its commits are on its branch.
    Gone,
    /// Its files are gone, and no branch holds what it had checked out.
    GoneDetached,
    /// Its files are there, and their link to the clone is not.
    Unlinked,
}

/// The worktrees that are not whole.
pub(super) fn gather(town: &Town, tickets: &[Held]) -> Result<Vec<Tree>, Error> {
    let mut trees = Vec::new();
    for ours in git::worktree::list(town.common())? {
        let agent = agent(&ours);
        let ticket = tickets
            .iter()
            .find(|held| Some(&held.ticket.agent) == agent.as_ref());
        let state = match state(&ours)? {
            Some(State::HalfMade) if has_work(town, &ours)? => Some(State::Unindexed),
            state => state,
        };
        let state = state.filter(|state| {
            let begun = ticket.is_some() && matches!(state, State::HalfMade | State::Unindexed);
            let bench = ours.name == BENCH && !matches!(state, State::Copied | State::Moved);
            !begun && !bench
        });
        trees.extend(state.map(|state| Tree {
            name: ours.name,
            path: ours.path,
            state,
            bead: ticket.map(|held| held.ticket.bead.clone()),
        }));
    }
    Ok(trees)
}

/// The files without which git finds no repository in a worktree; an empty one makes it
/// fail in all of them.
const LINKS: [&str; 3] = ["commondir", "HEAD", "gitdir"];

/// Such files that are empty, of anybody's worktree.
pub(super) fn hollow(town: &Town) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for admin in look::entries(&town.common().join("worktrees"))? {
        for file in LINKS.map(|name| admin.join(name)) {
            if look::at(&file)?.is_some_and(|meta| meta.is_file() && meta.len() == 0) {
                found.push(file);
            }
        }
    }
    Ok(found)
}

/// Agents whose worktree was begun for the work on their hook, and is not
/// whole. Git's own locks may lie in it until it is.
pub(super) fn half_made(tickets: &[Held]) -> Result<Vec<Address>, Error> {
    let mut begun = Vec::new();
    for ticket in tickets.iter().map(|held| &held.ticket) {
        let tree = ticket.worktree.as_ref().map(Path::new);
        match tree.filter(|_| ticket.spawn) {
            Some(tree) if look::is_folder(tree)? && !is_whole(tree)? && is_linked(tree)? => {
                begun.push(ticket.agent.clone());
            }
            _ => {}
        }
    }
    Ok(begun)
}

/// Agents whose worktree was made, and whose branch is gone.
pub(super) fn branchless(town: &Town, tickets: &[Held]) -> Result<Vec<(Address, String)>, Error> {
    let mut found = Vec::new();
    for ours in git::worktree::list(town.common())? {
        let Some(agent) = agent(&ours) else { continue };
        let held = tickets.iter().find(|it| it.ticket.agent == agent);
        let Some(branch) = held.and_then(|it| it.ticket.branch.as_ref()) else {
            continue;
        };
        if !refs::has_branch(town.common(), &BranchName::parse(branch)?)? {
            found.push((agent, branch.clone()));
        }
    }
    Ok(found)
}

/// One that has files and no link is somebody's to link again: nothing can be
/// completed around them.
fn is_linked(tree: &Path) -> Result<bool, Error> {
    Ok(link(tree)?.is_some() || look::entries(tree)?.is_empty())
}

/// The index is the last that is written of a worktree.
fn is_whole(tree: &Path) -> Result<bool, Error> {
    let Some(git_dir) = link(tree)? else {
        return Ok(false);
    };
    let index = look::at(&git_dir.join("index"))?;
    Ok(index.is_some_and(|meta| meta.len() > 0))
}

/// Whose worktree it is.
pub(super) fn agent(ours: &Ours) -> Option<Address> {
    let mut lines = ours.marker.lines();
    let text = lines.find_map(|line| line.strip_prefix("agent: "))?;
    Address::parse(text).ok()
}

/// Whether it has files that no commit holds, and no index that says so.
fn has_work(town: &Town, ours: &Ours) -> Result<bool, Error> {
    let unsaved = git::worktree::unsaved_without_index(town.common(), &ours.name)?;
    Ok(!unsaved.is_empty())
}

fn state(ours: &Ours) -> Result<Option<State>, Error> {
    let is_made = look::is_there(&ours.git_dir.join("index"))?;
    match link(&ours.path)? {
        Some(linked) if linked == ours.git_dir => {
            return Ok((!is_made).then_some(State::HalfMade));
        }
        Some(linked) if look::is_there(&linked)? => return Ok(Some(State::Copied)),
        _ => {}
    }
    if is_moved(ours)? {
        return Ok(Some(State::Moved));
    }
    Ok(Some(match look::is_folder(&ours.path)? {
        _ if !is_made => State::HalfMade,
        true => State::Unlinked,
        false if ours.branch.is_none() => State::GoneDetached,
        false => State::Gone,
    }))
}

/// Where the `.git` file of a work tree leads.
fn link(work_tree: &Path) -> Result<Option<PathBuf>, Error> {
    let text = read_small(&work_tree.join(".git"))?.unwrap_or_default();
    let Some(named) = text.strip_prefix("gitdir: ") else {
        return Ok(None);
    };
    let target = work_tree.join(named.trim_end_matches('\n'));
    Ok(Some(look::real(&target)?.unwrap_or(target)))
}

/// Whether the files are where they would be if they had moved together with
/// the clone, and still lead to where its git folder was.
fn is_moved(ours: &Ours) -> Result<bool, Error> {
    let home = read_small(&ours.git_dir.join("plaintown-home"))?;
    let Some(home) = home.map(|text| PathBuf::from(text.trim_end_matches('\n'))) else {
        return Ok(false);
    };
    if home == ours.git_dir || look::is_there(&home)? {
        return Ok(false);
    }
    let mut common = home.components().zip(ours.path.components());
    let shared = common.by_ref().take_while(|(a, b)| a == b).count();
    let up = home.components().count() - shared;
    let down: PathBuf = ours.path.components().skip(shared).collect();
    let with_clone = ours.git_dir.ancestors().nth(up).map(|it| it.join(down));
    for path in [Some(ours.path.clone()), with_clone].into_iter().flatten() {
        if link(&path)?.as_ref() == Some(&home) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Half-made things that a killed command left.
pub(super) fn scraps(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let is_old = |path: &PathBuf| {
        let changed = fs::symlink_metadata(path).and_then(|meta| meta.modified());
        let age = changed.map(|it| SystemTime::now().duration_since(it).unwrap_or_default());
        age.is_ok_and(|age| age > SCRAP_AGE)
    };
    Ok(look::entries(folder)?.into_iter().filter(is_old).collect())
}
