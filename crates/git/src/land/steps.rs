//! The steps of a landing, in the order that survives a kill at any point.
//!
//! Each does nothing where the branch is checked out nowhere and there is no
//! work tree to move.

use super::{IndexLock, LandError, Place, Record, Site, checkout, overlap, tip};
use crate::diff;
use crate::refs::{self, Updated};
use crate::worktree::admin::{self, HeadOf};

/// One step.
pub(super) type Step = fn(&Site) -> Result<(), LandError>;

/// The work tree moves before the branch: what is visible by the branch has
/// landed, and until then everything can be taken back.
pub(super) const STEPS: &[Step] = &[
    lock_index,
    refuse_overlap,
    copy_index,
    move_work_tree,
    move_branch,
    publish_index,
    release,
    forget,
];

fn checked_out(site: &Site) -> Option<(&Place, &IndexLock)> {
    site.place.as_ref().zip(site.index.as_ref())
}

fn lock_index(site: &Site) -> Result<(), LandError> {
    match checked_out(site) {
        Some((_, index)) => index.take(),
        None => Ok(()),
    }
}

/// Everything is looked at again, now that no other git can write this index.
fn refuse_overlap(site: &Site) -> Result<(), LandError> {
    let Some((place, index)) = checked_out(site) else {
        return Ok(());
    };
    checkout::refuse_busy(&place.git_dir)?;
    let found = tip(&site.layout, &site.record.branch)?;
    if found.as_ref() != Some(&site.record.old) {
        return Err(LandError::Moved { found });
    }
    if admin::head_of(&place.git_dir)? != HeadOf::Branch(site.record.branch.clone()) {
        return Err(LandError::Busy {
            operation: "another branch was just checked out".to_owned(),
            path: place.work_tree.clone(),
        });
    }
    let changes = diff::changes(&site.git(), &site.record.old, &site.record.new)?;
    let paths = overlap::find(site, place, index, &changes)?;
    if paths.is_empty() {
        return Ok(());
    }
    Err(LandError::Overlap { paths })
}

fn copy_index(site: &Site) -> Result<(), LandError> {
    let Some((_, index)) = checked_out(site) else {
        return Ok(());
    };
    index.copy(&index.next())?;
    overlap::refresh(&site.git().index_file(&index.next()))?;
    Ok(index.announce()?)
}

fn move_work_tree(site: &Site) -> Result<(), LandError> {
    let Some((_, index)) = checked_out(site) else {
        return Ok(());
    };
    let args = [
        "read-tree",
        "-m",
        "-u",
        site.record.old.as_str(),
        site.record.new.as_str(),
    ];
    site.git()
        .index_file(&index.next())
        .run("update the work tree", args)?;
    Ok(())
}

fn move_branch(site: &Site) -> Result<(), LandError> {
    let Record {
        branch, old, new, ..
    } = &site.record;
    match refs::update(&site.git(), &branch.full_ref(), new, Some(old), "gt: land") {
        Ok(Updated::Done) => Ok(()),
        Ok(Updated::Moved(found)) => Err(LandError::Moved { found }),
        Err(error) => Err(match site.standing_lock() {
            Some(path) => LandError::ForeignLock { path },
            None => error.into(),
        }),
    }
}

fn publish_index(site: &Site) -> Result<(), LandError> {
    match checked_out(site) {
        Some((_, index)) => Ok(index.publish()?),
        None => Ok(()),
    }
}

pub(super) fn release(site: &Site) -> Result<(), LandError> {
    match checked_out(site) {
        Some((_, index)) => Ok(index.release()?),
        None => Ok(()),
    }
}

pub(super) fn forget(site: &Site) -> Result<(), LandError> {
    Record::remove(&site.layout)?;
    Ok(())
}
