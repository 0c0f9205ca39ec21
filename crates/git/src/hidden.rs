//! Files that a clone keeps to itself: what git tracks, what it ignores, and
//! the clone's own list of what to ignore.
//!
//! Only lines that were put in here are taken out, and everybody else's stay
//! as they are. Nothing that is tracked can be hidden.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::layout::Layout;
use crate::lock::Lock;
use crate::{Error, Git, Result, durable, look, parse};

/// Stands before each line of ours.
const OURS: &str = "# plaintown";

const PATIENCE: Duration = Duration::from_secs(10);

/// Whether git tracks a file, named from the root of the work tree.
pub fn is_tracked(git: &Git, path: &str) -> Result<bool> {
    let args = [
        "--literal-pathspecs",
        "ls-files",
        "--error-unmatch",
        "--",
        path,
    ];
    let output = git.ask("look whether a file is tracked", args, &[0, 1])?;
    Ok(output.status == Some(0))
}

/// Whether git passes a file over that it does not track.
pub fn is_ignored(git: &Git, path: &str) -> Result<bool> {
    let args = ["check-ignore", "--quiet", "--", path];
    let output = git.ask("look whether a file is ignored", args, &[0, 1])?;
    Ok(output.status == Some(0))
}

/// Hides a path in all worktrees of a clone; false if it was hidden here
/// before.
pub fn hide(common_dir: &Path, path: &str) -> Result<bool> {
    change(common_dir, |lines| {
        let is_new = place(lines, path).is_none();
        if is_new {
            lines.extend([OURS.to_owned(), pattern(path)]);
        }
        is_new
    })
}

/// Takes back what [`hide`] did; false if it did not.
pub fn show(common_dir: &Path, path: &str) -> Result<bool> {
    change(common_dir, |lines| match place(lines, path) {
        Some(at) => lines.drain(at..at + 2).next().is_some(),
        None => false,
    })
}

/// The work trees of a clone, the main one first.
pub fn work_trees(git: &Git) -> Result<Vec<PathBuf>> {
    let args = ["worktree", "list", "--porcelain", "-z"];
    let answer = git.run("list the worktrees", args)?;
    let lines = answer.split(|byte| *byte == 0);
    let paths = lines.filter_map(|line| line.strip_prefix(b"worktree "));
    Ok(paths.map(parse::path).collect())
}

fn pattern(path: &str) -> String {
    format!("/{path}")
}

fn place(lines: &[String], path: &str) -> Option<usize> {
    let pattern = pattern(path);
    lines
        .windows(2)
        .position(|pair| pair[0] == OURS && pair[1] == pattern)
}

fn change(common_dir: &Path, by: impl FnOnce(&mut Vec<String>) -> bool) -> Result<bool> {
    let layout = Layout::new(common_dir)?;
    let _lock = Lock::acquire(&layout.lock("exclude")?, PATIENCE)?;
    let folder = layout.common().join("info");
    durable::patiently(|| fs::create_dir_all(&folder))
        .map_err(Error::io("make the folder", &folder))?;
    let file = folder.join("exclude");
    // Somebody who keeps it elsewhere has a link here, which stays one.
    let file = look::real(&file)?.unwrap_or(file);
    let text = String::from_utf8_lossy(&durable::read(&file)?.unwrap_or_default()).into_owned();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if !by(&mut lines) {
        return Ok(false);
    }
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let before = look::at(&file)?;
    durable::replace(&file, text.as_bytes())?;
    if let Some(before) = before {
        durable::protect(&file, before.mode() & 0o7777)?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Repo;

    #[test]
    fn hidden_files_are_neither_seen_nor_added_until_they_are_shown() {
        let repo = Repo::new();
        repo.write("a/b.json", "{}");
        let common = repo.work().join(".git");
        let exclude = common.join("info/exclude");
        fs::write(&exclude, "theirs\n/a/b.json.bak\n").expect("it can be written");
        assert!(!is_ignored(&repo.git(), "a/b.json").expect("ran"));
        assert!(hide(&common, "a/b.json").expect("hidden"));
        assert!(!hide(&common, "a/b.json").expect("hidden before"));
        assert!(is_ignored(&repo.git(), "a/b.json").expect("ran"));
        repo.sh(&["add", "--all"]);
        assert!(!is_tracked(&repo.git(), "a/b.json").expect("ran"));
        assert!(show(&common, "a/b.json").expect("shown"));
        assert!(!show(&common, "a/b.json").expect("shown before"));
        let text = fs::read_to_string(&exclude).expect("it is there");
        assert_eq!(text, "theirs\n/a/b.json.bak\n");
    }

    #[test]
    fn what_somebody_else_hid_stays_hidden() {
        let repo = Repo::new();
        let common = repo.work().join(".git");
        let exclude = common.join("info/exclude");
        fs::write(&exclude, "/x\n").expect("it can be written");
        assert!(!show(&common, "x").expect("ran"));
        assert_eq!(fs::read_to_string(&exclude).expect("it is there"), "/x\n");
    }

    #[test]
    fn tracked_is_what_the_index_holds() {
        let repo = Repo::new();
        repo.commit("a*", "1\n");
        repo.write("ab", "2\n");
        assert!(is_tracked(&repo.git(), "a*").expect("ran"));
        assert!(!is_tracked(&repo.git(), "ab").expect("ran"));
        let trees = work_trees(&repo.git()).expect("ran");
        assert_eq!(trees, [repo.work().canonicalize().expect("it is there")]);
    }
}
