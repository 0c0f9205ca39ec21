//! What is wrong with the files of a store, one by one.
//!
//! Looks at every file, and names what it finds; changes nothing.

use crate::error::{Error, Problem};
use crate::layout;
use crate::snapshot::name_to_id;
use crate::store::Store;
use crate::tree::is_temporary;
use model::Address;
use std::path::{Path, PathBuf};
use std::time::Instant;

impl Store {
    /// Every problem of every file: beads, comments, convoys, hooks, tickets,
    /// mail, and what must not be there.
    pub fn problems(&self) -> Result<Vec<Problem>, Error> {
        let mut problems = links(self.tracked().path());
        absorb(&mut problems, self.load().map(|it| it.problems))?;
        absorb(&mut problems, self.convoys().map(|it| it.problems))?;
        absorb(&mut problems, self.hooks().map(|it| it.problems))?;
        absorb(&mut problems, self.tickets().map(|it| it.problems))?;
        for shard in model::id::shards() {
            absorb(&mut problems, self.unreadable_comments(shard))?;
        }
        absorb(&mut problems, self.unreadable_mail())?;
        problems.extend(self.strays());
        problems.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        // A link that a reader met is said once.
        problems.dedup_by(|b, a| a.path == b.path && a.line == b.line);
        Ok(problems)
    }

    fn unreadable_comments(&self, shard: &str) -> Result<Vec<Problem>, Error> {
        let mut problems = Vec::new();
        let folder = format!("{}/{shard}", layout::COMMENTS);
        let Some(dir) = self.tracked().dir(&folder)? else {
            return Ok(problems);
        };
        let since = Instant::now();
        for name in dir.names()?.iter().filter(|name| !name.starts_with('.')) {
            let read = self.read_comment(&dir, name, since);
            absorb(&mut problems, read.map(|_| Vec::new()))?;
        }
        Ok(problems)
    }

    fn unreadable_mail(&self) -> Result<Vec<Problem>, Error> {
        let mut owners = Vec::new();
        crate::listing::walk(self.tracked(), layout::MAIL, "", 4, &mut |path| {
            owners.extend(
                path.rsplit_once('/')
                    .and_then(|(owner, _)| Address::parse(owner).ok()),
            );
        })?;
        owners.sort();
        owners.dedup();
        let mut problems = Vec::new();
        for owner in owners {
            absorb(&mut problems, self.inbox(&owner).map(|it| it.1))?;
        }
        Ok(problems)
    }

    /// Files that no listing finds, because their path is no name.
    fn strays(&self) -> Vec<Problem> {
        let mut problems = self.stray_hooks();
        problems.extend(self.stray(
            layout::CONVOYS,
            is_convoy,
            "is no file of a convoy: its name is no ID with `.yaml`",
        ));
        problems.extend(self.stray(
            layout::MAIL,
            is_mail,
            "is no file of a message: its folder is no agent's whole address",
        ));
        problems
    }

    /// Files among the hooks that are nobody's hook.
    pub fn stray_hooks(&self) -> Vec<Problem> {
        self.stray(
            layout::HOOKS,
            is_hook,
            "is no file of a hook: its path is no agent's whole address",
        )
    }

    fn stray(&self, folder: &str, is_ours: fn(&str) -> bool, what: &str) -> Vec<Problem> {
        let root = self.tracked().path();
        yaml_files(&root.join(folder))
            .filter(|path| {
                let relative = path.strip_prefix(root).unwrap_or(path);
                !is_ours(&relative.to_string_lossy())
            })
            .map(|path| Problem::new(&path, what, "rename or remove it"))
            .collect()
    }
}

/// Adds what was found; a problem that ended the search is one of them.
fn absorb(problems: &mut Vec<Problem>, found: Result<Vec<Problem>, Error>) -> Result<(), Error> {
    match found {
        Ok(found) => problems.extend(found),
        Err(Error::Problem(problem)) => problems.push(problem),
        Err(error) => return Err(error),
    }
    Ok(())
}

fn is_hook(relative: &str) -> bool {
    let address = relative
        .strip_prefix("hooks/")
        .and_then(|path| path.strip_suffix(".yaml"));
    address
        .and_then(|address| Address::parse(address).ok())
        .is_some_and(|agent| layout::hook(&agent).path() == relative)
}

fn is_convoy(relative: &str) -> bool {
    let name = relative.strip_prefix("convoys/").unwrap_or(relative);
    name_to_id(name).is_some()
}

fn is_mail(relative: &str) -> bool {
    let folder = relative.rsplit_once('/').map_or("", |(folder, _)| folder);
    let owner = folder.strip_prefix("mail/").unwrap_or_default();
    Address::parse(owner).is_ok_and(|agent| layout::mail_folder(&agent) == folder)
}

fn yaml_files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"))
        .filter(|path| {
            path.file_name()
                .is_some_and(|it| !is_temporary(&it.to_string_lossy()))
        })
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
