//! The clone around the store.

use super::super::facts::Remembered;
use super::super::locks::GitLock;
use super::super::trees::{State, Tree};
use super::super::{Facts, Fix, Item};
use model::text::shell_word;
use model::{Hook, Id};
use std::ffi::OsStr;
use std::path::Path;

pub(super) fn items(facts: &Facts) -> Vec<Item> {
    let clone = &facts.clone;
    let mut items = Vec::new();
    if !clone.gates.is_empty() {
        let pids: Vec<String> = clone.gates.iter().map(ToString::to_string).collect();
        items.push(Item::fix(
            format!(
                "stop what is left of a gate whose refinery was killed (process {})",
                pids.join(", ")
            ),
            Fix::StopGates,
        ));
    }
    if clone.landing {
        items.push(Item::fix(
            "a landing was cut short: finish it, or take it back",
            Fix::RecoverLanding,
        ));
    }
    items.extend(clone.hollow.iter().map(|file| hollow(file)));
    items.extend(
        clone
            .trees
            .iter()
            .map(|it| tree(it, |bead| anew(facts, bead, &it.name))),
    );
    items.extend(clone.half_made.iter().map(|agent| {
        let what = format!("{agent}: complete its worktree, which a killed command began to make");
        Item::fix(what, Fix::CompleteWorktree(agent.clone()))
    }));
    items.extend(clone.branchless.iter().map(|(agent, branch)| {
        let what = format!("{agent}: bring back {branch}, where its worktree was last");
        Item::fix(what, Fix::CompleteWorktree(agent.clone()))
    }));
    items.extend(clone.scraps.iter().map(|path| {
        let what = format!("{}: remove what a killed command left", path.display());
        Item::fix(what, Fix::RepairWorktrees)
    }));
    items.extend(clone.locks.iter().map(lock));
    items.extend(clone.landed.iter().map(|it| {
        let what = format!(
            "{}: remove this branch and its worktree, {} has landed",
            it.branch, it.bead
        );
        Item::fix(what, Fix::RemoveLanded(Box::new(it.clone())))
    }));
    items.extend(
        clone
            .lacks
            .iter()
            .map(|what| Item::fix(what, Fix::CompleteStore)),
    );
    items.extend(clone.attributes.iter().map(|what| {
        Item::report(
            what,
            "take that line out: it makes files that cannot be read",
        )
    }));
    items
}

/// What is done about an empty file of a worktree's git folder.
fn hollow(file: &Path) -> Item {
    let path = file.display();
    let what = format!("{path}: it is empty, and git fails in the whole repository");
    match file.file_name().and_then(OsStr::to_str) {
        Some("commondir") => Item::fix(
            format!("{path}: write where the repository is; it is empty, and git fails everywhere"),
            Fix::LinkCommon(file.to_owned()),
        ),
        Some("HEAD") => Item::report(
            what,
            format!(
                "write its branch there: `echo ref: refs/heads/BRANCH >{}`",
                shell_word(&file.to_string_lossy())
            ),
        ),
        _ => Item::report(
            what,
            "`git worktree repair` with the worktree's path writes it anew",
        ),
    }
}

/// What is done about a worktree that is not whole.
pub(in super::super) fn tree(tree: &Tree, anew: impl Fn(&Id) -> String) -> Item {
    let (name, path) = (&tree.name, tree.path.display());
    let remove = |why: &str| {
        let what = format!("worktree {name}: take it off git's list, {why}");
        Item::fix(what, Fix::RemoveWorktree(name.clone()))
    };
    match (tree.state, &tree.bead) {
        (State::Moved, _) => Item::fix(
            format!("worktree {name}: link it to this clone again, which was moved"),
            Fix::RepairWorktrees,
        ),
        (State::Copied, _) => remove("it belongs to the clone that this one is a copy of"),
        (State::HalfMade, _) => remove("a killed command left it half made"),
        (State::Gone, None) => remove("its files are gone; its commits are on its branch"),
        (State::Gone | State::GoneDetached, Some(bead)) => Item::report(
            format!("worktree {name}: its files at {path} are gone"),
            format!("move them back, or {}", anew(bead)),
        ),
        (State::GoneDetached, None) => Item::report(
            format!(
                "worktree {name}: its files at {path} are gone, and no branch holds its commits"
            ),
            "move them back, or name its commits with `git branch`, then `git worktree remove`",
        ),
        (State::Unindexed, _) => Item::report(
            format!("worktree {name}: {path} has no index, and files that no commit holds"),
            "`git reset` there makes the index anew, and leaves the files as they are",
        ),
        (State::Unlinked, _) => Item::report(
            format!("worktree {name}: {path} has lost its `.git` file"),
            "`git worktree repair` in the repository links it again",
        ),
    }
}

/// What makes the files of a worktree anew: a worker that runs has to go first,
/// and one that waits finds them when it goes on.
fn anew(facts: &Facts, bead: &Id, name: &str) -> String {
    let rig = &facts.rig;
    let runs = |it: &Remembered| it.is_running && it.session.bead == *bead;
    let is_parked = |it: &Hook| it.bead == *bead && it.parked.is_some();
    if facts.sessions.iter().any(runs) {
        format!("`gt sling {bead} {rig} --force` hands it out anew")
    } else if facts.hooks.iter().any(is_parked) {
        format!("`gt resume {bead}` makes them anew from its branch, and lets it go on")
    } else {
        format!("`gt sling {bead} {rig}/polecats/{name}` makes them anew from its branch")
    }
}

fn lock(lock: &GitLock) -> Item {
    let path = lock.path.display();
    if lock.is_dead {
        let what = format!("{path}: remove this lock, the git that made it is dead");
        return Item::fix(what, Fix::RemoveLock(lock.clone()));
    }
    Item::report(
        format!("{path}: a lock of git's, {} minutes old", lock.minutes),
        "wait for the git command to end; remove the file if none runs",
    )
}
