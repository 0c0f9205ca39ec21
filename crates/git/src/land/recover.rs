//! What to do about a landing that was cut short.

use super::checkout::{self, Place};
use super::complete::complete;
use super::index::IndexLock;
use super::roll_back::roll_back;
use super::{LandError, Record, Site, steps, tip};
use crate::layout::Layout;
use crate::{Oid, look, process, ref_lock, refs};

/// What became of the landing that was cut short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// The branch had moved; everything else has followed.
    Completed {
        /// Where the branch is.
        new: Oid,
    },
    /// The branch had not moved; the work tree is as it was.
    RolledBack,
}

/// Which way a landing is settled: by where its branch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Forward,
    Back,
    /// The branch has moved on from the new commit: a person went on working,
    /// with an index of their own making.
    Nothing,
}

/// Settles the landing whose record stands. The caller holds the landing lock.
pub(super) fn settle_record(layout: &Layout) -> Result<Option<Recovered>, LandError> {
    let Some(record) = Record::read(layout)? else {
        return Ok(None);
    };
    process::wait_for_strays(&Record::path(layout))?;
    let place = match &record.git_dir {
        Some(below) => place(layout, below)?,
        None => None,
    };
    settle(&Site::new(layout.clone(), record, place)?).map(Some)
}

/// A worktree that was removed in the meantime needs nothing any more.
fn place(layout: &Layout, below: &std::path::Path) -> Result<Option<Place>, LandError> {
    match look::real(&layout.common().join(below))? {
        Some(git_dir) => checkout::place(layout, &git_dir),
        None => Ok(None),
    }
}

pub(super) fn settle(site: &Site) -> Result<Recovered, LandError> {
    let written = Record::written(&site.layout)?;
    ref_lock::clear(&site.reference_locks(), &site.record.new, written)?;
    let direction = direction(site)?;
    if let Some((place, index)) = site.place.as_ref().zip(site.index.as_ref()) {
        settle_work_tree(site, place, index, direction)?;
        index.release()?;
    }
    steps::forget(site)?;
    Ok(match direction {
        Direction::Back => Recovered::RolledBack,
        Direction::Forward | Direction::Nothing => Recovered::Completed {
            new: site.record.new.clone(),
        },
    })
}

fn direction(site: &Site) -> Result<Direction, LandError> {
    let (old, new) = (&site.record.old, &site.record.new);
    Ok(match tip(&site.layout, &site.record.branch)? {
        Some(at) if at == *new => Direction::Forward,
        Some(at) if at != *old && refs::is_ancestor(&site.git(), new, &at)? => Direction::Nothing,
        _ => Direction::Back,
    })
}

fn settle_work_tree(
    site: &Site,
    place: &Place,
    index: &IndexLock,
    direction: Direction,
) -> Result<(), LandError> {
    let prepared = look::is_there(&index.next())?;
    match direction {
        Direction::Forward if prepared || index.is_ours()? => {
            index.take()?;
            complete(site, index)?;
        }
        Direction::Back if prepared => {
            index.take()?;
            roll_back(site, place, index)?;
        }
        // Forward: the index had been published and the lock given back.
        // Back: nothing had been touched; what is missing, a person removed.
        _ => {}
    }
    Ok(())
}
