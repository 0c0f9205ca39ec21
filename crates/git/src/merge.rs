//! Merges as objects: no work tree, no index, no rebase.

use std::path::PathBuf;

use crate::{Error, Git, Identity, Oid, Result, parse};

/// What two commits come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// They merge.
    Clean {
        /// The tree of the result.
        tree: Oid,
    },
    /// They do not.
    Conflict {
        /// The paths in conflict.
        paths: Vec<PathBuf>,
        /// git's own words, one for each conflict.
        messages: Vec<String>,
    },
}

/// Merges two commits in memory and writes the tree.
pub fn merge_tree(git: &Git, ours: &Oid, theirs: &Oid) -> Result<Merged> {
    let args = [
        "merge-tree",
        "--write-tree",
        "-z",
        "--name-only",
        "--messages",
        ours.as_str(),
        theirs.as_str(),
    ];
    let output = git.ask("merge two commits", args, &[0, 1])?;
    let mut fields = parse::nul_fields(&output.stdout);
    let tree = fields
        .next()
        .ok_or_else(|| Error::parse("merge-tree", b""))?;
    if output.status == Some(0) {
        let tree = Oid::from_line(tree)?;
        return Ok(Merged::Clean { tree });
    }
    let paths = fields
        .by_ref()
        .take_while(|field| !field.is_empty())
        .map(parse::path)
        .collect();
    let messages = messages(fields)?;
    Ok(Merged::Conflict { paths, messages })
}

/// Each message is `<count> <path>… <kind> <text>`; only conflicts are kept.
fn messages<'a>(mut fields: impl Iterator<Item = &'a [u8]>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    while let Some(count) = fields.next() {
        let count: usize = parse::line(count)
            .parse()
            .map_err(|_| Error::parse("merge-tree", count))?;
        let kind = fields.by_ref().nth(count).unwrap_or_default();
        let text = fields.next().unwrap_or_default();
        if kind.starts_with(b"CONFLICT") {
            found.push(parse::line(text));
        }
    }
    Ok(found)
}

/// Writes a commit object. Dates are the clock's, unless `git` carries
/// `GIT_AUTHOR_DATE` and `GIT_COMMITTER_DATE`.
pub fn commit_tree(
    git: &Git,
    tree: &Oid,
    parents: &[Oid],
    message: &str,
    author: &Identity,
    committer: &Identity,
) -> Result<Oid> {
    let mut args = vec!["commit-tree", "--no-gpg-sign", tree.as_str()];
    for parent in parents {
        args.extend(["-p", parent.as_str()]);
    }
    let git = committer
        .commits(&author.authors(git))
        .stdin(message.as_bytes());
    let answer = git.run("write a commit", args)?;
    Oid::from_line(&answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Repo;

    #[test]
    fn clean_merges_give_the_tree_of_both() {
        let repo = Repo::new();
        repo.commit("a", "1\n");
        let theirs = repo.aside(|repo| repo.write("b", "1\n"));
        let ours = repo.commit("c", "1\n");
        let git = Git::in_git_dir(repo.common());
        let Merged::Clean { tree } = merge_tree(&git, &ours, &theirs).expect("ran") else {
            panic!("a conflict");
        };
        assert_eq!(
            repo.sh(&["ls-tree", "--name-only", tree.as_str()]),
            "a\nb\nc"
        );
        let author = Identity::new("A", "a@example.org");
        let committer = Identity::new("C", "c@example.org");
        let dated = git.env("GIT_AUTHOR_DATE", "1700000000 +0000");
        let parents = [ours, theirs];
        let made = commit_tree(
            &dated,
            &tree,
            &parents,
            "m\n\nBead: x\n",
            &author,
            &committer,
        )
        .expect("written");
        let shown = repo.sh(&[
            "show",
            "-s",
            "--format=%an %cn %at %P %(trailers:key=Bead,valueonly)",
            made.as_str(),
        ]);
        assert_eq!(
            shown,
            format!("A C 1700000000 {} {} x", parents[0], parents[1])
        );
    }

    #[test]
    fn conflicts_name_their_paths() {
        let repo = Repo::new();
        repo.commit("a b\nc", "1\n");
        let theirs = repo.aside(|repo| repo.write("a b\nc", "2\n"));
        let ours = repo.commit("a b\nc", "3\n");
        let Merged::Conflict { paths, messages } =
            merge_tree(&repo.git(), &ours, &theirs).expect("ran")
        else {
            panic!("clean");
        };
        assert_eq!(paths, [PathBuf::from("a b\nc")]);
        assert_eq!(messages.len(), 1);
        assert!(
            messages[0].starts_with("CONFLICT (content)"),
            "{messages:?}"
        );
    }
}
