//! The worktree that commits are tested in, one after the other.

use std::path::Path;

use crate::{Error, Git, Oid, Result, durable, process, repository};

/// Makes the worktree of ours at `path` exactly the tree of `oid`, with HEAD
/// detached there. Changes and untracked files go; ignored files stay, so that
/// a build that keeps its cache in an ignored folder stays fast. Calling it
/// again completes a call that was cut short.
pub fn switch_detached(path: &Path, oid: &Oid) -> Result<()> {
    let git_dir = own_git_dir(path)?;
    process::wait_for_strays(&git_dir)?;
    durable::remove_file(&git_dir.join("index.lock"))?;
    let git = Git::at(path).env(process::TASK, &git_dir);
    git.run(
        "check out a commit",
        ["read-tree", "--reset", "-u", oid.as_str()],
    )?;
    let args = [
        "update-ref",
        "--no-deref",
        "-m",
        "switch",
        "HEAD",
        oid.as_str(),
    ];
    git.run("move HEAD", args)?;
    git.run("clean the worktree", ["clean", "-ffdq"])?;
    Ok(())
}

/// Nobody but us works in our own worktree; anybody may in another.
fn own_git_dir(path: &Path) -> Result<std::path::PathBuf> {
    let found = repository::locate(&Git::at(path))?.map(|located| located.git_dir);
    match found {
        Some(git_dir) if super::admin::marker(&git_dir)?.is_some() => Ok(git_dir),
        _ => Err(Error::Occupied {
            path: path.to_owned(),
            reason: "it is no worktree of ours".to_owned(),
        }),
    }
}
