//! Which paths differ between two trees.

use std::path::{Path, PathBuf};

use crate::{Error, Git, Oid, Result, parse};

/// How a path differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Only in the second tree.
    Added,
    /// Only in the first.
    Deleted,
    /// Other contents or another mode.
    Modified,
    /// Another type, such as a file that became a link.
    TypeChanged,
}

/// One path with both its sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) status: Status,
    pub(crate) path: PathBuf,
    /// `None` when the path is not in the first tree.
    pub(crate) old: Option<Blob>,
    /// `None` when the path is not in the second tree.
    pub(crate) new: Option<Blob>,
}

/// A tree entry: mode, in git's octal digits, and object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    pub(crate) mode: String,
    pub(crate) oid: Oid,
}

/// The paths that differ between two commits or trees, without rename detection.
pub fn changed_paths(git: &Git, a: &Oid, b: &Oid) -> Result<Vec<(Status, PathBuf)>> {
    let changes = changes(git, a, b)?;
    Ok(changes
        .into_iter()
        .map(|change| (change.status, change.path))
        .collect())
}

/// Whether anything at or below `prefix` differs.
pub fn touches(git: &Git, a: &Oid, b: &Oid, prefix: &Path) -> Result<bool> {
    let mut pathspec = std::ffi::OsString::from(":(top,literal)");
    pathspec.push(prefix);
    let args = [
        "diff-tree",
        "-r",
        "--quiet",
        "--no-renames",
        a.as_str(),
        b.as_str(),
        "--",
    ];
    let args = args.iter().map(Into::into).chain([pathspec]);
    let output = git.ask("compare two trees", args, &[0, 1])?;
    Ok(output.status == Some(1))
}

pub(crate) fn changes(git: &Git, a: &Oid, b: &Oid) -> Result<Vec<Change>> {
    let args = [
        "diff-tree",
        "-r",
        "-z",
        "--raw",
        "--no-renames",
        "--no-abbrev",
        a.as_str(),
        b.as_str(),
    ];
    let answer = git.run("compare two trees", args)?;
    let mut fields = parse::nul_fields(&answer);
    let mut changes = Vec::new();
    while let Some(meta) = fields.next() {
        let path = fields
            .next()
            .ok_or_else(|| Error::parse("diff-tree", meta))?;
        changes.push(change(meta, path).ok_or_else(|| Error::parse("diff-tree", meta))?);
    }
    Ok(changes)
}

/// Reads `:<mode> <mode> <object> <object> <status>`.
fn change(meta: &[u8], path: &[u8]) -> Option<Change> {
    let text = std::str::from_utf8(meta).ok()?.strip_prefix(':')?;
    let parts: Vec<_> = text.split(' ').collect();
    let [old_mode, new_mode, old, new, letter] = parts[..] else {
        return None;
    };
    let status = match letter {
        "A" => Status::Added,
        "D" => Status::Deleted,
        "M" => Status::Modified,
        "T" => Status::TypeChanged,
        _ => return None,
    };
    Some(Change {
        status,
        path: parse::path(path),
        old: blob(old_mode, old)?,
        new: blob(new_mode, new)?,
    })
}

fn blob(mode: &str, oid: &str) -> Option<Option<Blob>> {
    let oid = Oid::parse(oid).ok()?;
    let mode = mode.to_owned();
    Some((!oid.is_zero()).then_some(Blob { mode, oid }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Repo;

    #[test]
    fn all_kinds_are_listed() {
        let repo = Repo::new();
        repo.write("gone", "1\n");
        repo.write("odd\nname", "1\n");
        let a = repo.commit("link", "1\n");
        std::fs::remove_file(repo.work().join("gone")).expect("removed");
        std::fs::remove_file(repo.work().join("link")).expect("removed");
        std::os::unix::fs::symlink("target", repo.work().join("link")).expect("linked");
        repo.write("odd\nname", "2\n");
        let b = repo.commit("new/file", "1\n");
        let changed = changed_paths(&repo.git(), &a, &b).expect("ran");
        let expected = [
            (Status::Deleted, "gone"),
            (Status::TypeChanged, "link"),
            (Status::Added, "new/file"),
            (Status::Modified, "odd\nname"),
        ];
        assert_eq!(
            changed,
            expected.map(|(status, path)| (status, PathBuf::from(path)))
        );
    }

    #[test]
    fn prefixes_are_literal_folders() {
        let repo = Repo::new();
        let a = repo.commit("x", "1\n");
        let b = repo.commit(".beads/config.yaml", "1\n");
        let touches = |prefix: &str| touches(&repo.git(), &a, &b, Path::new(prefix)).expect("ran");
        assert!(touches(".beads"));
        assert!(!touches(".bead"));
        assert!(!touches("*"));
    }
}
