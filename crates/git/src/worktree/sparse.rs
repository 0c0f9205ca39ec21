//! Once for each clone: a sparse checkout for our worktrees and nobody else's.
//!
//! A conditional include, bound to the names of our admin folders, does what
//! `git sparse-checkout set` would do with `extensions.worktreeConfig`, which
//! makes other implementations of git refuse the repository.

use std::time::Duration;

use crate::layout::Layout;
use crate::lock::Lock;
use crate::{Error, Git, Result, durable};

const FILE: &str = "worktree.gitconfig";
const INCLUDED: &str = "plaintown/worktree.gitconfig";
const CONDITION: &str = "includeIf.gitdir:./worktrees/plaintown-*.path";
const SETTINGS: &str = "\
[core]
\tsparseCheckout = true
\tsparseCheckoutCone = false
[advice]
\tupdateSparsePath = false
";

/// How long somebody else's `git config` may hold the configuration's lock.
const TRIES: u32 = 50;

/// Makes the settings apply, unless they do already.
pub(super) fn ensure(layout: &Layout) -> Result<()> {
    let settings = layout.private().join(FILE);
    if durable::read(&settings)?.as_deref() != Some(SETTINGS.as_bytes()) {
        durable::private_dir(&layout.private())?;
        durable::replace(&settings, SETTINGS.as_bytes())?;
    }
    if is_included(layout)? {
        return Ok(());
    }
    let lock = layout.lock("config")?;
    let _lock = Lock::acquire(&lock, Duration::from_secs(30))?;
    if is_included(layout)? {
        return Ok(());
    }
    include(layout)
}

/// Reads the file, since starting git for it would cost as much as the rest.
fn is_included(layout: &Layout) -> Result<bool> {
    let path = layout.common().join("config");
    let text = durable::read(&path)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    Ok(text
        .lines()
        .map(str::trim)
        .any(|line| line.strip_prefix("path = ") == Some(INCLUDED)))
}

fn include(layout: &Layout) -> Result<()> {
    let git = Git::in_git_dir(layout.common());
    let config = layout.common().join("config");
    let mut tries = 0;
    loop {
        let args = [
            "config".as_ref(),
            "--file".as_ref(),
            config.as_os_str(),
            CONDITION.as_ref(),
            INCLUDED.as_ref(),
        ];
        match git.run("set up sparse worktrees", args) {
            Ok(_) => return Ok(()),
            Err(Error::Failed { stderr, .. })
                if stderr.contains("could not lock") && tries < TRIES =>
            {
                tries += 1;
                std::thread::sleep(Duration::from_millis(100));
            }
            Err(error) => return Err(error),
        }
    }
}
