//! One file of a commit, as it is stored: no filter, no text conversion, and a
//! symbolic link is never followed.

use std::path::Path;

use crate::{Error, Git, Oid, Result, parse};

/// What a commit holds at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Missing,
    /// A file with these bytes.
    File(Vec<u8>),
    /// A file of so many bytes, more than the limit.
    TooLarge(u64),
    /// A symbolic link.
    Link,
    /// A folder or a submodule.
    Other,
}

/// Reads the file at `path`, relative to the root of the commit's tree, of at
/// most `limit` bytes.
pub fn at(git: &Git, commit: &Oid, path: &Path, limit: u64) -> Result<Entry> {
    let mut args: Vec<_> = ["ls-tree", "-z", "-l", "--full-tree"]
        .map(Into::into)
        .into();
    args.extend([
        commit.as_str().into(),
        "--".into(),
        path.as_os_str().to_owned(),
    ]);
    let answer = git.run("look for a file in a commit", args)?;
    let Some(end) = answer.iter().position(|byte| *byte == b'\t') else {
        return Ok(Entry::Missing);
    };
    let meta = parse::line(&answer[..end]);
    let words: Vec<&str> = meta.split_whitespace().collect();
    match words[..] {
        ["120000", "blob", ..] => Ok(Entry::Link),
        [_, "blob", oid, size] => {
            let oid = Oid::parse(oid)?;
            let size = size.parse().map_err(|_| Error::parse("ls-tree", &answer))?;
            if size > limit {
                return Ok(Entry::TooLarge(size));
            }
            let args = ["cat-file", "blob", oid.as_str()];
            git.run("read a file of a commit", args).map(Entry::File)
        }
        [_, _, ..] => Ok(Entry::Other),
        _ => Err(Error::parse("ls-tree", &answer)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Repo;
    use crate::refs;

    #[test]
    fn the_stored_bytes_and_nothing_else() {
        let repo = Repo::new();
        repo.write(".gitattributes", "*.txt diff=evil filter=evil\n");
        repo.write("a/b.txt", "one\n");
        std::os::unix::fs::symlink("a/b.txt", repo.work().join("link")).expect("made");
        repo.sh(&["add", "--all"]);
        repo.sh(&["commit", "--quiet", "--message", "files"]);
        repo.write("a/b.txt", "changed\n");
        let canary = repo.root().join("canary");
        let evil = format!("touch {}; cat", canary.display());
        repo.sh(&["config", "diff.evil.textconv", &evil]);
        repo.sh(&["config", "filter.evil.smudge", &evil]);
        let git = repo.git();
        let head = refs::head_commit(&git).expect("ran").expect("there");
        let look = |path: &str, limit| at(&git, &head, Path::new(path), limit).expect("ran");
        assert_eq!(look("a/b.txt", 4), Entry::File(b"one\n".to_vec()));
        assert_eq!(look("a/b.txt", 3), Entry::TooLarge(4));
        assert_eq!(look("link", 100), Entry::Link);
        assert_eq!(look("a", 100), Entry::Other);
        assert_eq!(look("--help", 100), Entry::Missing);
        assert!(!canary.exists());
    }
}
