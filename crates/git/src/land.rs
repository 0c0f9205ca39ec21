//! Landing a commit on a branch of this clone, also where it is checked out.
//!
//! Promises: the branch moves by compare-and-swap; a work tree that has it
//! checked out moves with it; a person's edit is never overwritten, staged or
//! not, tracked, ignored or deleted. A kill at any point leaves a record from
//! which [`recover`] finishes the landing if the branch had moved, and takes
//! it back if it had not.
//!
//! Never: lands over a merge, rebase or bisect, removes a lock that is not
//! proven ours, or chooses what to land.
//!
//! Order: landing lock, record, index lock, overlap check, work tree, branch,
//! index, index lock away, record away.

mod blob;
mod checkout;
mod complete;
mod index;
mod overlap;
mod record;
mod recover;
mod roll_back;
mod steps;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use recover::Recovered;

use crate::layout::Layout;
use crate::lock::Lock;
use crate::{BranchName, Error, Git, Oid, look, refs};
use checkout::Place;
use index::IndexLock;
use record::Record;

/// What to land where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// The clone's common git folder.
    pub common_dir: PathBuf,
    /// The branch that moves.
    pub branch: BranchName,
    /// Where it must be.
    pub old: Oid,
    /// Where it goes.
    pub new: Oid,
}

/// What a landing came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Landed {
    /// The branch moved; it is checked out nowhere.
    Branch,
    /// The branch moved, and this work tree with it.
    WorkTree(PathBuf),
    /// The branch was there already.
    Already,
}

/// Why a landing changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum LandError {
    /// The branch is not where it was expected.
    #[error("the branch has moved to {}", found.as_ref().map_or("nowhere", Oid::as_str))]
    Moved {
        /// Where it is; `None` when it is gone.
        found: Option<Oid>,
    },
    /// A person's changes are in the way.
    #[error("uncommitted changes are in the way: {}", crate::parse::listed(paths))]
    Overlap {
        /// The paths, relative to the root of the work tree.
        paths: Vec<PathBuf>,
    },
    /// A person is in the middle of something there.
    #[error("{operation} in {}", path.display())]
    Busy {
        /// What is under way.
        operation: String,
        /// The work tree or git folder.
        path: PathBuf,
    },
    /// Another program holds a lock, or died holding it.
    #[error("{} is held by another program, or was left by one", path.display())]
    ForeignLock {
        /// The lock file.
        path: PathBuf,
    },
    /// The branch is checked out more than once.
    #[error(
        "the branch is checked out more than once: {}",
        crate::parse::listed(paths)
    )]
    Several {
        /// The work trees.
        paths: Vec<PathBuf>,
    },
    /// The branch is checked out where a git folder does not say.
    #[error("the branch is checked out, and {} does not say where its work tree is", git_dir.display())]
    NoWorkTree {
        /// The git folder.
        git_dir: PathBuf,
    },
    /// git or the file system failed.
    #[error(transparent)]
    Git(#[from] Error),
}

/// How long another landing in this clone may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Lands, after finishing or taking back what a killed run left half done.
pub fn land(landing: &Landing) -> Result<Landed, LandError> {
    let layout = Layout::new(&landing.common_dir)?;
    let _lock = exclusive(&layout)?;
    recover::settle_record(&layout)?;
    let found = tip(&layout, &landing.branch)?;
    if found.as_ref() == Some(&landing.new) {
        return Ok(Landed::Already);
    }
    if found.as_ref() != Some(&landing.old) {
        return Err(LandError::Moved { found });
    }
    let place = checkout::find(&layout, &landing.branch)?;
    let record = Record::of(landing, &layout, place.as_ref());
    let site = Site::new(layout, record, place)?;
    site.record.write(&site.layout)?;
    run(&site, steps::STEPS)
}

/// Settles what a killed landing left half done; `None` when there is nothing.
pub fn recover(common_dir: &Path) -> Result<Option<Recovered>, LandError> {
    let layout = Layout::new(common_dir)?;
    let _lock = exclusive(&layout)?;
    recover::settle_record(&layout)
}

/// While this is held, whoever wrote the record is done or dead.
fn exclusive(layout: &Layout) -> Result<Lock, LandError> {
    Ok(Lock::acquire(&layout.lock("landing")?, PATIENCE)?)
}

fn tip(layout: &Layout, branch: &BranchName) -> Result<Option<Oid>, LandError> {
    let git = Git::in_git_dir(layout.common());
    Ok(refs::resolve(&git, &branch.full_ref())?)
}

/// Takes the steps. One that fails is undone by the same code that recovers
/// from a kill; when that fails too, the record waits for the next call.
fn run(site: &Site, steps: &[steps::Step]) -> Result<Landed, LandError> {
    for step in steps {
        if let Err(error) = step(site) {
            let _record_stands = recover::settle(site);
            return Err(error);
        }
    }
    Ok(match &site.place {
        Some(place) => Landed::WorkTree(place.work_tree.clone()),
        None => Landed::Branch,
    })
}

/// One landing under way, or to be recovered.
struct Site {
    layout: Layout,
    record: Record,
    place: Option<Place>,
    index: Option<IndexLock>,
}

impl Site {
    fn new(layout: Layout, record: Record, place: Option<Place>) -> Result<Self, LandError> {
        let index = match &place {
            Some(place) => Some(IndexLock::new(&layout, &place.git_dir)?),
            None => None,
        };
        Ok(Self {
            layout,
            record,
            place,
            index,
        })
    }

    /// A command on the right repository, whose process can be found again.
    fn git(&self) -> Git {
        let git = match &self.place {
            Some(place) => Git::at(&place.work_tree)
                .env("GIT_DIR", &place.git_dir)
                .env("GIT_WORK_TREE", &place.work_tree),
            None => Git::in_git_dir(self.layout.common()),
        };
        git.env(crate::process::TASK, Record::path(&self.layout))
    }

    /// The locks that moving the branch takes.
    fn reference_locks(&self) -> Vec<PathBuf> {
        let common = self.layout.common();
        let mut paths = vec![
            common.join(format!("{}.lock", self.record.branch.full_ref())),
            common.join("HEAD.lock"),
        ];
        paths.extend(
            self.place
                .as_ref()
                .map(|place| place.git_dir.join("HEAD.lock")),
        );
        paths.dedup();
        paths
    }

    /// The first of them that is in the way now.
    fn standing_lock(&self) -> Option<PathBuf> {
        self.reference_locks()
            .into_iter()
            .find(|path| look::is_there(path).unwrap_or(false))
    }
}

#[cfg(test)]
mod tests;
