//! The durable note that a landing is under way.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Landing, Place};
use crate::layout::Layout;
use crate::{BranchName, Error, Oid, Result, durable, parse};

const FORMAT: &[u8] = b"landing 1";

/// What is being landed, and in which worktree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) branch: BranchName,
    pub(super) old: Oid,
    pub(super) new: Oid,
    /// Below the common folder, so that a moved clone still finds it; `None`
    /// when the branch is checked out nowhere.
    pub(super) git_dir: Option<PathBuf>,
}

impl Record {
    pub(super) fn of(landing: &Landing, layout: &Layout, place: Option<&Place>) -> Self {
        let below = |place: &Place| match place.git_dir.file_name() {
            Some(name) if place.git_dir != layout.common() => Path::new("worktrees").join(name),
            _ => PathBuf::from("."),
        };
        Self {
            branch: landing.branch.clone(),
            old: landing.old.clone(),
            new: landing.new.clone(),
            git_dir: place.map(below),
        }
    }

    pub(super) fn path(layout: &Layout) -> PathBuf {
        layout.private().join("landing")
    }

    pub(super) fn write(&self, layout: &Layout) -> Result<()> {
        durable::private_dir(&layout.private())?;
        durable::replace(&Self::path(layout), &self.encode())
    }

    /// Reads the record that stands, if one does, and when it was written.
    pub(super) fn read(layout: &Layout) -> Result<Option<Self>> {
        let path = Self::path(layout);
        let Some(bytes) = durable::read(&path)? else {
            return Ok(None);
        };
        let record =
            Self::decode(&bytes).ok_or_else(|| Error::parse("the landing record", &bytes))?;
        Ok(Some(record))
    }

    pub(super) fn written(layout: &Layout) -> Result<SystemTime> {
        let path = Self::path(layout);
        std::fs::metadata(&path)
            .and_then(|meta| meta.modified())
            .map_err(Error::io("read", &path))
    }

    pub(super) fn remove(layout: &Layout) -> Result<()> {
        durable::remove_file(&Self::path(layout))?;
        durable::sync_dir(&layout.private())
    }

    fn encode(&self) -> Vec<u8> {
        let git_dir = self.git_dir.as_deref().map_or(&b""[..], parse::bytes);
        let fields = [
            FORMAT,
            self.branch.as_str().as_bytes(),
            self.old.as_str().as_bytes(),
            self.new.as_str().as_bytes(),
            git_dir,
        ];
        fields.map(|field| [field, b"\0"].concat()).concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let fields: Vec<_> = parse::nul_fields(bytes).collect();
        let [FORMAT, branch, old, new, git_dir] = fields[..] else {
            return None;
        };
        let text = |bytes| std::str::from_utf8(bytes).ok();
        Some(Self {
            branch: BranchName::parse(text(branch)?).ok()?,
            old: Oid::parse(text(old)?).ok()?,
            new: Oid::parse(text(new)?).ok()?,
            git_dir: (!git_dir.is_empty()).then(|| parse::path(git_dir)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::branch;

    #[test]
    fn records_round_trip_and_halves_are_refused() {
        for git_dir in [None, Some(PathBuf::from("worktrees/a\nb"))] {
            let record = Record {
                branch: branch("main"),
                old: Oid::parse(&"a".repeat(40)).expect("digits"),
                new: Oid::parse(&"b".repeat(40)).expect("digits"),
                git_dir,
            };
            let bytes = record.encode();
            assert_eq!(Record::decode(&bytes), Some(record));
            assert_eq!(Record::decode(&bytes[..60]), None);
        }
    }
}
