//! The clone that a store lives in: git's own health, and what Plaintown keeps
//! beside git.
//!
//! Asks git and lists files. Never counts the locks that Plaintown keeps for ever.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::document::Document;
use crate::town::Town;

/// One clone, with its common git folder.
pub(super) struct Repository<'a> {
    town: &'a Town,
    clone: &'a Path,
    common: PathBuf,
    host: Option<String>,
}

impl<'a> Repository<'a> {
    pub(super) fn new(town: &'a Town, clone: &'a Path) -> Self {
        let args = ["rev-parse", "--path-format=absolute", "--git-common-dir"];
        let found = town.run_in(clone, "git", &args).ok();
        let common = PathBuf::from(found.text());
        let host = fs::read_to_string(common.join("plaintown/host")).ok();
        Self {
            town,
            clone,
            common,
            host,
        }
    }

    /// What Plaintown keeps for this clone alone.
    pub(super) fn own(&self) -> PathBuf {
        self.common.join("plaintown")
    }

    /// Whether this clone goes by that name. One without a name of its own is taken
    /// for the host of all its hooks.
    pub(super) fn is_host(&self, name: &str) -> bool {
        self.host.as_ref().is_none_or(|host| host.contains(name))
    }

    pub(super) fn is_ancestor(&self, commit: &str, reference: &str) -> bool {
        let args = ["merge-base", "--is-ancestor", commit, reference];
        let answer = self.town.run_in(self.clone, "git", &args);
        !commit.is_empty() && answer.status.success()
    }

    /// The tickets by agent, and what is wrong with their files.
    pub(super) fn tickets(&self) -> (BTreeMap<String, Document>, Vec<String>) {
        let root = self.own().join("tickets");
        let (mut tickets, mut broken) = (BTreeMap::new(), Vec::new());
        for entry in WalkDir::new(&root).into_iter().flatten() {
            if !entry.file_type().is_file() {
                continue;
            }
            match Document::read(&root, entry.path()) {
                Ok(ticket) => {
                    let agent = ticket.text("agent").unwrap_or_default().to_owned();
                    tickets.insert(agent, ticket);
                }
                Err(reason) => broken.push(format!("ticket {reason}")),
            }
        }
        (tickets, broken)
    }

    /// Objects and references are whole, and no lock file is left.
    pub(super) fn broken(&self) -> Vec<String> {
        let mut broken = self.locks();
        let fsck = self.town.run_in(
            self.clone,
            "git",
            &["fsck", "--no-dangling", "--no-progress"],
        );
        if !fsck.status.success() {
            broken.push(fsck.to_string());
        }
        broken
    }

    fn locks(&self) -> Vec<String> {
        let own = self.own();
        // Git's housekeeping starts by itself, in the background, and may be at it.
        let housekeeping = self.common.join("objects/maintenance.lock");
        let files = WalkDir::new(&self.common)
            .into_iter()
            .filter_entry(|entry| entry.path() != own && entry.path() != housekeeping)
            .flatten();
        files
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "lock"))
            .map(|entry| format!("{}: a lock is left", entry.path().display()))
            .collect()
    }
}
