//! Whether a merge request has landed already, read from the target itself.

use super::message;
use super::queue::Request;
use crate::error::Error;
use git::{Git, Oid, refs};

/// The commit by which a merge request is on the target.
///
/// A landed commit lies on the target's first-parent history after the point
/// where the work began, so the search is bounded by what happened since. Work
/// that a person merged by hand is on the target, too.
pub(super) fn landed(
    git: &Git,
    request: &Request,
    head: Option<&Oid>,
    tip: &Oid,
) -> Result<Option<Oid>, Error> {
    let Some(head) = head else {
        return Ok(None);
    };
    let history = history(git, head, tip)?;
    let ours = history.iter().find(|commit| commit.is_of(request, head));
    if let Some(commit) = ours {
        return Ok(Some(commit.oid.clone()));
    }
    by_hand(git, head, tip, &history)
}

/// The oldest first-parent commit that contains a head which somebody merged;
/// the head itself where the target was moved onto it.
fn by_hand(git: &Git, head: &Oid, tip: &Oid, history: &[Commit]) -> Result<Option<Oid>, Error> {
    if !refs::is_ancestor(git, head, tip)? {
        return Ok(None);
    }
    // Once a commit contains it, all newer ones do.
    let (mut without, mut with) = (history.len(), 0);
    while with + 1 < without {
        let middle = usize::midpoint(with, without);
        if refs::is_ancestor(git, head, &history[middle].oid)? {
            with = middle;
        } else {
            without = middle;
        }
    }
    Ok(Some(
        history.get(with).map_or(head, |commit| &commit.oid).clone(),
    ))
}

/// One commit of the first-parent history.
#[derive(Debug)]
struct Commit {
    oid: Oid,
    parents: Vec<String>,
    bead: String,
    attempt: String,
}

impl Commit {
    fn is_of(&self, request: &Request, head: &Oid) -> bool {
        let squashed = self.parents.len() == 1;
        let merged = self.parents.get(1).is_some_and(|it| it == head.as_str());
        let trailers = (self.bead.as_str(), self.attempt.as_str());
        (squashed || merged) && message::names(&request.merge.source, request.attempt, trailers)
    }
}

/// The target's commits since the work began, newest first.
fn history(git: &Git, head: &Oid, tip: &Oid) -> Result<Vec<Commit>, Error> {
    let range = format!("{head}..{tip}");
    let format = "--format=%H%x00%P%x00%(trailers:key=Bead,valueonly,separator=%x2C)\
                  %x00%(trailers:key=Attempt,valueonly,separator=%x2C)";
    let args = [
        "log",
        "--first-parent",
        "--no-show-signature",
        format,
        &range,
    ];
    let answer = git.run("look for what has landed", args)?;
    let text = String::from_utf8_lossy(&answer);
    text.lines().map(commit).collect()
}

fn commit(line: &str) -> Result<Commit, Error> {
    let mut parts = line.split('\0');
    let mut part = || parts.next().unwrap_or_default();
    Ok(Commit {
        oid: Oid::parse(part())?,
        parents: part().split_whitespace().map(str::to_owned).collect(),
        bead: part().to_owned(),
        attempt: part().to_owned(),
    })
}
