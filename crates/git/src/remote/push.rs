//! Writing to a remote, and reading its answer.

use super::checked;
use crate::command::Output;
use crate::{BranchName, Error, Git, Oid, Result};

/// What the remote's branch must be for a push to change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Not there.
    Absent,
    /// Exactly at this commit.
    At(Oid),
    /// Anything that the new commit contains: an ordinary push.
    Any,
}

/// What a push came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The remote has it now.
    Done,
    /// The remote had it already.
    UpToDate,
}

/// Why a push changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The remote's branch is not what was expected: fetch and try again.
    #[error("the remote's branch has moved: {0}")]
    Moved(String),
    /// The remote said no, for example by a hook or a protected branch.
    #[error("the remote refused the push: {0}")]
    Rejected(String),
    /// The push did not get that far.
    #[error(transparent)]
    Git(#[from] Error),
}

/// Pushes `oid` to a branch of the remote, if that is as expected.
pub fn push_branch(
    git: &Git,
    remote: &str,
    oid: &Oid,
    branch: &BranchName,
    expected: &Expect,
) -> Result<Pushed, PushError> {
    let reference = branch.full_ref();
    push(
        git,
        remote,
        &format!("{oid}:{reference}"),
        lease(&reference, expected),
    )
}

/// Deletes a branch of the remote if it is at `expected`; absent is as good.
pub fn delete_remote_branch(
    git: &Git,
    remote: &str,
    branch: &BranchName,
    expected: &Oid,
) -> Result<Pushed, PushError> {
    if super::remote_tip(git, remote, branch)?.is_none() {
        return Ok(Pushed::UpToDate);
    }
    let reference = branch.full_ref();
    let expected = Expect::At(expected.clone());
    push(
        git,
        remote,
        &format!(":{reference}"),
        lease(&reference, &expected),
    )
}

fn lease(reference: &str, expected: &Expect) -> Option<String> {
    match expected {
        Expect::Any => None,
        Expect::Absent => Some(format!("--force-with-lease={reference}:")),
        Expect::At(oid) => Some(format!("--force-with-lease={reference}:{oid}")),
    }
}

fn push(
    git: &Git,
    remote: &str,
    refspec: &str,
    lease: Option<String>,
) -> Result<Pushed, PushError> {
    checked(git, remote)?;
    let mut args = vec!["push", "--porcelain", "--no-verify", "--no-follow-tags"];
    args.extend(lease.as_deref());
    args.extend(["--end-of-options", remote, refspec]);
    let output = git.limited().output("push a branch", &args)?;
    match verdict(&output) {
        Some(verdict) => verdict,
        None => Err(PushError::Git(Error::Failed {
            what: "push a branch".to_owned(),
            args: args.join(" "),
            status: output.status,
            stderr: output.stderr,
        })),
    }
}

/// Reads `<flag>\t<from>:<to>\t<summary>`; `None` when git never got to say it.
fn verdict(output: &Output) -> Option<Result<Pushed, PushError>> {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text
        .lines()
        .find(|line| line.as_bytes().get(1) == Some(&b'\t'))?;
    let summary = line.splitn(3, '\t').nth(2)?;
    match (line.as_bytes()[0], output.status) {
        (b'=', Some(0)) => Some(Ok(Pushed::UpToDate)),
        (b'!', _) => Some(Err(refusal(summary, &output.stderr))),
        (_, Some(0)) => Some(Ok(Pushed::Done)),
        _ => None,
    }
}

fn refusal(summary: &str, stderr: &str) -> PushError {
    const RACES: &[&str] = &[
        "stale info",
        "non-fast-forward",
        "fetch first",
        "already exists",
        "failed to update ref",
        "incorrect old value",
        "cannot lock ref",
        "reference already exists",
    ];
    let mut reason = summary.to_owned();
    if RACES.iter().any(|race| summary.contains(race)) {
        return PushError::Moved(reason);
    }
    for line in stderr
        .lines()
        .filter_map(|line| line.strip_prefix("remote: "))
    {
        reason.push_str("; ");
        reason.push_str(line.trim_end());
    }
    PushError::Rejected(reason)
}
