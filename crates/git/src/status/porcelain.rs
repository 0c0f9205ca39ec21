//! A pure parser for `git status --porcelain=v2 -z`.

use std::path::PathBuf;

use crate::{Error, Result, parse};

/// How a path differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Staged, changed in the work tree, or both.
    Changed,
    /// Staged as renamed or copied.
    Renamed,
    /// In conflict.
    Unmerged,
    /// Not tracked and not ignored.
    Untracked,
    /// Ignored, where ignored paths were asked for.
    Ignored,
}

/// One path of a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How it differs.
    pub kind: Kind,
    /// git's two letters: index against HEAD, work tree against index; `??`
    /// and `!!` for untracked and ignored.
    pub code: [u8; 2],
    /// The path, relative to the root of the work tree.
    pub path: PathBuf,
    /// Where a renamed path was before.
    pub original: Option<PathBuf>,
}

/// Reads a whole status; header lines are skipped.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Entry>> {
    let mut fields = parse::nul_fields(bytes);
    let mut entries = Vec::new();
    while let Some(field) = fields.next() {
        if field.starts_with(b"#") {
            continue;
        }
        let mut entry = entry(field).ok_or_else(|| Error::parse("status", field))?;
        if entry.kind == Kind::Renamed {
            let original = fields.next().ok_or_else(|| Error::parse("status", field))?;
            entry.original = Some(parse::path(original));
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn entry(field: &[u8]) -> Option<Entry> {
    // How many space-separated columns stand before the path.
    let (kind, columns) = match field.first()? {
        b'1' => (Kind::Changed, 8),
        b'2' => (Kind::Renamed, 9),
        b'u' => (Kind::Unmerged, 10),
        b'?' => (Kind::Untracked, 1),
        b'!' => (Kind::Ignored, 1),
        _ => return None,
    };
    let parts: Vec<_> = field.splitn(columns + 1, |byte| *byte == b' ').collect();
    let code = match kind {
        Kind::Untracked => *b"??",
        Kind::Ignored => *b"!!",
        _ => parts.get(1)?.first_chunk().copied()?,
    };
    Some(Entry {
        kind,
        code,
        path: parse::path(parts.get(columns).filter(|path| !path.is_empty())?),
        original: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Repo, try_person};
    use crate::status::{Scope, dirty};

    #[test]
    fn headers_are_skipped_and_nonsense_is_refused() {
        assert_eq!(parse(b"# branch.oid x\0").expect("headers"), []);
        assert!(parse(b"1 .M N...\0").is_err());
        assert!(parse(b"x what\0").is_err());
        assert!(parse(b"2 R. N... 1 1 1 a b R100 new\0").is_err());
    }

    fn kinds(repo: &Repo) -> Vec<(Kind, String, Option<String>)> {
        let name = |path: &PathBuf| path.to_str().expect("text").to_owned();
        dirty(&repo.git(), Scope::All)
            .expect("ran")
            .iter()
            .map(|entry| {
                (
                    entry.kind,
                    name(&entry.path),
                    entry.original.as_ref().map(name),
                )
            })
            .collect()
    }

    #[test]
    fn spaces_newlines_and_renames_survive() {
        let repo = Repo::new();
        repo.commit("old name", "some text that is long enough\n");
        repo.commit("line\nbreak", "1\n");
        repo.sh(&["mv", "old name", "new name"]);
        repo.write("line\nbreak", "2\n");
        repo.write("-untracked ü", "1\n");
        assert_eq!(
            kinds(&repo),
            [
                (Kind::Changed, "line\nbreak".into(), None),
                (Kind::Renamed, "new name".into(), Some("old name".into())),
                (Kind::Untracked, "-untracked ü".into(), None),
            ]
        );
    }

    #[test]
    fn conflicts_are_unmerged() {
        let repo = Repo::new();
        repo.commit("a b", "1\n");
        repo.sh(&["checkout", "-q", "-b", "side"]);
        repo.commit("a b", "2\n");
        repo.sh(&["checkout", "-q", "main"]);
        repo.commit("a b", "3\n");
        assert!(!try_person(repo.work(), &["merge", "side"]).0);
        assert_eq!(kinds(&repo), [(Kind::Unmerged, "a b".into(), None)]);
    }
}
