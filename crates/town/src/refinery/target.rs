//! The branch that work lands on: a remote's, where there is one, else the
//! clone's own.

use super::words;
use crate::Town;
use crate::error::Error;
use git::land::{LandError, Landing, land};
use git::remote::{self, Expect, PushError};
use git::{BranchName, Git, Oid, refs};

/// One branch, as the refinery sees it.
#[derive(Debug)]
pub(super) struct Target<'t> {
    town: &'t Town,
    branch: BranchName,
    remote: Option<String>,
}

/// Where the target is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tip {
    /// At this commit.
    At(Oid),
    /// It has to be waited for, for this reason.
    Unknown(String),
}

/// What became of an attempt to move the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Moved {
    /// It is at the new commit.
    Landed,
    /// It was not where it was expected any more, in git's words.
    Elsewhere(String),
    /// It has to wait, for this reason.
    Wait(String),
}

/// How the local branch stands to a remote one.
enum Behind {
    /// It has everything, or is not there.
    Nothing,
    /// It can move forward from this commit.
    At(Oid),
    /// It has commits of its own.
    Diverged,
}

impl<'t> Target<'t> {
    pub(super) fn new(town: &'t Town, branch: BranchName) -> Result<Self, Error> {
        let name = &town.config().remote;
        let remote = remote::has(&town.git(), name)?.then(|| name.clone());
        Ok(Self {
            town,
            branch,
            remote,
        })
    }

    /// As people write it: `main`, `origin/main`.
    pub(super) fn name(&self) -> String {
        match &self.remote {
            Some(remote) => format!("{remote}/{}", self.branch),
            None => self.branch.to_string(),
        }
    }

    /// Looks where the target is now, on the remote if there is one.
    pub(super) fn tip(&self) -> Result<Tip, Error> {
        let found = match &self.remote {
            Some(remote) => remote::fetch(&self.git(), remote, &self.branch),
            None => refs::resolve(&self.git(), &self.branch.full_ref()),
        };
        Ok(match found {
            Ok(Some(tip)) => Tip::At(tip),
            Ok(None) => Tip::Unknown(format!("there is no branch {}", self.name())),
            Err(error) if self.remote.is_some() => {
                Tip::Unknown(format!("{} cannot be reached: {error}", self.name()))
            }
            Err(error) => return Err(error.into()),
        })
    }

    /// Moves the target by compare-and-swap.
    pub(super) fn land(&self, old: &Oid, new: &Oid) -> Result<Moved, Error> {
        match &self.remote {
            Some(remote) => Ok(self.push(remote, old, new)),
            None => self.move_local(old, new),
        }
    }

    fn push(&self, remote: &str, old: &Oid, new: &Oid) -> Moved {
        let expected = Expect::At(old.clone());
        match remote::push_branch(&self.git(), remote, new, &self.branch, &expected) {
            Ok(_) => Moved::Landed,
            Err(PushError::Moved(text)) => Moved::Elsewhere(text),
            // It may have arrived all the same: the next look will tell.
            Err(error) => Moved::Wait(format!("{} cannot be pushed to: {error}", self.name())),
        }
    }

    fn move_local(&self, old: &Oid, new: &Oid) -> Result<Moved, Error> {
        match land(&self.landing(old, new)) {
            Ok(_) => Ok(Moved::Landed),
            Err(error @ LandError::Moved { .. }) => Ok(Moved::Elsewhere(error.to_string())),
            Err(LandError::Git(error)) => Err(error.into()),
            Err(error) => Ok(Moved::Wait(self.obstacle(&error))),
        }
    }

    /// Brings the local branch up to a remote target, if it can simply move
    /// forward and nobody's edits are in the way. Says why where it cannot:
    /// the work has landed all the same.
    pub(super) fn follow(&self, new: &Oid) -> Option<String> {
        self.remote.as_ref()?;
        let branch = &self.branch;
        match self.behind(new) {
            Ok(Behind::Nothing) => None,
            Ok(Behind::Diverged) => {
                Some(format!("local {branch} has commits of its own and stays"))
            }
            Ok(Behind::At(old)) => {
                let error = land(&self.landing(&old, new)).err()?;
                let why = self.obstacle(&error);
                Some(format!("local {branch} stays behind: {why}"))
            }
            Err(error) => Some(format!("local {branch} stays behind: {error}")),
        }
    }

    fn behind(&self, new: &Oid) -> Result<Behind, git::Error> {
        let git = self.git();
        let Some(local) = refs::resolve(&git, &self.branch.full_ref())? else {
            return Ok(Behind::Nothing);
        };
        Ok(if refs::is_ancestor(&git, new, &local)? {
            Behind::Nothing
        } else if refs::is_ancestor(&git, &local, new)? {
            Behind::At(local)
        } else {
            Behind::Diverged
        })
    }

    fn obstacle(&self, error: &LandError) -> String {
        match error {
            LandError::Overlap { paths } => format!(
                "uncommitted changes are in the way where {} is checked out: {}",
                self.branch,
                words::listed(paths)
            ),
            LandError::Busy { .. } => format!("{error}, where {} is checked out", self.branch),
            other => other.to_string(),
        }
    }

    fn landing(&self, old: &Oid, new: &Oid) -> Landing {
        Landing {
            common_dir: self.town.common().to_owned(),
            branch: self.branch.clone(),
            old: old.clone(),
            new: new.clone(),
        }
    }

    fn git(&self) -> Git {
        self.town.git()
    }
}
