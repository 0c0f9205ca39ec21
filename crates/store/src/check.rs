//! What is wrong with the files of a store, one by one.
//!
//! Looks at every file, and names what it finds; changes nothing but abandoned
//! temporary files, and those only when told to.

use crate::error::{Error, Problem};
use crate::layout;
use crate::store::Store;
use crate::tree::{Tree, is_temporary};
use std::path::{Path, PathBuf};

impl Store {
    /// Every problem of every file: beads, comments, convoys, hooks, tickets,
    /// mail, and links that must not be there.
    pub fn problems(&self) -> Result<Vec<Problem>, Error> {
        let mut problems = links(self.tracked().path());
        problems.extend(self.load()?.problems);
        problems.extend(self.convoys()?.problems);
        problems.extend(self.hooks()?.problems);
        problems.extend(self.tickets()?.problems);
        problems.extend(self.unreadable_comments()?);
        problems.extend(self.unreadable_mail()?);
        problems.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        problems.dedup();
        Ok(problems)
    }

    /// Temporary files whose writer is gone. Those being written right now are
    /// not among them for long: their writer renames them.
    pub fn temporary_files(&self) -> Vec<PathBuf> {
        let folders = [Some(self.tracked()), self.private()];
        folders
            .into_iter()
            .flatten()
            .flat_map(|tree| files(tree.path()))
            .filter(|path| is_temporary_path(path))
            .collect()
    }

    /// Removes a temporary file, unless its writer is alive.
    pub fn remove_temporary(&self, path: &Path) -> Result<bool, Error> {
        let folders = [Some(self.tracked()), self.private()];
        for tree in folders.into_iter().flatten() {
            let Ok(relative) = path.strip_prefix(tree.path()) else {
                continue;
            };
            return remove_in(tree, relative);
        }
        Ok(false)
    }

    fn unreadable_comments(&self) -> Result<Vec<Problem>, Error> {
        let mut problems = Vec::new();
        for shard in model::id::shards() {
            let folder = format!("{}/{shard}", layout::COMMENTS);
            let Some(dir) = self.tracked().dir(&folder)? else {
                continue;
            };
            for name in dir.names()?.iter().filter(|name| !is_temporary(name)) {
                let content = dir.read(name, self.options().file_limit)?;
                match crate::store::parse_content::<model::Comment>(content, &dir.path().join(name))
                {
                    Err(Error::Problem(problem)) => problems.push(problem),
                    Err(error) => return Err(error),
                    Ok(_) => {}
                }
            }
        }
        Ok(problems)
    }

    fn unreadable_mail(&self) -> Result<Vec<Problem>, Error> {
        let mut owners = Vec::new();
        crate::listing::walk(self.tracked(), layout::MAIL, "", 4, &mut |path| {
            owners.extend(
                path.rsplit_once('/')
                    .and_then(|(owner, _)| model::Address::parse(owner).ok()),
            );
        })?;
        owners.sort();
        owners.dedup();
        let mut problems = Vec::new();
        for owner in owners {
            problems.extend(self.inbox(&owner)?.1);
        }
        Ok(problems)
    }
}

fn remove_in(tree: &Tree, relative: &Path) -> Result<bool, Error> {
    let name = relative.file_name().unwrap_or_default().to_string_lossy();
    let folder = relative
        .parent()
        .map(|path| path.to_string_lossy().into_owned())
        .filter(|path| !path.is_empty());
    match tree.dir(folder.as_deref().unwrap_or("."))? {
        Some(dir) => dir.remove_abandoned(&name),
        None => Ok(false),
    }
}

fn is_temporary_path(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| is_temporary(&name.to_string_lossy()))
}

fn files(root: &Path) -> impl Iterator<Item = PathBuf> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
}

fn links(root: &Path) -> Vec<Problem> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path_is_symlink())
        .map(|entry| {
            Problem::new(
                entry.path(),
                "is a symbolic link, which a store must not hold",
                "replace it by a real file; links in a store are never followed",
            )
        })
        .collect()
}
