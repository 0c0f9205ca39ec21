//! A merge request that came by git, or was changed by it, accepted.
//!
//! Promises: the refinery merges and tests, without being asked, only what this
//! clone filed, and that exactly as it was filed; everything else waits until a
//! person has seen what it would bring. What is accepted is one commit for one
//! target: git can bring no other in its place.
//!
//! Never: merges or runs anything.

use super::is_pending;
use crate::error::Error;
use crate::refinery::Request;
use crate::sling::target_tip;
use crate::{Town, merge_request, trust, work};
use git::{BranchName, Oid, diff, refs};
use model::{Bead, Id, Status};
use std::path::PathBuf;
use store::Lock;
use store::attempts::Filed;

/// A merge request that may be accepted, with what it would bring.
#[derive(Debug, Clone)]
pub struct Offered {
    /// Its own bead.
    pub bead: Bead,
    /// The bead whose work it is.
    pub source: Id,
    /// The attempt it belongs to.
    pub attempt: u32,
    /// The commit, and the branch it would land on.
    pub filed: Filed,
    /// How many commits the target does not have.
    pub commits: u64,
    /// What differs from where it left the target.
    pub paths: Vec<PathBuf>,
}

/// Where a merge request stands with this clone.
#[derive(Debug, Clone)]
pub enum Standing {
    /// It is merged without being asked about.
    Ours,
    /// It may be accepted.
    Offered(Box<Offered>),
}

/// Whether a merge request may be accepted; what speaks against it is an error.
/// Fetches its branch where the commit is not here, and writes nothing else.
pub fn look(town: &Town, id: &Id) -> Result<Standing, Error> {
    let request = open(town, id)?;
    let merge = &request.merge;
    let wanted = request.host(town.config());
    let own = town.host()?;
    if wanted != own {
        return Err(Error::refused(
            format!("host {wanted} merges {id}, not this clone, which is {own}"),
            format!(
                "accept it there; or `refinery:` with `host: {own}` in .beads/config.yaml makes this clone merge for all"
            ),
        ));
    }
    let filed = Filed {
        head: merge.head.clone(),
        target: merge.target.clone(),
    };
    if merge_request::filed_here(town, &merge.source, request.attempt)?.as_ref() == Some(&filed) {
        return Ok(Standing::Ours);
    }
    check_source(town, &request)?;
    let head = request.head(town)?.ok_or_else(|| {
        Error::refused(
            format!("the commit to merge, {}, is not in this clone", filed.head),
            "`git fetch` may bring it",
        )
    })?;
    let (commits, paths) = brings(town, &head, &merge.target)?;
    Ok(Standing::Offered(Box::new(Offered {
        source: merge.source.clone(),
        attempt: request.attempt,
        filed,
        commits,
        paths,
        bead: request.bead,
    })))
}

/// Remembers that it may be merged as it was shown.
pub fn accept(town: &Town, offered: &Offered) -> Result<(), Error> {
    trust::check_person(town, "accept a merge request")?;
    let locks = [Lock::bead(&offered.source), Lock::bead(&offered.bead.id)];
    let locked = town.lock(&locks)?;
    let request = open(town, &offered.bead.id)?;
    if request.bead != offered.bead {
        return Err(Error::refused(
            format!("{} changed meanwhile", offered.bead.id),
            "repeat the command to see what it is now",
        ));
    }
    let source = check_source(town, &request)?;
    locked.note_filed(&source, &offered.filed, &town.now())?;
    Ok(())
}

fn open(town: &Town, id: &Id) -> Result<Request, Error> {
    let bead = town.store.bead(id)?;
    let over = || {
        Error::refused(
            format!("{id} is no merge request that waits to be merged"),
            "`gt mq list` lists those that do",
        )
    };
    let pending = Some(bead).filter(is_pending).ok_or_else(over)?;
    Request::of(pending).ok_or_else(over)
}

/// Its bead waits for this very merge request.
fn check_source(town: &Town, request: &Request) -> Result<Bead, Error> {
    let (id, attempt) = (&request.merge.source, request.attempt);
    let bead = town.store.bead(id)?;
    let known = town.store.last_attempt(id)?;
    let known = known.map_or(0, |last| last.number).max(bead.attempt);
    if bead.status == Status::Completed && known == attempt {
        if let Some(outlived) = work::outlived(town, &bead)? {
            return Err(outlived.error(town));
        }
        return Ok(bead);
    }
    let message = format!(
        "{} is for attempt {attempt} at {id}, which is {} at attempt {known}",
        request.bead.id, bead.status
    );
    Err(Error::refused(
        message,
        format!("`bd show {id}` says where it stands"),
    ))
}

fn brings(town: &Town, head: &Oid, target: &str) -> Result<(u64, Vec<PathBuf>), Error> {
    let git = town.git();
    let tip = target_tip(town, &BranchName::parse(target)?)?;
    let base = refs::merge_base(&git, &tip, head)?.unwrap_or_else(|| tip.clone());
    let changed = diff::changed_paths(&git, &base, head)?;
    let paths = changed.into_iter().map(|(_, path)| path).collect();
    Ok((refs::count_commits(&git, &tip, head)?, paths))
}
