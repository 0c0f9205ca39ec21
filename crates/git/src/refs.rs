//! References: read in full, changed only by compare-and-swap.

use std::path::Path;

use crate::{BranchName, Error, Git, Oid, Result, look, parse};

/// What creating a branch came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// It is new.
    Created,
    /// It was there, at this commit, and was left alone.
    Existed(Oid),
}

/// What a compare-and-swap came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a reference that moved was not changed"]
pub enum Updated {
    /// The reference was as expected and is changed now.
    Done,
    /// The reference was something else (`None`: absent) and was left alone.
    Moved(Option<Oid>),
}

/// The commit that a revision names; `None` when there is no such thing.
pub fn resolve(git: &Git, revision: &str) -> Result<Option<Oid>> {
    object(git, &format!("{revision}^{{commit}}"))
}

/// Whether a branch is there. Starts a process only where it has no file of its
/// own.
pub fn has_branch(common_dir: &Path, branch: &BranchName) -> Result<bool> {
    let reference = branch.full_ref();
    if look::is_filled(&common_dir.join(&reference))? {
        return Ok(true);
    }
    Ok(resolve(&Git::in_git_dir(common_dir), &reference)?.is_some())
}

/// The tree of a commit.
pub fn tree_of(git: &Git, commit: &Oid) -> Result<Oid> {
    let wanted = format!("{commit}^{{tree}}");
    object(git, &wanted)?.ok_or_else(|| Error::parse("rev-parse", wanted.as_bytes()))
}

fn object(git: &Git, expression: &str) -> Result<Option<Oid>> {
    let args = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        expression,
    ];
    let output = git.ask("resolve a revision", args, &[0, 1])?;
    match output.status {
        Some(0) => Oid::from_line(&output.stdout).map(Some),
        _ => Ok(None),
    }
}

/// Creates a branch; one that exists is reported and left alone.
pub fn create_branch(git: &Git, branch: &BranchName, at: &Oid) -> Result<Created> {
    match update(git, &branch.full_ref(), at, None, "branch: created")? {
        Updated::Done => Ok(Created::Created),
        Updated::Moved(Some(found)) => Ok(Created::Existed(found)),
        Updated::Moved(None) => Err(Error::parse("update-ref", branch.as_str().as_bytes())),
    }
}

/// Deletes a branch if it is at `expected`.
pub fn delete_branch(git: &Git, branch: &BranchName, expected: &Oid) -> Result<Updated> {
    let reference = branch.full_ref();
    let args = [
        "update-ref",
        "-d",
        "--end-of-options",
        &reference,
        expected.as_str(),
    ];
    let result = git.run("delete a branch", args);
    swapped(git, &reference, Some(expected), result)
}

/// Moves a full reference from `old` (`None`: it must be new) to `new`.
pub fn update(
    git: &Git,
    reference: &str,
    new: &Oid,
    old: Option<&Oid>,
    reason: &str,
) -> Result<Updated> {
    let args = [
        "update-ref",
        "--create-reflog",
        "-m",
        reason,
        "--end-of-options",
        reference,
        new.as_str(),
        old.map_or("", Oid::as_str),
    ];
    let result = git.run("update a reference", args);
    swapped(git, reference, old, result)
}

/// A refusal is "moved" when the reference is indeed not as expected; a held
/// lock, a full disk and the rest stay errors.
fn swapped(
    git: &Git,
    reference: &str,
    old: Option<&Oid>,
    result: Result<Vec<u8>>,
) -> Result<Updated> {
    let Err(error @ Error::Failed { .. }) = result else {
        return result.map(|_| Updated::Done);
    };
    let found = object(git, reference)?;
    if found.as_ref() == old {
        return Err(error);
    }
    Ok(Updated::Moved(found))
}

/// Whether `ancestor` can be reached from `descendant`.
pub fn is_ancestor(git: &Git, ancestor: &Oid, descendant: &Oid) -> Result<bool> {
    let args = [
        "merge-base",
        "--is-ancestor",
        ancestor.as_str(),
        descendant.as_str(),
    ];
    let output = git.ask("compare two commits", args, &[0, 1])?;
    Ok(output.status == Some(0))
}

/// The best common ancestor; `None` for unrelated histories.
pub fn merge_base(git: &Git, a: &Oid, b: &Oid) -> Result<Option<Oid>> {
    let output = git.ask(
        "find the merge base",
        ["merge-base", a.as_str(), b.as_str()],
        &[0, 1],
    )?;
    match output.status {
        Some(0) => Oid::from_line(&output.stdout).map(Some),
        _ => Ok(None),
    }
}

/// How many commits `head` has that `base` has not.
pub fn count_commits(git: &Git, base: &Oid, head: &Oid) -> Result<u64> {
    let range = format!("{base}..{head}");
    let answer = git.run("count commits", ["rev-list", "--count", &range])?;
    parse::line(&answer)
        .parse()
        .map_err(|_| Error::parse("rev-list", &answer))
}

/// The branch that is checked out; `None` for a detached HEAD.
pub fn current_branch(git: &Git) -> Result<Option<BranchName>> {
    let output = git.ask("read HEAD", ["symbolic-ref", "--quiet", "HEAD"], &[0, 1])?;
    Ok(BranchName::from_full_ref(&parse::line(&output.stdout)))
}

/// The commit that is checked out; `None` in a repository without one.
pub fn head_commit(git: &Git) -> Result<Option<Oid>> {
    resolve(git, "HEAD")
}

/// The branches whose short name is `prefix` or begins with `prefix/`, and
/// where they are, sorted by name. An empty prefix means all.
pub fn branches_matching(git: &Git, prefix: &str) -> Result<Vec<(BranchName, Oid)>> {
    let pattern = format!("refs/heads/{}", prefix.trim_end_matches('/'));
    let args = [
        "for-each-ref",
        "--format=%(objectname) %(refname)",
        "--",
        &pattern,
    ];
    let answer = git.run("list branches", args)?;
    String::from_utf8_lossy(&answer)
        .lines()
        .filter_map(branch_line)
        .collect()
}

fn branch_line(line: &str) -> Option<Result<(BranchName, Oid)>> {
    let (oid, reference) = line.split_once(' ')?;
    let branch = BranchName::from_full_ref(reference)?;
    Some(Oid::parse(oid).map(|oid| (branch, oid)))
}

#[cfg(test)]
mod tests;
